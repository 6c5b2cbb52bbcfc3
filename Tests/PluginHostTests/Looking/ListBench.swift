import AgentTesting
import RunCore

@testable import PluginHost

/// A sample plugin that lists targets and looks their names up.
struct ListBench {
    let bench: Bench

    init(_ more: String) async throws {
        bench = try await Bench(SamplePlugin.source(more))
    }

    /// What the plugin lists.
    func reply(_ courier: any Courier) async throws -> Reply<[TargetCandidate]> {
        let reply = try await bench.provider.connected.targets(of: bench.provider.operation, through: courier)
        guard let reply else { throw Bench.Unexpected() }
        return reply
    }

    /// The ids of what the plugin lists.
    func list(_ courier: any Courier) async throws -> [String] {
        guard case .given(let targets) = try await reply(courier) else { throw Bench.Unexpected() }
        return targets.map(\.id)
    }

    /// What a name that the user wrote stands for.
    func resolve(_ name: String, _ outcomes: Transmission...) async throws -> Reply<TargetChoice> {
        try await resolve(name, through: FakeCourier(outcomes))
    }

    /// What a name that the user wrote stands for, where the requests matter too.
    func resolve(_ name: String, through courier: any Courier) async throws -> Reply<TargetChoice> {
        var run = Run.sample()
        run.target = try bench.provider.operation.target(name)
        return try await bench.provider.resolve(run, through: courier)
    }
}
