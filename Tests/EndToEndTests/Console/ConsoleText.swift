import Foundation

/// Compares what a document shows with what was printed, but for what differs from one time to the next.
struct ConsoleText {
    /// What varies, and what stands for it; in this order.
    private static let patterns: [(pattern: String, replacement: String)] = [
        (#"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"#, "<uuid>"),
        (#"\b[0-9a-f]{12,}…?"#, "<digest>"),
        (#"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?"#, "<time>"),
        (#"(127\.0\.0\.1|localhost):\d+"#, "$1:<port>"),
        (#"\b\d{1,2}:\d\d(:\d\d)?\b"#, "<duration>"),
        (#"\b\d+(\.\d+)? ?(ms|s)\b"#, "<duration>"),
        (#"\b(process|pid) \d+"#, "$1 <id>"),
        (#""polls": ?\d+"#, #""polls":<count>"#),
        (#"(?<![\d.])\d+\.\d+\.\d+(-[a-z0-9.]+)?(?![\d.])"#, "<version>"),
        (#"(?<![\w:/.~])/(?:[^\s/"',:]+/)+"#, "<path>/"),
        (runID, "<run>"),
        (#"\s+"#, " "),
    ]

    /// The agent's ids: 10 digits and letters without i, l, o and u.
    private static let runID = #"\b[0-9a-hjkmnp-tv-z]{10}\b"#

    /// What a document's commands name and each session has its own: ids of runs, here and at the provider.
    private static let names = [runID, patterns[0].pattern]

    /// The names in the document, and what stands for them in this session.
    private(set) var names: [String: String] = [:]

    /// The document's text with the names of this session.
    func translated(_ text: String) -> String {
        names.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
    }

    /// Compares lines, and learns the names in them.
    mutating func matches(_ expected: [String], _ actual: [String]) -> Bool {
        let (expected, actual) = (Self.trimmed(expected), Self.trimmed(actual))
        guard let pairs = Self.pairs(expected[...], actual[...]) else { return false }
        for (shown, printed) in pairs {
            for pattern in Self.names {
                for (name, value) in zip(Self.parts(pattern, in: shown), Self.parts(pattern, in: printed)) {
                    names[name] = value
                }
            }
        }
        return true
    }

    /// The text with what varies replaced.
    static func normalised(_ line: String) -> String {
        patterns.reduce(line) { text, rule in
            text.replacingOccurrences(of: rule.pattern, with: rule.replacement, options: .regularExpression)
        }.trimmingCharacters(in: .whitespaces)
    }

    /// Which printed line stands for which shown one; nil if they differ.
    ///
    /// A line `...` stands for any number of lines.
    private static func pairs(
        _ expected: ArraySlice<String>,
        _ actual: ArraySlice<String>
    ) -> [(String, String)]? {
        guard let line = expected.first else { return actual.isEmpty ? [] : nil }
        if line.trimmingCharacters(in: .whitespaces) == "..." {
            for skipped in 0...actual.count {
                if let rest = pairs(expected.dropFirst(), actual.dropFirst(skipped)) { return rest }
            }
            return nil
        }
        guard let printed = actual.first, normalised(line) == normalised(printed) else { return nil }
        return pairs(expected.dropFirst(), actual.dropFirst()).map { [(line, printed)] + $0 }
    }

    private static func trimmed(_ lines: [String]) -> [String] {
        var lines = lines
        while lines.last?.trimmingCharacters(in: .whitespaces).isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func parts(_ pattern: String, in text: String) -> [String] {
        var parts: [String] = []
        var rest = text.startIndex..<text.endIndex
        while let range = text.range(of: pattern, options: .regularExpression, range: rest) {
            parts.append(String(text[range]))
            rest = range.upperBound..<text.endIndex
        }
        return parts
    }
}
