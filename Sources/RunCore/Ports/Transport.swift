/// Sends requests of one connection: over the network, to an in-process simulator, or from recorded exchanges.
///
/// Never follows a redirect and never repeats a request: both are the engine's to decide.
package protocol Transport: Sendable {
    /// Sends a start: over a connection of its own, used once, so that the bytes given to it can be counted.
    ///
    /// `listener` hears the answer's body piece by piece while it comes; the answer has it whole as well.
    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission

    /// Sends a request that may be repeated, over pooled connections.
    func send(_ request: ProviderRequest) async -> Transmission

    /// Sends a request whose answer may be large. The body of an answer that `receiver` accepts goes to it in
    /// pieces; of any other, up to 1 MiB come back with the answer.
    ///
    /// An error that the receiver throws ends the transfer and is thrown again.
    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission
}

extension Transport {
    /// Sends a start whose answer nobody listens to while it comes.
    package func start(_ request: ProviderRequest) async -> Transmission { await start(request, listener: nil) }
}
