import Synchronization

/// What an entry came to, for the one who waits: of several answers the first counts.
final class Answer<Value: Sendable>: Sendable {
    private let waiting: Mutex<CheckedContinuation<Result<Value, LuaFailure>, Never>?>

    init(_ continuation: CheckedContinuation<Result<Value, LuaFailure>, Never>) {
        waiting = Mutex(continuation)
    }

    func give(_ result: Result<Value, LuaFailure>) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: result)
    }
}
