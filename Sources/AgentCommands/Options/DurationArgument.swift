import ArgumentParser
import RunCore

/// A duration argument such as `10s`, `5m` or `PT1H`.
struct DurationArgument: ExpressibleByArgument, Sendable {
    let duration: Duration

    init?(argument: String) {
        guard let duration = Duration(text: argument) else { return nil }
        self.duration = duration
    }
}
