/// The `Content-Range` of an answer (RFC 9110 section 14.4).
struct ContentRange: Equatable {
    /// The first byte and the one behind the last; nil where no range could be served (416).
    let bytes: Range<Int64>?
    /// The size of the whole file; nil where the server does not know it.
    let total: Int64?

    /// Reads `bytes 5-9/10`, `bytes 5-9/*` or `bytes */10`; nil for anything else.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let halves = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        total = Self.number(halves[1])
        guard total != nil || halves[1] == "*" else { return nil }
        if halves[0] == "*" {
            guard total != nil else { return nil }
            bytes = nil
            return
        }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map(Self.number)
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last < total ?? .max else {
            return nil
        }
        bytes = first..<last + 1
    }

    private static func number(_ digits: Substring) -> Int64? {
        digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(digits) : nil
    }
}
