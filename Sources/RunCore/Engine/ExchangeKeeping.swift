/// Where an engine keeps the exchanges of its runs, and how much of them.
package struct ExchangeKeeping: Sendable {
    let log: any ExchangeLog
    let limits: ExchangeLimits

    /// Keeping in a log, within limits.
    package init(in log: any ExchangeLog, limits: ExchangeLimits = ExchangeLimits()) {
        self.log = log
        self.limits = limits
    }
}
