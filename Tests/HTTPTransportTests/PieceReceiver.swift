import RunCore
import Synchronization

/// Keeps what a download brings, and can stop or refuse it.
final class PieceReceiver: DownloadReceiver {
    private struct State {
        var head: ProviderResponse?
        var bytes: [UInt8] = []
        var pieces = 0
    }

    private let state = Mutex(State())
    private let accepts: @Sendable (ProviderResponse) throws(ArtifactError) -> Bool
    private let onPiece: @Sendable (_ number: Int) async throws(ArtifactError) -> Void

    init(
        accepts: @escaping @Sendable (ProviderResponse) throws(ArtifactError) -> Bool = { _ in true },
        onPiece: @escaping @Sendable (_ number: Int) async throws(ArtifactError) -> Void = { _ in }
    ) {
        self.accepts = accepts
        self.onPiece = onPiece
    }

    var head: ProviderResponse? { state.withLock { $0.head } }
    var bytes: [UInt8] { state.withLock { $0.bytes } }

    func accept(_ head: ProviderResponse) async throws(ArtifactError) -> Bool {
        state.withLock { $0.head = head }
        return try accepts(head)
    }

    func receive(_ bytes: [UInt8]) async throws(ArtifactError) {
        let number = state.withLock { state in
            state.bytes += bytes
            state.pieces += 1
            return state.pieces
        }
        try await onPiece(number)
    }
}
