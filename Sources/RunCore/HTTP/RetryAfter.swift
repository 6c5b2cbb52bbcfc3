/// Reads the `Retry-After` field (RFC 9110 section 10.2.3) in both its forms.
package enum RetryAfter {
    /// How long to wait, counted from the answer: a date counts from the answer's own `Date`, so that a wrong
    /// clock here or there does not matter; nil when the field is absent or unreadable.
    package static func delay(in headers: HTTPHeaders, receivedAt now: Timestamp) -> Duration? {
        guard let field = headers["retry-after"] else { return nil }
        let words = field.split(separator: " ")
        let isNumber = words.first?.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) } ?? false
        if words.count == 1, isNumber, let seconds = Double(words[0]) { return Duration(clampedSeconds: seconds) }
        guard let date = httpDate(field) else { return nil }
        let reference = headers["date"].flatMap(httpDate) ?? now
        return max(date - reference, .zero)
    }

    /// Reads an HTTP date (RFC 9110 section 5.6.7) in any of its three forms; nil for anything else.
    package static func httpDate(_ text: String) -> Timestamp? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT": return time(day: words[1], month: words[2], year: words[3], clock: words[4])
        case 5: return time(day: words[2], month: words[1], year: words[4], clock: words[3])
        default: return nil
        }
    }

    private static func time(day: String, month: String, year: String, clock: String) -> Timestamp? {
        guard let month = months.firstIndex(of: month), let day = Int(day), let year = Int(year) else { return nil }
        // Two-digit years (RFC 850): 70 and later are of the last century.
        let fullYear = year < 70 ? year + 2000 : year < 100 ? year + 1900 : year
        return Timestamp(rfc3339: "\(fullYear)-\(twoDigits(month + 1))-\(twoDigits(day))T\(clock)Z")
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
