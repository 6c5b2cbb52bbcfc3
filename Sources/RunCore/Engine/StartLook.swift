/// What a look for a start that may have arrived gave.
package struct StartLook: Sendable, Hashable {
    /// What the provider's list shows, without the runs that other runs of ours hold.
    package let reply: Reply<FoundRuns>
    /// The provider's clock; nil if its answers have no date.
    package let clock: ProviderClock?
    /// Another run of ours whose start may be the one that is seen; nil if there is none.
    package let rival: RunID?

    /// What was seen.
    package init(_ reply: Reply<FoundRuns>, clock: ProviderClock?, rival: RunID?) {
        self.reply = reply
        self.clock = clock
        self.rival = rival
    }
}

/// When, by the provider's clock, a start that may have arrived would have begun its run.
struct StartWindow {
    private let begin: Timestamp
    private let end: Timestamp

    /// A window that ends `delay` after the start must have left.
    init(_ settling: Settling, _ clock: ProviderClock, delay: Duration) {
        begin = settling.sentAt + (clock.offset - clock.margin)
        end = settling.lostAt + (clock.offset + delay + clock.margin)
    }

    func contains(_ time: Timestamp) -> Bool { begin <= time && time <= end }
}
