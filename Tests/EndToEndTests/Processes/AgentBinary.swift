import Foundation

/// The binary under test, and the repository it was built from.
enum AgentBinary {
    /// There is no binary to test.
    struct Missing: Error, CustomStringConvertible {
        let looked: [String]

        var description: String {
            "no executable file `agent` in \(looked.joined(separator: ", ")): build it, or set AGENT_BINARY"
        }
    }

    /// The repository's root.
    static let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// `$AGENT_BINARY`, else the `agent` beside the test bundle or in a folder above it.
    static func path() throws -> String {
        if let path = ProcessInfo.processInfo.environment["AGENT_BINARY"] {
            guard isExecutable(path) else { throw Missing(looked: [path]) }
            return path
        }
        var looked: [String] = []
        for start in starts() {
            var folder = URL(filePath: start).deletingLastPathComponent()
            while folder.path != "/" {
                let path = folder.appending(path: "agent").path
                if isExecutable(path) { return path }
                looked.append(folder.path)
                folder.deleteLastPathComponent()
            }
        }
        throw Missing(looked: looked)
    }

    /// The test bundle's own file comes with its arguments; its process is the test runner's where that runs it.
    private static func starts() -> [String] {
        let arguments = CommandLine.arguments.filter { $0.hasSuffix(".xctest") }
        let process = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).map { [$0] } ?? []
        return arguments + process
    }

    private static func isExecutable(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
    }
}
