import AgentTesting
import ArtifactFiles
import Foundation
import RunCore
import Testing

struct FolderArtifactsTests {
    private let folder = ScratchFolder.path
    private let run = Run.sample().id

    @Test(.scratchFolder) func fileIsPublishedUnderItsName() async throws {
        let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let file = try await FolderArtifacts(folder: folder).open("export.csv", of: run)
        for start in stride(from: 0, to: content.count, by: 65_536) {
            try await file.write(Array(content[start..<min(start + 65_536, content.count)]))
        }
        let sealed = try await file.seal()
        let artifact = try await file.publish()
        #expect(
            artifact
                == Artifact(
                    name: "export.csv",
                    path: folder + "/export.csv",
                    bytes: 200_000,
                    sha256: SHA256Digest.hex(of: content)
                )
        )
        #expect(sealed.bytes == artifact.bytes && sealed.sha256 == artifact.sha256)
        #expect(try files() == ["export.csv": content])
        let attributes = try FileManager.default.attributesOfItem(atPath: artifact.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test(.scratchFolder) func md5IsToldWhereItIsAskedFor() async throws {
        let stores: [any ArtifactStore] = [
            FolderArtifacts(folder: folder), DiscardedArtifacts(), StandardOutputArtifacts(descriptor: -1),
        ]
        for store in stores {
            for isAsked in [true, false] {
                let file = try await store.open("a", of: run)
                if isAsked { await file.add([.md5]) }
                if !(store is StandardOutputArtifacts) { try await file.write(Array("a,".utf8)) }
                if !(store is StandardOutputArtifacts) { try await file.write(Array("b".utf8)) }
                let known =
                    store is StandardOutputArtifacts
                    ? "d41d8cd98f00b204e9800998ecf8427e" : "b345e1dc09f20fdefdea469f09167892"
                #expect(try await file.seal().digests[.md5] == (isAsked ? known : nil))
                await file.discard()
            }
        }
    }

    @Test(.scratchFolder) func finalNameIsFreeUntilPublished() async throws {
        let file = try await FolderArtifacts(folder: folder).open("a.csv", of: run)
        try await file.write([1])
        _ = try await file.seal()
        #expect(try files() == ["a.csv.1000000000.part": [1]])
    }

    @Test(.scratchFolder) func emptyFileIsAFile() async throws {
        #expect(try await publish([], as: "empty").sha256 == SHA256Digest.hex(of: []))
        #expect(try files() == ["empty": []])
    }

    @Test(.scratchFolder) func sameContentIsTheSameArtifact() async throws {
        let first = try await publish([1, 2], as: "a.csv")
        let date = try FileManager.default.attributesOfItem(atPath: first.path)[.systemFileNumber] as? NSNumber
        #expect(try await publish([1, 2], as: "a.csv", run: 2) == first)
        #expect(try FileManager.default.attributesOfItem(atPath: first.path)[.systemFileNumber] as? NSNumber == date)
        #expect(try files() == ["a.csv": [1, 2]])
    }

    @Test(.scratchFolder) func otherContentIsNotOverwritten() async throws {
        _ = try await publish([1], as: "a.csv.gz")
        #expect(try await publish([2], as: "a.csv.gz").name == "a.1000000000.csv.gz")
        #expect(try await publish([3], as: "a.csv.gz").path == folder + "/a.1000000000-2.csv.gz")
        #expect(try await publish([2], as: "a.csv.gz").name == "a.1000000000.csv.gz")
        #expect(try files().values.sorted { $0[0] < $1[0] } == [[1], [2], [3]])
    }

    @Test(.scratchFolder) func whatIsNoFileIsLeftAlone() async throws {
        try FileManager.default.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: false)
        try Data([7]).write(to: URL(filePath: folder + "/aim"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "aim")
        try FileManager.default.createSymbolicLink(atPath: folder + "/dangling", withDestinationPath: "/nowhere/x")
        #expect(unsafe mkfifo(folder + "/pipe", 0o600) == 0)
        for name in ["folder", "link", "dangling", "pipe"] {
            #expect(try await publish([7], as: name).name == name + ".1000000000")
        }
        #expect(try Data(contentsOf: URL(filePath: folder + "/aim")) == Data([7]))
    }

    @Test(.scratchFolder) func leftoverOfAnEarlierTryIsEmptied() async throws {
        try Data([9, 9, 9]).write(to: URL(filePath: folder + "/a.1000000000.part"))
        #expect(try await publish([1], as: "a").bytes == 1)
        #expect(try files() == ["a": [1]])
    }

    @Test(.scratchFolder, arguments: [true, false])
    func linkAtTheTemporaryNameIsNotFollowed(isSymbolic: Bool) async throws {
        let victim = folder + "/victim"
        try Data([9]).write(to: URL(filePath: victim))
        let temporary = folder + "/a.1000000000.part"
        if isSymbolic {
            try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: victim)
        } else {
            try FileManager.default.linkItem(atPath: victim, toPath: temporary)
        }
        _ = try await publish([1], as: "a")
        #expect(try files() == ["a": [1], "victim": [9]])
    }

