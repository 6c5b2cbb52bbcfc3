import Foundation
package import PluginHost
package import RunCore

/// A transport to a simulator in the same process.
package struct SimulatorTransport: Transport {
    private let simulator: Simulator

    /// A transport whose every request goes to this simulator, whatever its host.
    package init(_ simulator: Simulator) {
        self.simulator = simulator
    }

    /// Asks the simulator as for any other request: a start cannot get lost here.
    package func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        let outcome = await send(request)
        if case .answered(let answer) = outcome, (200..<300).contains(answer.status) { listener?(answer.body) }
        return outcome
    }

    /// Asks the simulator; fails only for a URL that is none.
    package func send(_ request: ProviderRequest) async -> Transmission {
        guard let parts = URLComponents(string: request.url) else {
            return .failed(TransportFailure(.forbidden, "'\(request.url)' is no URL", mayHaveArrived: false))
        }
        let target = parts.percentEncodedPath + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
        var answer = await simulator.answer(
            SimulatorRequest(
                method: request.method,
                target: target,
                headers: request.headers,
                body: request.body ?? []
            )
        )
        answer.url = request.url
        return .answered(answer)
    }

    /// Asks the simulator and hands an accepted body on in one piece.
    package func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        let outcome = await send(request)
        guard case .answered(var answer) = outcome, try await receiver.accept(answer) else { return outcome }
        try await receiver.receive(answer.body)
        answer.body = []
        return .answered(answer)
    }
}
