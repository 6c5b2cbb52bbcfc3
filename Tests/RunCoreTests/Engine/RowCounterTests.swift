import Testing

@testable import RunCore

struct RowCounterTests {
    @Test(arguments: [
        ("", 0), ("\n", 0), ("\r\n\r\n", 0), ("a", 1), ("a\n", 1), ("a\r\n", 1), ("a\nb", 2), ("a,b\r\nc,d\r\n", 2),
        ("a\rb\r", 2),
        ("a\n\nb\n\n", 2), ("\"a\"\n\"b\"\n", 2), ("\"a\nb\",c\n", 1), ("\"a\r\n\r\nb\"\r\nc", 2),
        ("\"a\"\"b\n\"\"\",1\n2\n", 2),
        ("\"\"\n", 1), ("\"\"", 1), (",\n,\n", 2), ("a\"b\nc\"d\n", 2), ("a,\"b\nc\"\nd", 2), ("a;\"b\nc\"\nd", 2),
        ("a\t\"b\nc\"\nd", 2),
        ("\"open\nnever closed\n", 1), ("\u{FEFF}\"a\nb\"\nc\n", 2), ("\u{FEFF}", 0), ("é\nü\n", 2), ("\"a\"x\nb", 2),
        ("a,\"\"\nb", 2),
    ])
    func rowsAreCounted(text: String, rows: Int64) {
        let bytes = Array(text.utf8)
        var whole = RowCounter()
        whole.count(bytes)
        #expect(whole.rows == rows)
        for size in 1...4 {
            var pieces = RowCounter()
            for start in stride(from: 0, to: bytes.count, by: size) {
                pieces.count(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(pieces.rows == rows, "in pieces of \(size)")
        }
    }
}
