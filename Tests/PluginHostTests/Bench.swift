import AgentTesting
import Rehearsal
import RunCore
import Testing

@testable import PluginHost

/// A sample plugin on a connection, with its steps at hand.
struct Bench {
    let provider: PluginProvider
    let clock = VirtualClock()

    init(
        _ source: String,
        settings: [String: JSONValue] = [:],
        secrets: [String: String] = [:]
    ) async throws {
        let plugin = try await SamplePlugin.load(source)
        let connection = try plugin.connection(
            named: "sample",
            settings: settings,
            secrets: secrets.mapValues { Secret($0) }
        )
        let operation = try #require(plugin.operation(named: nil))
        provider = try await PluginProvider.make(
            plugin,
            operation: operation,
            connection: connection,
            tokens: .fetched(clock)
        )
    }

    /// A run of the plugin.
    func run(remote: [String: JSONValue] = ["id": 7], params: [String: JSONValue] = [:]) -> Run {
        var run = Run.sample(params: params)
        run.remote = remote
        return run
    }

    /// The request that starts a run.
    func start(params: [String: JSONValue] = [:]) async throws -> ProviderRequest {
        try await provider.start(of: run(remote: [:], params: params)).request
    }

    /// What an answer to the start means.
    func verdict(_ status: Int, _ body: String, _ headers: HTTPHeaders = [:]) async throws -> StartVerdict {
        try await provider.verdict(onStart: .sample(status, body, headers), of: run(remote: [:]))
    }

    /// Looks at a run once.
    func poll(_ outcomes: Transmission..., remote: [String: JSONValue] = ["id": 7]) async throws -> PollVerdict {
        try await provider.poll(run(remote: remote), through: FakeCourier(outcomes))
    }

    /// The report that an answer with a JSON body gives.
    func report(_ body: String, _ headers: HTTPHeaders = [:]) async throws -> StatusReport {
        guard case .report(let report) = try await poll(.answer(200, body, headers)) else {
            throw Unexpected()
        }
        return report
    }

    /// The refusal that an answer is; nil if it is none.
    func refusal(_ status: Int, _ body: String, _ headers: HTTPHeaders = [:]) async throws -> Refusal? {
        guard case .refused(let refusal) = try await poll(.answer(status, body, headers)) else { return nil }
        return refusal
    }

    /// The plugin's fault that a step ends with.
    func fault(of step: () async throws -> some Sendable) async throws -> PluginFault {
        try #require(await #expect(throws: PluginFault.self) { _ = try await step() })
    }

    /// The provider gave no report where one was expected.
    struct Unexpected: Error {}
}
