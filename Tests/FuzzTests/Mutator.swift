import Rehearsal

/// Changes bytes at random, the same way for the same seed.
struct Mutator {
    let randomness: SeededRandomness
    let cases: [[UInt8]]
    let words: [[UInt8]]

    private static let longest = 4096

    /// One of the cases with up to eight changes.
    func next() -> [UInt8] {
        var bytes = cases.isEmpty ? [] : cases[below(cases.count)]
        for _ in 0...below(8) { change(&bytes) }
        return Array(bytes.prefix(Self.longest))
    }

    private func change(_ bytes: inout [UInt8]) {
        let place = below(bytes.count + 1)
        switch below(7) {
        case 0: bytes.insert(UInt8(below(256)), at: place)
        case 1: if place < bytes.count { bytes[place] = UInt8(below(256)) }
        case 2: if place < bytes.count { bytes[place] ^= 1 << UInt8(below(8)) }
        case 3: bytes.removeSubrange(place..<min(place + below(16), bytes.count))
        case 4: bytes.insert(contentsOf: bytes[place..<min(place + below(64), bytes.count)], at: place)
        case 5: if !words.isEmpty { bytes.insert(contentsOf: words[below(words.count)], at: place) }
        default: if !cases.isEmpty { bytes = Array(bytes[..<place] + cases[below(cases.count)].dropFirst(below(32))) }
        }
    }

    private func below(_ limit: Int) -> Int { Int(randomness.next() % UInt64(limit)) }
}
