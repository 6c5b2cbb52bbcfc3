import AgentTesting
import Foundation
import Glibc
import RunCore
import Testing

/// The state folder as others on the machine see it.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct StateFolderTests {
    @Test func folderAndFilesAreForTheOwnerAloneWhateverTheMask() async throws {
        try await withFakeJIM { jim, place in
            let program = #"umask 000; exec "$0" run jim 1/1 --poll 250ms --format jsonl"#
            let driver = try ChildProcess.start(
                "bash",
                ["-c", program, try AgentBinary.path()],
                environment: place.environment,
                in: place.folder
            )
            _ = try await place.run(of: driver, in: "running")
            #expect(try mode(of: place.state) == 0o700)
            let paths = try FileManager.default.subpathsOfDirectory(atPath: place.state)
            #expect(paths.contains("store.sqlite"))
            for path in paths {
                let isFolder = path == "processes"
                #expect(try mode(of: "\(place.state)/\(path)") == (isFolder ? 0o700 : 0o600), "\(path)")
            }
            jim.end.open()
            #expect(try await driver.end() == .exited(0))
        }
    }

    @Test(arguments: [0o777, 0o770, 0o720, 0o702])
    func folderThatOthersMayWriteToIsRefused(mode: Int) async throws {
        try await withFakeJIM { jim, place in
            try FileManager.default.createDirectory(atPath: place.state, withIntermediateDirectories: false)
            #expect(unsafe chmod(place.state, mode_t(mode)) == 0)
            let result = try await place.run("run", "jim", "1/1", "--format", "json")
            #expect(result.end == .exited(78), result.comment)
            let error = try result.document()["error"]
            #expect(error?["code"] == "state_folder")
            #expect(error?["hint"]?.string?.contains("chmod 700") == true)
            #expect(jim.fake.connections == 0)
        }
    }

    private func mode(of path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }
}
