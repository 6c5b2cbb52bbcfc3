/// How much of a run's exchanges is kept.
package struct ExchangeLimits: Sendable, Hashable {
    /// Bytes of one body.
    package var body: Int
    /// Bytes of all exchanges of a run; the start and the latest exchange are kept beyond it.
    package var run: Int

    /// Limits; the defaults are 64 KiB and 1 MiB.
    package init(body: Int = 65_536, run: Int = 1_048_576) {
        self.body = body
        self.run = run
    }
}
