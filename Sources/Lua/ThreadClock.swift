import CLua

/// The CPU time of one thread, which every thread can read while that one lives.
package struct ThreadClock: Sendable {
    private let id: Int32

    /// The clock of the thread that asks.
    static var current: ThreadClock { ThreadClock(id: clua_thread_clock()) }

    /// CPU time that the thread has used since it began.
    package var time: Duration { .nanoseconds(clua_thread_clock_time(id)) }
}
