import AgentTesting
import Foundation
import Testing

/// Plays a console block in one shell, in a folder with the plugins, as a reader would.
struct ConsoleSession {
    private let block: ConsoleBlock
    private let shell: ChildProcess
    private let folder: String
    private let environment: [String: String]
    private var text = ConsoleText()

    /// Ends the output of each command; no command prints it by chance.
    private let mark = "mark-\(UUID().uuidString)"

    init(_ block: ConsoleBlock) throws {
        self.block = block
        let scratch = ScratchFolder.path
        folder = "\(scratch)/work"
        let manager = FileManager.default
        for name in ["bin", "home", "work"] {
            try manager.createDirectory(atPath: "\(scratch)/\(name)", withIntermediateDirectories: true)
        }
        let repository = AgentBinary.repository
        try manager.copyItem(atPath: "\(repository)/plugins", toPath: "\(folder)/plugins")
        for name in ["docs", "scripts"] where manager.fileExists(atPath: "\(repository)/\(name)") {
            try manager.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: "\(repository)/\(name)")
        }
        let binary = try AgentBinary.path()
        try manager.createSymbolicLink(atPath: "\(scratch)/bin/agent", withDestinationPath: binary)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        environment = ["PATH": "\(scratch)/bin:\(path)", "HOME": "\(scratch)/home", "LANG": "C.UTF-8"]
        let arguments = ["--noprofile", "--norc"]
        shell = try ChildProcess.start("bash", arguments, environment: environment, in: folder)
        try shell.write("exec 2>&1\n")
    }

    /// Runs all commands and reports the first whose output is not what the document shows.
    mutating func play() async throws {
        let ports = try await freePorts()
        for step in block.steps {
            var step = step
            for (port, free) in ports {
                step.command = step.command.replacingOccurrences(of: port, with: free)
            }
            step.command = text.translated(step.command)
            let printed = try await step.isBackground ? startInBackground(step) : run(step)
            guard text.matches(step.expected, printed) else {
                Issue.record("\(block.file):\(step.line): \(difference(step, printed))")
                break
            }
        }
        try await close()
    }

    private func run(_ step: ConsoleBlock.Step) async throws -> [String] {
        let end = "END-\(mark)"
        try shell.write("eval \"$(cat <<'\(end)'\n\(step.command)\n\(end)\n)\" </dev/null\n")
        // The shell's `$?` is kept for the next command.
        try shell.write("_status=$?; printf '\\n%s %s\\n' \(mark) \"$_status\"; (exit \"$_status\")\n")
        var printed: [String] = []
        for await line in shell.output.lines {
            guard line.hasPrefix(mark) else {
                printed.append(line)
                continue
            }
            if line.hasSuffix(" 127") { printed.append("(the shell knows no such command)") }
            return printed
        }
        throw MissingLine(part: mark, output: shell.output.text, errors: shell.errors.text)
    }

    /// Starts a command with a pipe of its own, so that what it prints later is not mixed into other output.
    private func startInBackground(_ step: ConsoleBlock.Step) async throws -> [String] {
        let pipe = "\(ScratchFolder.path)/pipe-\(step.line)"
        let reader = try ChildProcess.start(
            "bash",
            ["-c", #"mkfifo "$0" && echo ready && exec cat "$0""#, pipe],
            environment: environment,
            in: folder
        )
        try await reader.line(containing: "ready")
        try shell.write(">'\(pipe)' 2>&1 </dev/null \(step.command)\n")
        let isSimulator = step.command.hasPrefix("agent simulate")
        var printed: [String] = []
        let count = max(step.expected.count, isSimulator ? 1 : 0)
        while printed.count < count { printed.append(try await reader.line(containing: "")) }
        return step.expected.isEmpty ? [] : printed
    }

    /// Ends what still runs in the background, and the shell.
    private func close() async throws {
        try shell.write("kill $(jobs -p) 2>/dev/null; wait\n")
        try shell.closeInput()
        try await shell.end()
    }

    /// Ports that the block names, and free ones to take in their place.
    private func freePorts() async throws -> [String: String] {
        var ports: [String: String] = [:]
        for step in block.steps {
            let words = step.command.split { $0.isWhitespace || $0 == "=" }
            for (word, next) in zip(words, words.dropFirst()) where word == "--port" && Int(next) != nil {
                ports[String(next)] = try await withFakeProvider { String($0.port) }
            }
        }
        return ports
    }

    private func difference(_ step: ConsoleBlock.Step, _ printed: [String]) -> String {
        """
        $ \(step.command)
        --- expected
        \(step.expected.joined(separator: "\n"))
        --- printed
        \(printed.joined(separator: "\n"))
        --- compared as
        \(printed.map(ConsoleText.normalised).joined(separator: "\n"))
        """
    }
}
