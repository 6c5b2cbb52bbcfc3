import HTTPTransport
package import Logging
package import PluginHost
package import RunCore

/// Makes the transport of a connection.
package protocol Network: Sendable {
    /// Runs `body` with a transport that is closed afterwards.
    ///
    /// - Throws: `CommandError` when the connection's settings cannot be used.
    func withTransport<Result: Sendable>(
        for connected: PluginConnection,
        settings: HostSettings,
        logger: Logger,
        _ body: (any Transport) async throws -> Result
    ) async throws -> Result
}

/// The real network.
struct RealNetwork: Network {
    let environment: [String: String]

    func withTransport<Result: Sendable>(
        for connected: PluginConnection,
        settings: HostSettings,
        logger: Logger,
        _ body: (any Transport) async throws -> Result
    ) async throws -> Result {
        let transport = try HTTPTransport(settings: try transportSettings(connected, settings), logger: logger)
        do {
            let result = try await body(transport)
            await transport.shutdown()
            return result
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    private func transportSettings(
        _ connected: PluginConnection,
        _ settings: HostSettings
    ) throws -> TransportSettings {
        let entries = try connected.origins.entries.map {
            NetworkPolicy.Entry(try Origin(url: $0.origin), isConfigured: $0.isConfigured)
        }
        var transport = TransportSettings(policy: NetworkPolicy(entries))
        transport.caFile = settings.caFile
        transport.clientCertificate = settings.clientCertificate
        transport.clientKey = settings.clientKey
        transport.insecure = settings.insecure
        transport.proxy = settings.proxy
        transport.environment = environment
        transport.concurrency = settings.requestsAtOnce(of: connected.plugin)
        transport.userAgent = "agent/\(AgentVersion.text)"
        return transport
    }
}
