import RunCore
import Testing

@testable import PluginHost

/// A sample plugin with one action, `act`, and couriers that note which way a request took.
struct CallBench {
    /// Gets what may be repeated.
    let looks: FakeCourier
    /// Gets what is sent once.
    let effects: FakeCourier
    let action: ActionManifest
    private let caller: ActionCaller

    /// `outcomes` answer both kinds of requests, each kind from the first on.
    init(_ action: String, _ outcomes: Transmission..., more: String = "") async throws {
        let source = SamplePlugin.source("\(more) actions = { act = { \(action) } }")
        let connected = try await Bench(source).provider.connected
        self.action = try #require(connected.plugin.manifest.actions["act"])
        looks = FakeCourier(outcomes)
        effects = FakeCourier(outcomes)
        caller = ActionCaller(on: connected, courier: looks) { [effects] (request) async throws(PluginFault) in
            try await effects.send(request)
        }
    }

    /// Calls the action, as a user does.
    func call(_ target: String? = "42", params: [String: JSONValue] = [:]) async throws -> Reply<ActionOutcome> {
        var found = try action.target(target)
        if let named = found {
            guard case .given(.one(let one)) = try await caller.resolve(named, of: action) else {
                throw Bench.Unexpected()
            }
            found = one
        }
        return try await caller.call(action, target: found, params: try action.params(fromValues: params))
    }

    /// What the action gave.
    func outcome(_ target: String? = "42", params: [String: JSONValue] = [:]) async throws -> ActionOutcome {
        guard case .given(let outcome) = try await call(target, params: params) else { throw Bench.Unexpected() }
        return outcome
    }

    /// The plugin's fault that the call ends with.
    func fault() async throws -> PluginFault {
        try #require(await #expect(throws: PluginFault.self) { _ = try await call() })
    }
}
