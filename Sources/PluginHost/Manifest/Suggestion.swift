/// Finds what someone probably meant.
package enum Suggestion {
    /// The candidate nearest to `word`, if it is near enough to be a slip.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let limit = max(1, min(3, word.count / 2))
        let near = candidates.map { (name: $0, distance: distance($0, word)) }.filter { $0.distance <= limit }
        return near.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// The text `, did you mean "x"?`, or nothing.
    package static func hint(for word: String, among candidates: some Sequence<String>) -> String {
        nearest(to: word, among: candidates).map { ", did you mean \"\($0)\"?" } ?? ""
    }

    /// Letters to insert, delete, replace or swap to get from one word to the other.
    private static func distance(_ one: String, _ other: String) -> Int {
        let one = Array(one.lowercased()), other = Array(other.lowercased())
        var rows = [Array(0...other.count)]
        for (i, letter) in one.enumerated() {
            var row = [i + 1]
            for (j, otherLetter) in other.enumerated() {
                let replaced = rows[i][j] + (letter == otherLetter ? 0 : 1)
                var best = min(rows[i][j + 1] + 1, row[j] + 1, replaced)
                if i > 0, j > 0, letter == other[j - 1], one[i - 1] == otherLetter {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
