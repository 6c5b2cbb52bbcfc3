extension Timestamp {
    /// Reads RFC 3339 text, with or without a fraction, which is cut to milliseconds; nil for anything else.
    package init?(rfc3339 text: String) {
        var rest = text.utf8[...]
        guard let year = Self.takeDigits(4, &rest), Self.take("-", &rest), let month = Self.takeDigits(2, &rest),
            Self.take("-", &rest), let day = Self.takeDigits(2, &rest), Self.take("Tt", &rest),
            let hour = Self.takeDigits(2, &rest), Self.take(":", &rest), let minute = Self.takeDigits(2, &rest),
            Self.take(":", &rest), let second = Self.takeDigits(2, &rest),
            let fraction = Self.takeFraction(&rest), let offset = Self.takeOffset(&rest), rest.isEmpty,
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        guard Self.date(ofDay: days) == (year, month, day) else { return nil }
        let seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        self.init(milliseconds: seconds * 1000 + fraction)
    }

    /// The time as RFC 3339 text in UTC with milliseconds, such as `2026-11-21T08:09:19.250Z`.
    package var rfc3339: String {
        let (days, time) = Self.divide(milliseconds, by: 86_400_000)
        let (year, month, day) = Self.date(ofDay: days)
        let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
        let clock = "\(Self.padded(time / 3_600_000, 2)):\(Self.padded(time / 60_000 % 60, 2))"
        return "\(date)T\(clock):\(Self.padded(time / 1000 % 60, 2)).\(Self.padded(time % 1000, 3))Z"
    }

    /// The time as HTTP writes it (RFC 9110 section 5.6.7), such as `Sat, 21 Nov 2026 08:09:19 GMT`.
    package var httpDate: String {
        let (days, time) = Self.divide(milliseconds, by: 86_400_000)
        let (year, month, day) = Self.date(ofDay: days)
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekday = weekdays[Int(Self.divide(days, by: 7).1)]
        let date = "\(Self.padded(day, 2)) \(months[Int(month - 1)]) \(Self.padded(year, 4))"
        let clock = "\(Self.padded(time / 3_600_000, 2)):\(Self.padded(time / 60_000 % 60, 2))"
        return "\(weekday), \(date) \(clock):\(Self.padded(time / 1000 % 60, 2)) GMT"
    }

    // MARK: - Calendar

    /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar; of one that is in no calendar, any other.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        // Years that begin in March have their leap day at the end.
        let (era, yearOfEra) = divide(month <= 2 ? year - 1 : year, by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date that lies that many days after 1970-01-01.
    private static func date(ofDay days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, day) = divide(days + 719_468, by: 146_097)
        let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// Quotient and remainder; the remainder is never below zero.
    private static func divide(_ number: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    // MARK: - Text

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        let zeros = String(repeating: "0", count: Swift.max(width - digits.utf8.count, 0))
        return (number < 0 ? "-" : "") + zeros + digits
    }

    private static func takeDigits(_ count: Int, _ rest: inout Substring.UTF8View) -> Int64? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func take(_ one: String, _ rest: inout Substring.UTF8View) -> Bool {
        guard let first = rest.first, one.utf8.contains(first) else { return false }
        rest.removeFirst()
        return true
    }

    /// Milliseconds; zero where there is no fraction.
    private static func takeFraction(_ rest: inout Substring.UTF8View) -> Int64? {
        guard take(".", &rest) else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return (Array(digits.prefix(3)) + [0x30, 0x30]).prefix(3).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Minutes ahead of UTC.
    private static func takeOffset(_ rest: inout Substring.UTF8View) -> Int64? {
        if take("Zz", &rest) { return 0 }
        let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard take("+-", &rest), let hours = takeDigits(2, &rest) else { return nil }
        // Many providers leave out the colon.
        _ = take(":", &rest)
        guard let minutes = takeDigits(2, &rest), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
