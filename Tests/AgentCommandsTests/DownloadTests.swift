import AgentTesting
import Foundation
import RunCore
import Testing

/// Where the files of a run go.
@Suite(.scratchFolder, .hangGuard) struct DownloadTests {
    @Test func fileLandsInTheFolderForItsOwnerAlone() async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent([
                "run", "altcraft", "database/1", "--download", "exports", "--format", "json",
            ])
            #expect(outcome.status == 0)
            let artifact = try #require(outcome["artifacts"]?.array?.first)
            let path = "\(world.workingDirectory)/exports/1_database_export.csv"
            #expect(artifact["path"]?.string == path)
            let content = try #require(FileManager.default.contents(atPath: path))
            #expect(artifact["bytes"] == .integer(Int64(content.count)))
            #expect(artifact["sha256"]?.string == SHA256Digest.hex(of: Array(content)))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(world.files("work/exports").count == 1)
        }
    }

    @Test func fileIsShownInText() async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "altcraft:segment", "7", "--download", "exports")
            try expectSnapshot(outcome.text, "run-download")
        }
    }

    @Test func presentFolderIsTheDefault() async throws {
        try await withSimulators { world, _ in
            _ = await world.agent("run", "altcraft", "1")
            #expect(world.exists("work/1_database_export.csv"))
        }
    }

    @Test func otherFileOfTheSameNameIsKept() async throws {
        try await withSimulators { world, _ in
            try world.write("mine", to: "work/1_database_export.csv")
            let outcome = await world.agent("run", "altcraft", "1", "--format", "json")
            #expect(outcome.status == 0)
            let run = try outcome.run
            #expect(world.read("work/1_database_export.csv") == "mine")
            #expect(world.exists("work/1_database_export.\(run).csv"))
        }
    }

    @Test func equalFileIsNotDoubled() async throws {
        try await withSimulators { world, _ in
            _ = await world.agent("run", "altcraft", "1")
            _ = await world.agent("run", "altcraft", "1")
            #expect(world.files("work").count == 1)
        }
    }

    @Test func fileIsAllOfStandardOutput() async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "altcraft", "1", "--output", "-")
            #expect(outcome.status == 0)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("succeeded"))
            #expect(String(decoding: outcome.bytes.prefix(9), as: UTF8.self) == "id,email\n")
            _ = await world.agent("run", "altcraft", "1")
            let file = world.read("work/1_database_export.csv")
            #expect(String(decoding: outcome.bytes, as: UTF8.self) == file)
        }
    }

    @Test(arguments: ["json", "jsonl"])
    func documentsGiveWayToTheFile(format: String) async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "altcraft", "1", "--output", "-", "--format", format)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains(#""state":"succeeded""#))
            #expect(!outcome.bytes.isEmpty)
        }
    }

    @Test func secondFileDoesNotFitStandardOutput() async throws {
        try await withSimulators(["files": 2]) { world, _ in
            let outcome = await world.agent("run", "altcraft", "1", "--output", "-")
            #expect(outcome.status == 11)
            #expect(outcome.errors.contains("the run has 2 files, and --output - takes one; use --download"))
        }
    }

    @Test func filesCanBeLeftWithTheProvider() async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "altcraft", "1", "--no-download", "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["artifacts"]?.array == [])
            #expect(world.files("work") == [])
        }
    }

    @Test func folderThatIsAFileIsToldBeforeTheStart() async throws {
        try await withSimulators { world, network in
            try world.write("", to: "work/exports")
            let outcome = await world.agent("run", "altcraft", "1", "--download", "exports", "--format", "json")
            #expect(outcome.status == 78)
            #expect(outcome["error"]?["code"]?.string == "bad_folder")
            #expect(network.requests.isEmpty)
            #expect(await world.agent("runs", "list").output == "")
        }
    }

    @Test func refusedFileFailsWithEleven() async throws {
        try await withSimulators { world, network in
            // The two looks at the status are followed by the file.
            network.beforePoll { number in
                guard number == 3 else { return }
                try? FileManager.default.removeItem(atPath: world.workingDirectory)
                _ = try? world.write("", to: "work")
            }
            let outcome = await world.agent("run", "altcraft", "1", "--format", "json")
            #expect(outcome.status == 11)
            #expect(outcome["state"]?.string == "failed")
            #expect(outcome["reason_class"]?.string == "artifacts")
        }
    }

    @Test func missingFilesAreFetchedIntoAnotherFolderOnRequest() async throws {
        try await withSimulators { world, network in
            network.beforePoll { number in
                guard number == 3 else { return }
                try? FileManager.default.removeItem(atPath: world.workingDirectory)
                _ = try? world.write("", to: "work")
            }
            let run = try await world.agent("run", "altcraft", "1", "--format", "json").run
            let sent = network.requests.count
            let shown = await world.agent("resume", run)
            #expect(shown.status == 11)
            #expect(shown.output.contains("agent resume \(run) --download FOLDER   (fetch the missing files)"))
            #expect(network.requests.count == sent)
            let other = "\(ScratchFolder.path)/other"
            let outcome = await world.agent("resume", run, "--download", other, "--format", "json")
            #expect(outcome.status == 0, "\(outcome.text)")
            #expect(outcome["state"]?.string == "succeeded")
            #expect(outcome["artifacts"]?[0]?["path"]?.string == "\(other)/1_database_export.csv")
            #expect(await world.agent("resume", run, "--download", other).status == 0)
        }
    }

    @Test func folderOfAResumeIsCheckedFirst() async throws {
        try await withSimulators { world, network in
            network.beforePoll { number in
                guard number == 3 else { return }
                try? FileManager.default.removeItem(atPath: world.workingDirectory)
                _ = try? world.write("", to: "work")
            }
            let run = try await world.agent("run", "altcraft", "1", "--format", "json").run
            let outcome = await world.agent("resume", run, "--download", "exports", "--format", "json")
            #expect(outcome.status == 78)
            #expect(await world.agent("status", run, "--format", "json")["state"]?.string == "failed")
        }
    }

    @Test(arguments: [
        ["--download", "x", "--no-download"], ["--download", "x", "--output", "-"], ["--no-download", "--output", "-"],
    ])
    func placesExcludeEachOther(words: [String]) async throws {
        try await withWorld { world in
            let outcome = await world.agent(["run", "altcraft", "1"] + words)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("--download, --no-download and --output exclude each other."))
        }
    }

    @Test func outputTakesOnlyADash() async throws {
        try await withWorld { world in
            let outcome = await world.agent("run", "altcraft", "1", "--output", "file.csv")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("--output takes only -, for standard output; use --download for a folder."))
        }
    }
}
