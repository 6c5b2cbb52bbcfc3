import AgentTesting
import Rehearsal
import RunCore
import Testing

struct MemoryArtifactStoreTests {
    @Test func itNamesFilesAsAFolderDoes() async throws {
        let store = MemoryArtifactStore()
        let first = try await publish([1], in: store)
        #expect(try await publish([1], in: store) == first)
        #expect(try await publish([2], in: store).name == "a.1000000000.csv")
        #expect(store.files == ["a.csv": [1], "a.1000000000.csv": [2]])
        #expect(store.temporaryNames == [])
    }

    @Test(arguments: MemoryArtifactStore.Step.allCases) func stepFailsOnceWhenTold(step: MemoryArtifactStore.Step) async
    {
        let store = MemoryArtifactStore()
        store.fail(step, with: ArtifactError(.space, "full"))
        let error = await #expect(throws: ArtifactError.self) { try await publish([1], in: store) }
        #expect(error == ArtifactError(.space, "full"))
        await #expect(throws: Never.self) { try await publish([1], in: store) }
    }

    @Test func discardedFileIsGone() async throws {
        let store = MemoryArtifactStore()
        let file = try await store.open("a.csv", of: Run.sample().id)
        #expect(store.temporaryNames == ["a.csv.1000000000.part"])
        await file.discard()
        #expect(store.temporaryNames == [])
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func referenceDigestIsSHA256(text: String, digest: String) {
        #expect(SHA256Digest.hex(of: Array(text.utf8)) == digest)
    }

    @discardableResult
    private func publish(_ content: [UInt8], in store: MemoryArtifactStore) async throws -> Artifact {
        let file = try await store.open("a.csv", of: Run.sample().id)
        try await file.write(content)
        _ = try await file.seal()
        return try await file.publish()
    }
}
