import AgentTesting
import Foundation
import Glibc
import RunCore

/// A place to run the agent in: home, state and present folder in the test's scratch folder, nothing inherited.
struct Workplace {
    /// The present folder.
    let folder: String
    var environment: [String: String]

    /// The state folder.
    var state: String { "\(folder)/state" }

    init() throws {
        folder = ScratchFolder.path
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": "\(folder)/home",
            "AGENT_HOME": "\(folder)/state",
            "AGENT_PLUGINS": "\(AgentBinary.repository)/plugins",
        ]
        try FileManager.default.createDirectory(atPath: "\(folder)/home", withIntermediateDirectories: true)
    }

    /// Starts `agent` with arguments.
    func start(_ arguments: String...) throws -> ChildProcess { try start(arguments) }

    /// Runs `agent` with arguments to its end.
    func run(_ arguments: String...) async throws -> CommandResult { try await run(arguments) }

    /// Runs `agent` with arguments to its end.
    func run(_ arguments: [String]) async throws -> CommandResult { try await Self.result(of: try start(arguments)) }

    /// Runs `agent` to its end and reads its document.
    func document(_ arguments: String...) async throws -> JSONValue {
        try await Self.result(of: try start(arguments + ["--format", "json"])).document()
    }

    /// Waits until the run that `driver` shows as JSON lines is in a state.
    ///
    /// - Returns: the run's id.
    func run(of driver: ChildProcess, in state: String) async throws -> String {
        let line = try await driver.line(containing: #""state":"\#(state)"}"#)
        let event = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
        return event["run"]?.string ?? ""
    }

    /// Waits for a process's end.
    static func result(of process: ChildProcess) async throws -> CommandResult {
        let end = try await process.end()
        return CommandResult(end: end, output: process.output.text, errors: process.errors.text)
    }

    /// Stops a process at a moment when it holds no lock on the store, so that others can go on.
    func stop(_ process: ChildProcess) async throws {
        while true {
            try await process.stop()
            if !isStoreLocked { return }
            process.send(SIGCONT)
            // Until it has written: stopped again at once it would never get there.
            while isStoreLocked { await Task.yield() }
        }
    }

    /// Whether a process is in the middle of a write to the store.
    ///
    /// The bytes are the first three locks of SQLite's shared memory: write, checkpoint and recovery
    /// (https://www.sqlite.org/walformat.html, section 2.3).
    private var isStoreLocked: Bool {
        guard let file = FileHandle(forReadingAtPath: "\(state)/store.sqlite-shm") else { return false }
        defer { try? file.close() }
        var lock = flock(l_type: Int16(F_RDLCK), l_whence: Int16(SEEK_SET), l_start: 120, l_len: 3, l_pid: 0)
        return unsafe fcntl(file.fileDescriptor, F_GETLK, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    /// Starts `agent simulate` and takes over the settings it prints, which are as many as `settings` says.
    @discardableResult
    mutating func simulate(_ plugin: String, _ options: String..., settings: Int = 2) async throws -> ChildProcess {
        let process = try start(["simulate", plugin] + options.flatMap { ["--option", $0] })
        try await takeSettings(settings, of: process)
        return process
    }

    /// Takes over the settings that a simulator prints.
    mutating func takeSettings(_ count: Int, of simulator: ChildProcess) async throws {
        for _ in 1...count {
            let words = try await simulator.line(containing: "export ").dropFirst("export ".count)
                .split(separator: "=", maxSplits: 1)
            environment[String(words[0])] = String(words[1])
        }
    }

    /// The bytes of a file in the present folder.
    func bytes(of path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path.hasPrefix("/") ? path : "\(folder)/\(path)")))
    }

    /// Waits until a folder holds a temporary file of that size.
    func partialFile(in path: String, of size: Int) async {
        while !names(in: path).contains(where: {
            $0.hasSuffix(".part") && (try? bytes(of: "\(path)/\($0)").count) == size
        }) {
            await Task.yield()
        }
    }

    /// Names in a folder, sorted; none if it is not there.
    func names(in path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(path)").sorted()) ?? []
    }

    /// Starts `agent` with arguments.
    func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess.start(try AgentBinary.path(), arguments, environment: environment, in: folder)
    }
}
