import RunCore
import Synchronization

/// Random bits that a seed fixes (SplitMix64): the same seed gives the same numbers, in the order they are asked for.
package final class SeededRandomness: Randomness {
    private let state: Mutex<UInt64>

    /// Numbers that begin anew with each instance of the same seed.
    package init(seed: UInt64) {
        state = Mutex(seed)
    }

    /// Gives the next 64 bits of the sequence.
    package func next() -> UInt64 {
        var bits = state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            return state
        }
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
