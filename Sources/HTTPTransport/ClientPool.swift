import AsyncHTTPClient
import Synchronization

/// Keeps one HTTP client for each route in use.
final class ClientPool: Sendable {
    private struct State {
        var clients: [Route: HTTPClient] = [:]
        var isShutDown = false
    }

    private let factory: ClientFactory
    private let state = Mutex(State())

    init(_ factory: ClientFactory) {
        self.factory = factory
    }

    /// The client for a route, made at its first request; nil once the pool is shut down.
    func client(for route: Route) -> HTTPClient? {
        state.withLock { state in
            if state.isShutDown { return nil }
            if let client = state.clients[route] { return client }
            let client = factory.pooledClient(for: route)
            state.clients[route] = client
            return client
        }
    }

    /// Closes all connections, also those in use.
    ///
    /// The second time, does nothing.
    func shutdown() async {
        let clients = state.withLock { state in
            state.isShutDown = true
            defer { state.clients = [:] }
            return Array(state.clients.values)
        }
        for client in clients {
            // Fails only if it was shut down before.
            try? await client.shutdown()
        }
    }
}
