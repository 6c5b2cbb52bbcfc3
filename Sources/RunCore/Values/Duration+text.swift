extension Duration {
    /// Whole milliseconds, cut towards zero; the nearest that can be told for more than 292 million years.
    package var inMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooLarge) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isOverLimit) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return isTooLarge || isOverLimit ? (seconds < 0 ? .min : .max) : sum
    }

    /// A number of seconds as a plugin or a provider gives it; below zero and no number are none, and no duration is
    /// above 10,000 days.
    package init(clampedSeconds seconds: Double) {
        self = seconds > 0 ? .seconds(min(seconds, 864_000_000)) : .zero
    }

    /// Seconds with their fraction.
    package var inSeconds: Double { Double(inMilliseconds) / 1000 }

    /// Reads `250ms`, `10s`, `5m`, `2h`, `1d`, sums of them (`1h30m`), or ISO 8601 (`PT1H30M`, `P1D`); nil for
    /// anything else, and for a duration below zero or above 10,000 days.
    package init?(text: String) {
        let parsed = text.hasPrefix("P") ? Self.parseISO8601(text.dropFirst()) : Self.parseUnits(text[...])
        guard let parsed, parsed <= .seconds(864_000_000) else { return nil }
        self = parsed
    }

    /// The shortest text of the form that `init(text:)` reads, such as `1h30m`, `10s` or `250ms`.
    package var text: String {
        var rest = inMilliseconds
        if rest <= 0 { return "0s" }
        var output = ""
        for (unit, size) in [("d", Int64(86_400_000)), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)]
        where rest >= size {
            output += "\(rest / size)\(unit)"
            rest %= size
        }
        return output
    }

    private static func parseUnits(_ text: Substring) -> Duration? {
        var rest = text
        var total = Duration.zero
        while !rest.isEmpty {
            guard let value = takeNumber(&rest) else { return nil }
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let size = unitSizes[String(unit)], let part = product(value, size) else { return nil }
            total += part
        }
        return text.isEmpty ? nil : total
    }

    private static let unitSizes: [String: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400]

    private static func parseISO8601(_ text: Substring) -> Duration? {
        var rest = text
        var total = Duration.zero
        var inTime = false
        var found = false
        while let next = rest.first {
            if next == "T" {
                guard !inTime else { return nil }
                inTime = true
                found = false
                rest.removeFirst()
                continue
            }
            guard let value = takeNumber(&rest), let letter = rest.popFirst(),
                let size = (inTime ? timeSizes : dateSizes)[letter], let part = product(value, size)
            else { return nil }
            total += part
            found = true
        }
        return found ? total : nil
    }

    private static let dateSizes: [Character: Double] = ["W": 604_800, "D": 86_400]
    private static let timeSizes: [Character: Double] = ["H": 3600, "M": 60, "S": 1]

    /// Whole milliseconds: fractions of binary numbers would add up.
    private static func product(_ value: Double, _ seconds: Double) -> Duration? {
        let milliseconds = (value * seconds * 1000).rounded()
        return milliseconds < 1e15 ? .milliseconds(Int64(milliseconds)) : nil
    }

    private static func takeNumber(_ rest: inout Substring) -> Double? {
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        return value
    }
}
