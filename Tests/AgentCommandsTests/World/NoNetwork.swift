import AgentCommands
import Logging
import PluginHost
import RunCore
import Testing

/// The network of a test that said nothing about one: using it is a failure.
struct NoNetwork: Network {
    func withTransport<Result: Sendable>(
        for connected: PluginConnection,
        settings: HostSettings,
        logger: Logger,
        _ body: (any Transport) async throws -> Result
    ) async throws -> Result {
        Issue.record("a test without a network wanted to reach \(connected.plugin.manifest.name)")
        throw CommandError(.internalFault, "no_network", "this test has no network")
    }
}
