/// The source of ids and jitter: the system's, or seeded in tests.
package protocol Randomness: Sendable {
    /// 64 random bits.
    func next() -> UInt64
}

extension Randomness {
    /// A number from 0 up to, but not including, 1.
    package func chance() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
