/// SHA-256 (FIPS 180-4) in plain Swift, for tests: what the product says is checked by other code than its own.
package enum SHA256Digest {
    /// The digest of `bytes` as 64 hex digits.
    package static func hex(of bytes: [UInt8]) -> String {
        var state = initial
        let message = padded(bytes)
        for start in stride(from: 0, to: message.count, by: 64) {
            compress(&state, message[start..<start + 64])
        }
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.utf8.count) + digits
        }.joined()
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        var message = bytes
        message.append(0x80)
        message.append(contentsOf: repeatElement(0, count: (120 - message.count % 64) % 64))
        let bits = UInt64(bytes.count) * 8
        message.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) })
        return message
    }

    private static func compress(_ state: inout [UInt32], _ block: ArraySlice<UInt8>) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { start in
            block[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let low = rotations(words[index - 15], 7, 18) ^ words[index - 15] >> 3
            let high = rotations(words[index - 2], 17, 19) ^ words[index - 2] >> 10
            words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let first = h &+ (rotations(e, 6, 11) ^ rotation(e, 25)) &+ choice &+ constants[index] &+ words[index]
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let second = (rotations(a, 2, 13) ^ rotation(a, 22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
        state = zip(state, [a, b, c, d, e, f, g, h]).map { $0 &+ $1 }
    }

    private static func rotation(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    private static func rotations(_ word: UInt32, _ first: UInt32, _ second: UInt32) -> UInt32 {
        rotation(word, first) ^ rotation(word, second)
    }

    private static let initial: [UInt32] = primes.prefix(8).map { fraction(of: Double($0).squareRoot()) }

    /// The first 32 bits of the cube roots' fractions, found in whole numbers: floating point is too short for some.
    private static let constants: [UInt32] = primes.map { prime in
        var (low, high) = (UInt64(0), UInt64(7) << 32)
        while high - low > 1 {
            let middle = (low + high) / 2
            if isCube(of: middle, atMost: prime) { low = middle } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    private static func isCube(of root: UInt64, atMost prime: UInt64) -> Bool {
        let cube = UInt128(root) * UInt128(root) * UInt128(root)
        return cube <= UInt128(prime) << 96
    }

    private static func fraction(of value: Double) -> UInt32 {
        UInt32((value - value.rounded(.down)) * 4_294_967_296)
    }

    private static let primes: [UInt64] = (2...311).filter { number in
        !(2..<number).contains { number.isMultiple(of: $0) }
    }
}
