/// Writes the little JSON that this module needs for itself.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: "\\u00\(byte < 0x10 ? "0" : "")\(digits)".utf8)
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func integer(_ value: Int) { bytes.append(contentsOf: String(value).utf8) }

    mutating func list<Element>(_ elements: some Sequence<Element>, _ write: (Element, inout JSONText) -> Void) {
        join("[", elements, "]", write)
    }

    mutating func object(_ members: [String: String]) {
        join("{", members.sorted { $0.key < $1.key }, "}") { member, text in
            text.string(member.key)
            text.bytes.append(UInt8(ascii: ":"))
            text.string(member.value)
        }
    }

    private mutating func join<Element>(
        _ open: Unicode.Scalar,
        _ elements: some Sequence<Element>,
        _ close: Unicode.Scalar,
        _ write: (Element, inout JSONText) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element, &self)
        }
        bytes.append(UInt8(ascii: close))
    }
}
