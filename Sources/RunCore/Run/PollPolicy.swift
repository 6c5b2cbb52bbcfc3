/// How often a provider's status is asked for.
package struct PollPolicy: Sendable, Hashable {
    /// Wait before the first poll.
    package var first: Duration = .seconds(1)
    /// Shortest regular interval.
    package var every: Duration = .seconds(1)
    /// Factor from one interval to the next.
    package var factor: Double = 1.25
    /// Longest regular interval.
    package var max: Duration = .seconds(30)
    /// No interval is shorter, whatever anyone says.
    package var floor: Duration = .milliseconds(250)
    /// The provider forgets a run that is not asked for within this time; nil if it does not.
    package var maxGap: Duration?

    /// The policy of a plugin that says nothing: from 1 s, slower by a quarter each time, up to 30 s.
    package init() {}

    /// A fixed interval, also before the first poll: what `--poll` and a plugin's lone `every` mean.
    package init(every interval: Duration) {
        first = interval
        every = interval
        factor = 1
        max = interval
    }
}
