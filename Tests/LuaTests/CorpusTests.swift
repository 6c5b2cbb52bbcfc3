import CLuaTesting
import Foundation
import Testing

/// What fuzzing has found, and what it starts from.
struct CorpusTests {
    enum Target: String, CaseIterable { case json, pattern, manifest }

    @Test(arguments: Target.allCases)
    func nothingBreaksWhatItFound(target: Target) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus/\(target)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            let broken = run([UInt8](try Data(contentsOf: file)), as: target)
            #expect(broken == nil, "\(file.lastPathComponent)")
        }
    }

    /// What the bytes have broken.
    private func run(_ bytes: [UInt8], as target: Target) -> String? {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let broken =
                switch target {
                case .json: unsafe clua_fuzz_json(start, buffer.count)
                case .pattern: unsafe clua_fuzz_pattern(start, buffer.count)
                case .manifest: unsafe clua_fuzz_manifest(start, buffer.count)
                }
            return unsafe broken.map { unsafe String(cString: $0) }
        }
    }
}
