/// Counts the rows of a CSV file (RFC 4180) that comes in pieces; empty lines are none.
struct RowCounter: Sendable {
    /// Where in a row the next byte stands.
    private enum Place {
        case rowStart, fieldStart, field, quotes, afterQuote
    }

    private var place = Place.rowStart
    private var ended: Int64 = 0
    /// How much of a byte order mark has come; 3 when the text has begun.
    private var marked = 0

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The rows so far; the last one needs no line end.
    var rows: Int64 { ended + (place == .rowStart ? 0 : 1) }

    mutating func count(_ bytes: [UInt8]) {
        for byte in bytes {
            if marked < 3 {
                marked = byte == Self.byteOrderMark[marked] ? marked + 1 : 3
                if marked < 3 || byte == Self.byteOrderMark[2] { continue }
            }
            step(byte)
        }
    }

    private mutating func step(_ byte: UInt8) {
        switch (place, byte) {
        case (.quotes, UInt8(ascii: "\"")): place = .afterQuote
        case (.quotes, _): break
        // A doubled quote stands for one.
        case (.afterQuote, UInt8(ascii: "\"")): place = .quotes
        case (.rowStart, UInt8(ascii: "\"")), (.fieldStart, UInt8(ascii: "\"")): place = .quotes
        case (.rowStart, 0x0A), (.rowStart, 0x0D): break
        case (_, 0x0A), (_, 0x0D):
            ended += 1
            place = .rowStart
        // Besides the comma, what writers take in its place.
        case (_, UInt8(ascii: ",")), (_, UInt8(ascii: ";")), (_, 0x09): place = .fieldStart
        default: place = .field
        }
    }
}
