extension PollPolicy {
    /// The wait before the first poll, varied by `chance`.
    package func firstDelay(chance: Double) -> Duration {
        bounded(vary(first, by: chance, lowest: .zero))
    }

    /// The interval that follows `previous`, and the wait it gives now.
    ///
    /// `chance`, a random number from 0 up to 1, varies the wait by ten per cent, never below `every`.
    package func next(after previous: Duration?, chance: Double) -> (interval: Duration, wait: Duration) {
        guard let previous else { return (every, bounded(vary(every, by: chance, lowest: every))) }
        let interval = min(previous * factor, Swift.max(max, every))
        return (interval, bounded(vary(interval, by: chance, lowest: every)))
    }

    /// The wait after `failures` failed status calls in a row: full jitter over a doubling range up to 30 s, at
    /// least the regular shortest interval.
    package func delay(afterFailures failures: Int, chance: Double) -> Duration {
        bounded(Swift.max(range(afterFailures: failures) * chance, min(every, .seconds(30))))
    }

    /// The wait before a start that did not arrive is sent again: full jitter, whatever the polls' interval is.
    package func startDelay(afterFailures failures: Int, chance: Double) -> Duration {
        Swift.max(range(afterFailures: failures) * chance, floor)
    }

    private func range(afterFailures failures: Int) -> Duration {
        .seconds(min(1 << min(failures, 5), 30))
    }

    private func vary(_ duration: Duration, by chance: Double, lowest: Duration) -> Duration {
        factor == 1 && duration == every ? duration : Swift.max(duration * (0.9 + 0.2 * chance), lowest)
    }

    private func bounded(_ wait: Duration) -> Duration {
        Swift.max(min(wait, maxGap ?? wait), floor)
    }
}
