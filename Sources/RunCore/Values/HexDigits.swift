/// Writes bytes as digits.
package enum HexDigits {
    /// Two lower-case hex digits for each byte.
    package static func text(of bytes: some Sequence<UInt8>) -> String {
        bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}