    @Test(.scratchFolder) func fileReplacedMeanwhileIsNotPublished() async throws {
        let store = FolderArtifacts(folder: folder)
        let first = try await store.open("a", of: run)
        try await first.write([1])
        _ = try await first.seal()
        let second = try await store.open("a", of: run)
        try await second.write([2])
        let error = await #expect(throws: ArtifactError.self) { try await first.publish() }
        #expect(error?.code == .system)
        await first.discard()
        _ = try await second.seal()
        _ = try await second.publish()
        #expect(try files() == ["a": [2]])
    }

    @Test(.scratchFolder) func discardedFileIsGone() async throws {
        let file = try await FolderArtifacts(folder: folder).open("a", of: run)
        try await file.write([1])
        await file.discard()
        await file.discard()
        #expect(try files() == [:])
        let error = await #expect(throws: ArtifactError.self) { try await file.write([2]) }
        #expect(error?.code == .system)
    }

    @Test(.scratchFolder) func publishedFileOutlivesItsDiscard() async throws {
        let file = try await FolderArtifacts(folder: folder).open("a", of: run)
        _ = try await file.seal()
        _ = try await file.publish()
        await file.discard()
        #expect(try files() == ["a": []])
    }

    // MARK: - What an earlier process left

    @Test(.scratchFolder) func partialFileIsGoneOnWith() async throws {
        let store = FolderArtifacts(folder: folder)
        try await leave([1, 2, 3], as: "a", in: store)
        let file = try #require(try await store.reopen("a", of: run))
        await file.add([.md5])
        let seen = Pieces()
        #expect(try await file.recover(upTo: nil) { await seen.add($0) } == 3)
        #expect(await seen.bytes == [1, 2, 3])
        try await file.write([4])
        let sealed = try await file.seal()
        #expect(sealed.sha256 == SHA256Digest.hex(of: [1, 2, 3, 4]))
        #expect(sealed.digests[.md5] == "08d6c05a21512a79a1dfeb9d2a8f262f")
        #expect(try await file.publish().bytes == 4)
        #expect(try files() == ["a": [1, 2, 3, 4]])
    }

    @Test(.scratchFolder) func whatWasNotSyncedIsCutOff() async throws {
        let store = FolderArtifacts(folder: folder)
        try await leave([1, 2, 3], as: "a", in: store)
        let file = try #require(try await store.reopen("a", of: run))
        #expect(try await file.recover(upTo: 2) { _ in } == 2)
        try await file.write([9])
        #expect(try await file.sync() == 3)
        #expect(try files() == ["a.1000000000.part": [1, 2, 9]])
    }

