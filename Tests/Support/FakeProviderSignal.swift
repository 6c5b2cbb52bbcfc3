import Synchronization

/// Lets a reply wait until the test says so, or a test until a reply does.
package final class FakeProviderSignal: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation
    private let opened = Atomic(false)

    /// Whether it was opened.
    package var isOpen: Bool { opened.load(ordering: .acquiring) }

    package init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Lets all go on who wait, or ever will.
    package func open() {
        opened.store(true, ordering: .releasing)
        continuation.finish()
    }

    /// Returns once the signal is open, or the task is cancelled.
    package func wait() async {
        for await _ in stream {}
    }
}
