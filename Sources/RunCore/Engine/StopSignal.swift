import Synchronization

/// Carries why a driving task is being cancelled, from the signal handler to the driver.
package final class StopSignal: Sendable {
    private let storage = Mutex<StopReason>(.interrupt)

    /// A signal that says interrupt until a handler sets something else.
    package init() {}

    /// Why; an interrupt unless someone said otherwise.
    package var reason: StopReason {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}
