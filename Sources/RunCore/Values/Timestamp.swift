package import FoundationEssentials

/// A point in wall-clock time, in whole milliseconds since 1970-01-01 UTC.
package struct Timestamp: Sendable, Hashable, Comparable, Codable {
    /// Milliseconds since 1970-01-01 UTC.
    package let milliseconds: Int64

    /// A time from milliseconds since 1970-01-01 UTC; negative ones lie before.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The time of a `Date`, cut to milliseconds.
    package init(_ date: Date) {
        // A date holds binary fractions: one made of whole milliseconds may lie a trifle below them.
        let microseconds = (date.timeIntervalSince1970 * 1_000_000).rounded()
        self.init(milliseconds: Int64((microseconds / 1000).rounded(.down)))
    }

    /// Reads the milliseconds from a plain number.
    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Writes the milliseconds as a plain number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    /// Whether the left time is the earlier one.
    package static func < (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.milliseconds < rhs.milliseconds }

    /// The time after a duration; the first or last possible one if it would lie beyond.
    package static func + (lhs: Timestamp, rhs: Duration) -> Timestamp {
        let (sum, isTooLarge) = lhs.milliseconds.addingReportingOverflow(rhs.inMilliseconds)
        return Timestamp(milliseconds: isTooLarge ? (rhs < .zero ? .min : .max) : sum)
    }

    /// The time that passed from the right time to the left; negative if that is the earlier one.
    package static func - (lhs: Timestamp, rhs: Timestamp) -> Duration {
        .milliseconds(lhs.milliseconds) - .milliseconds(rhs.milliseconds)
    }
}
