import Synchronization

/// Counts what is given to the socket of one start, and stops more from following once the start is given up.
///
/// Whoever gives up closes the gate first: what it then reads can no longer change, although the connection still
/// lives on an event loop.
final class RequestGate: Sendable {
    private struct State {
        var bytesGiven = 0
        var hasAnswer = false
        var isRefusedByTLS = false
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Counts bytes that are about to be given to the socket; false if they must not be any more.
    func admit(bytes: Int) -> Bool {
        state.withLock { state in
            if state.isClosed { return false }
            state.bytesGiven += bytes
            return true
        }
    }

    /// Notes that a byte of the answer came.
    func noteAnswer() {
        state.withLock { $0.hasAnswer = true }
    }

    /// Notes that the peer ended the connection with a TLS alert about the handshake.
    ///
    /// Sent before any byte of an answer, it says that the peer never read what followed the handshake.
    func noteTLSAlert() {
        state.withLock { state in
            if !state.hasAnswer { state.isRefusedByTLS = true }
        }
    }

    /// Stops all further bytes.
    ///
    /// - Returns: whether the request may have arrived, so whether any byte was given to the socket and the peer
    ///   did not refuse them all.
    func close() -> Bool {
        state.withLock { state in
            state.isClosed = true
            return state.bytesGiven > 0 && !state.isRefusedByTLS
        }
    }
}
