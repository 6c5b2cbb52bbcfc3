import AgentTesting
import Foundation
import RunCore
import Testing

@testable import SQLiteRunStore

struct StateFolderTests {
    @Test(arguments: [
        (["AGENT_HOME": "/a", "XDG_STATE_HOME": "/x", "HOME": "/h"], "/a"),
        (["XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/agent"),
        (["HOME": "/h"], "/h/.local/state/agent"),
        (["AGENT_HOME": "", "XDG_STATE_HOME": "", "HOME": "/h"], "/h/.local/state/agent"),
    ])
    func folderComesFromTheEnvironment(environment: [String: String], path: String) throws {
        #expect(try StateFolder.path(environment: environment) == path)
    }

    @Test func environmentWithoutAPlaceIsRefused() {
        let error = #expect(throws: RunError.self) { try StateFolder.path(environment: [:]) }
        #expect(error?.code == .stateFolder)
    }

    @Test(.scratchFolder, arguments: [0o777, 0o770, 0o702, 0o1777])
    func folderThatOthersMayWriteToIsRefused(mode: Int) throws {
        let error = try refusal(mode: mode)
        #expect(error?.code == .stateFolder)
        #expect(error?.message.contains("others may write to") == true)
        #expect(error?.hint?.contains("chmod 700") == true)
    }

    @Test(.scratchFolder, arguments: [0o700, 0o750, 0o755]) func folderThatOthersMayReadIsTaken(mode: Int) throws {
        #expect(try refusal(mode: mode) == nil)
    }

    @Test(.scratchFolder, .enabled(if: geteuid() == 0, "needs root")) func folderOfAnotherUserIsRefused() throws {
        try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: ScratchFolder.path)
        let error = #expect(throws: RunError.self) { try SQLiteRunStore(folder: ScratchFolder.path) }
        #expect(error?.code == .stateFolder)
        #expect(error?.message.contains("belongs to user 65534") == true)
    }

    @Test(.scratchFolder, .enabled(if: geteuid() != 0, "root may write anywhere"))
    func folderThatCannotBeWrittenIsRefused() throws {
        #expect(try refusal(mode: 0o500)?.code == .stateFolder)
    }

    @Test(.scratchFolder, arguments: ["file", "file/below", "loop"]) func whatIsNoFolderIsRefused(name: String) throws {
        let path = ScratchFolder.path
        try Data().write(to: URL(filePath: path + "/file"))
        try FileManager.default.createSymbolicLink(atPath: path + "/loop", withDestinationPath: path + "/loop")
        let error = #expect(throws: RunError.self) { try SQLiteRunStore(folder: "\(path)/\(name)") }
        #expect(error?.code == .stateFolder)
    }

    @Test(.scratchFolder) func linkToAFolderIsFollowed() throws {
        let path = ScratchFolder.path
        try SQLiteRunStore(folder: path + "/real").close()
        try FileManager.default.createSymbolicLink(atPath: path + "/link", withDestinationPath: path + "/real")
        #expect(try StateFolder.prepare(path + "/link/") == path + "/real")
    }

    private func refusal(mode: Int) throws -> RunError? {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: ScratchFolder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: ScratchFolder.path) }
        do {
            try SQLiteRunStore(folder: ScratchFolder.path).close()
            return nil
        } catch {
            return try #require(error as? RunError)
        }
    }
}
