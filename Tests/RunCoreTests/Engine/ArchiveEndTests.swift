import Testing

@testable import RunCore

struct ArchiveEndTests {
    /// An archive of one stored file `a` that holds `x`, with a comment.
    static func archive(comment: [UInt8] = []) -> [UInt8] {
        let facts: [UInt8] = [
            10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x83, 0x16, 0xDC, 0x8C, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
        ]
        let local = [0x50, 0x4B, 3, 4] + facts + Array("ax".utf8)
        let central = [0x50, 0x4B, 1, 2, 10, 0] + facts + [UInt8](repeating: 0, count: 14) + Array("a".utf8)
        let size = UInt8(central.count), start = UInt8(local.count)
        let length = [UInt8(comment.count & 0xFF), UInt8(comment.count >> 8)]
        return local + central + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, size, 0, 0, 0, start, 0, 0, 0] + length
            + comment
    }

    private func problem(_ bytes: [UInt8], pieces size: Int = .max) -> String? {
        var end = ArchiveEnd()
        var rest = bytes[...]
        while !rest.isEmpty {
            end.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return end.problem
    }

    @Test(arguments: [0, 1, 21, 22, 1000, 65_535]) func wholeArchiveIsOne(comment: Int) {
        let bytes = Self.archive(comment: [UInt8](repeating: 0x50, count: comment))
        #expect(problem(bytes) == nil)
        #expect(problem(bytes, pieces: 7) == nil)
        #expect(problem([UInt8](repeating: 1, count: 1_000_000) + bytes, pieces: 10_000) == nil)
    }

    @Test func archiveThatIsCutAnywhereIsNone() {
        let bytes = Self.archive(comment: Array("a comment".utf8))
        for length in 0..<bytes.count {
            let expected =
                length < 22
                ? "it has only \(length) bytes" : "there is no end record at the end of its \(length) bytes"
            #expect(problem(Array(bytes.prefix(length))) == expected)
        }
    }

    @Test func bytesBehindTheRecordAreRefused() {
        #expect(problem(Self.archive() + [0]) != nil)
        #expect(problem(Self.archive() + [UInt8](repeating: 0, count: 300_000), pieces: 65_536) != nil)
        #expect(problem(Array("<html>Service unavailable, try again later</html>".utf8)) != nil)
    }

    @Test func recordInsideACommentDoesNotHideTheOuterOne() {
        #expect(problem(Self.archive(comment: Self.archive())) == nil)
        #expect(problem([0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)) == nil)
    }
}
