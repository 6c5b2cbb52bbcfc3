import Foundation
import Rehearsal
import Testing

/// What reads the bytes of plugins and servers holds, whatever the bytes are.
///
/// `scripts/fuzz` does the same for longer, with libFuzzer where it can.
struct FuzzTests {
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    @Test(arguments: FuzzTarget.allCases) func nothingBreaksWhatFuzzingFound(target: FuzzTarget) throws {
        let cases = try Self.cases(of: target)
        #expect(!cases.isEmpty)
        for (name, bytes) in cases { #expect(target.broken(by: bytes) == nil, "\(target)/\(name)") }
    }

    /// One seed is the same in each run, one is not: a failure names it, and the case in Base64.
    @Test(arguments: FuzzTarget.allCases) func changedCasesBreakNothing(target: FuzzTarget) throws {
        let rounds = ProcessInfo.processInfo.environment["AGENT_FUZZ_ROUNDS"].flatMap(Int.init) ?? 1000
        for seed in [1, UInt64.random(in: 2...UInt64.max)] {
            let mutator = Mutator(
                randomness: SeededRandomness(seed: seed),
                cases: try Self.cases(of: target).map(\.bytes),
                words: target.words.map { Array($0.utf8) }
            )
            for _ in 0..<rounds {
                let bytes = mutator.next()
                guard let broken = target.broken(by: bytes) else { continue }
                Issue.record("\(target), seed \(seed): \(broken); case \(Data(bytes).base64EncodedString())")
                break
            }
        }
    }

    private static func cases(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let folder = corpus.appending(path: target.rawValue)
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }.map { ($0.lastPathComponent, Array(try Data(contentsOf: $0))) }
    }
}