    @Test(.scratchFolder, arguments: ["absent", "symbolic", "hard", "folder"])
    func whatIsNotOursIsNotReopened(kind: String) async throws {
        let temporary = folder + "/a.1000000000.part"
        try Data([9]).write(to: URL(filePath: folder + "/victim"))
        switch kind {
        case "symbolic":
            try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: folder + "/victim")
        case "hard": try FileManager.default.linkItem(atPath: folder + "/victim", toPath: temporary)
        case "folder": try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        default: break
        }
        let store = FolderArtifacts(folder: folder)
        let reopened = try await store.reopen("a", of: run)
        #expect(reopened.map { _ in true } == nil)
        await store.remove("a", of: run)
        #expect(FileManager.default.fileExists(atPath: temporary) == (kind != "absent"))
        #expect(try Data(contentsOf: URL(filePath: folder + "/victim")) == Data([9]))
    }

    @Test(.scratchFolder) func leftoverIsRemovedOnRequest() async throws {
        let store = FolderArtifacts(folder: folder)
        try await leave([1], as: "a", in: store)
        await store.remove("a", of: run)
        #expect(try files() == [:])
    }

    @Test(.scratchFolder) func publishedFileIsFoundByItsContent() async throws {
        _ = try await publish([1], as: "a.csv")
        let artifact = try await publish([2], as: "a.csv")
        let store = FolderArtifacts(folder: folder)
        let content = SealedContent(bytes: 1, sha256: SHA256Digest.hex(of: [2]))
        #expect(await store.find(content, named: "a.csv", of: run) == artifact)
        #expect(await store.find(content, named: "b.csv", of: run) == nil)
    }

    @Test(.scratchFolder) func eraLastsAsLongAsTheMachineRuns() {
        let era = FolderArtifacts(folder: "/nowhere").era
        #expect(era?.isEmpty == false)
        #expect(era == FolderArtifacts(folder: "/elsewhere").era)
    }

    /// Leaves a temporary file as a process does that is killed.
    private func leave(_ content: [UInt8], as name: String, in store: FolderArtifacts) async throws {
        let file = try await store.open(name, of: run)
        try await file.write(content)
    }

    @Test(.scratchFolder) func stepsOutOfOrderAreErrors() async throws {
        let file = try await FolderArtifacts(folder: folder).open("a", of: run)
        await #expect(throws: ArtifactError.self) { try await file.publish() }
        _ = try await file.seal()
        await #expect(throws: ArtifactError.self) { try await file.write([1]) }
        await #expect(throws: ArtifactError.self) { _ = try await file.seal() }
        _ = try await file.publish()
        await #expect(throws: ArtifactError.self) { try await file.publish() }
    }

    @Test(.scratchFolder) func folderIsCreatedWithItsParents() async throws {
        let artifact = try await publish([1], as: "a", in: folder + "/out/2026/")
        #expect(artifact.path == folder + "/out/2026/a")
        #expect(FileManager.default.fileExists(atPath: artifact.path))
    }

    @Test(.scratchFolder, arguments: ["/proc/none/x", "file", "file/x", ""])
    func folderThatCannotBeUsedIsNamed(name: String) async throws {
        try Data().write(to: URL(filePath: folder + "/file"))
        let path = name.hasPrefix("/") || name.isEmpty ? name : "\(folder)/\(name)"
        let error = await #expect(throws: ArtifactError.self) { try await publish([1], as: "a", in: path) }
        #expect(error?.code == .folder)
        #expect(error?.message.hasPrefix("cannot use the folder \(path): ") == true)
    }

    @Test(.scratchFolder) func nameIsAlwaysOneComponent() async throws {
        #expect(try await publish([1], as: "../../x/\u{202E}y").path == folder + "/_.._x_y")
        let long = String(repeating: "é", count: 400) + ".csv"
        _ = try await publish([1], as: long)
        #expect(try await publish([2], as: long).name.hasSuffix(".1000000000.csv"))
    }

    @Test(.scratchFolder, .hangGuard) func manyRunsWithOneNameKeepTheirContent() async throws {
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 1...40 as ClosedRange<UInt64> {
                group.addTask { try await publish([UInt8(number)], as: "a.csv", run: number).name }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(names.count == 40)
        #expect(try files().values.map { $0[0] }.sorted() == Array(1...40))
    }

    private func publish(
        _ content: [UInt8],
        as name: String,
        run: UInt64 = 1,
        in folder: String? = nil
    ) async throws -> Artifact {
        let store = FolderArtifacts(folder: folder ?? self.folder)
        let file = try await store.open(name, of: Run.sample(run).id)
        try await file.write(content)
        _ = try await file.seal()
        return try await file.publish()
    }

    /// The folder's files with what they hold.
    private func files() throws -> [String: [UInt8]] {
        try FileManager.default.contentsOfDirectory(atPath: folder).reduce(into: [:]) { files, name in
            files[name] = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
        }
    }
}

/// What was read of a file.
private actor Pieces {
    private(set) var bytes: [UInt8] = []

    func add(_ piece: [UInt8]) { bytes += piece }
}
