import Rehearsal
import RunCore
import Testing

struct SeededRandomnessTests {
    @Test func numbersAreThoseOfSplitMix64() {
        let randomness = SeededRandomness(seed: 1_234_567)
        let published: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(published.allSatisfy { $0 == randomness.next() })
    }

    @Test func chanceIsFromZeroUpToOne() {
        let randomness = SeededRandomness(seed: 1)
        let chances = (0..<1000).map { _ in randomness.chance() }
        #expect(chances.allSatisfy { (0..<1).contains($0) })
        #expect(abs(chances.reduce(0, +) / 1000 - 0.5) < 0.05)
    }
}
