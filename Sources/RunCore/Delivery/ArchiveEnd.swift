/// Looks for the end record of a ZIP archive that comes in pieces.
struct ArchiveEnd: Sendable {
    private var bytes: Int64 = 0
    /// The last bytes so far, at least as many as the record can have.
    private var tail: [UInt8] = []

    /// The record's bytes before its comment (APPNOTE section 4.3.16).
    private static let fixedLength = 22
    private static let longest = fixedLength + 65_535
    private static let signature: [UInt8] = [0x50, 0x4B, 0x05, 0x06]

    mutating func append(_ piece: [UInt8]) {
        bytes += Int64(piece.count)
        tail += piece
        if tail.count > 4 * Self.longest { tail.removeFirst(tail.count - Self.longest) }
    }

    /// Why the bytes so far are no whole archive; nil if they are one.
    var problem: String? {
        guard tail.count >= Self.fixedLength else { return "it has only \(bytes) bytes" }
        let first = max(0, tail.count - Self.longest)
        for start in (first...(tail.count - Self.fixedLength)).reversed() where isRecord(at: start) { return nil }
        return "there is no end record at the end of its \(bytes) bytes"
    }

    /// Whether a record begins here whose comment reaches to the very end.
    private func isRecord(at start: Int) -> Bool {
        guard tail[start...].starts(with: Self.signature) else { return false }
        let comment = Int(tail[start + 20]) | Int(tail[start + 21]) << 8
        return start + Self.fixedLength + comment == tail.count
    }
}
