import AgentTesting
import Foundation

/// A reader who does what a document shows, in a folder that has the plugins.
struct ConsoleReader {
    /// What a command printed and ended with.
    private struct Printed {
        let output: [String]
        let errors: [String]
        let status: String

        /// What a document may show: a reader sees both, but it may leave out what goes to standard error, unless
        /// that is all there is to a failure.
        var views: [[String]] {
            let both = [errors + output, output + errors]
            let isBareFailure = status != "0" && output.allSatisfy(\.isEmpty) && !errors.isEmpty
            return isBareFailure ? both : [output] + both
        }
    }

    private let document: ConsoleDocument
    private let folder: String
    private let environment: [String: String]
    private var text = ConsoleText()

    /// Ends the output of each command; no command prints it by chance.
    private let mark = "mark-\(UUID().uuidString)"

    init(_ document: ConsoleDocument) throws {
        self.document = document
        let scratch = ScratchFolder.path
        folder = "\(scratch)/work"
        let manager = FileManager.default
        for name in ["bin", "home", "work"] {
            try manager.createDirectory(atPath: "\(scratch)/\(name)", withIntermediateDirectories: true)
        }
        let plugins = "\(AgentBinary.repository)/plugins"
        try manager.copyItem(atPath: plugins, toPath: "\(folder)/plugins")
        let binary = try AgentBinary.path()
        try manager.createSymbolicLink(atPath: "\(scratch)/bin/agent", withDestinationPath: binary)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        environment = ["PATH": "\(scratch)/bin:\(path)", "HOME": "\(scratch)/home", "LANG": "C.UTF-8"]
    }

    /// Goes through the document.
    ///
    /// - Returns: of each session the first command that printed something else, with its line.
    mutating func differences() async throws -> [String] {
        var differences: [String] = []
        for part in document.parts {
            switch part {
            case .file(let path, let text): try write(text, to: path)
            case .session(let block): differences += try await play(block)
            }
        }
        return differences
    }

    /// Plays a session in a shell of its own; what it leaves running is ended.
    private mutating func play(_ block: ConsoleBlock) async throws -> [String] {
        var differences: [String] = []
        let arguments = ["--noprofile", "--norc"]
        let shell = try ChildProcess.start("bash", arguments, environment: environment, in: folder)
        try shell.write("_status=0\n")
        for step in block.steps where differences.isEmpty {
            let printed = try await run(text.translated(step.command), in: shell)
            if !printed.views.contains(where: { text.matches(step.expected, $0) }) {
                differences.append("\(document.path):\(step.line): \(difference(step, printed))")
            }
        }
        try shell.write("kill $(jobs -p) 2>/dev/null; wait\n")
        try shell.closeInput()
        try await shell.end()
        return differences
    }

    private func run(_ command: String, in shell: ChildProcess) async throws -> Printed {
        let end = "END-\(mark)"
        try shell.write("_code=$(cat <<'\(end)'\n\(command)\n\(end)\n)\n")
        // `$?` is that of the document's command before, not of ours.
        try shell.write("(exit $_status); eval \"$_code\" </dev/null\n")
        try shell.write("_status=$?; echo; echo \(mark) $_status; echo \(mark) $_status >&2\n")
        let (output, status) = try await lines(of: shell.output)
        let (errors, _) = try await lines(of: shell.errors)
        if let file = settingsFile(of: command) { try await waitForSettings(in: file) }
        return Printed(output: output, errors: errors, status: status)
    }

    /// The lines up to the mark, and the status that stands after it.
    private func lines(of output: ProcessOutput) async throws -> ([String], status: String) {
        var lines: [String] = []
        for await line in output.lines {
            if let range = line.range(of: mark) { return (lines, String(line[range.upperBound...].dropFirst())) }
            lines.append(line)
        }
        try Task.checkCancellation()
        throw MissingLine(part: mark, output: output.text, errors: "")
    }

    /// The file of `agent simulate PLUGIN > FILE & sleep 1`.
    private func settingsFile(of command: String) -> String? {
        let words = command.split(separator: " ")
        guard command.hasPrefix("agent simulate"), let mark = words.firstIndex(of: ">") else { return nil }
        return words.dropFirst(mark + 1).first.map(String.init)
    }

    /// A second is enough for a reader, but not on a machine that runs all tests at once.
    private func waitForSettings(in file: String) async throws {
        let tail = try ChildProcess.start("tail", ["-n", "+1", "-F", file], environment: environment, in: folder)
        try await tail.line(containing: "export ")
        await tail.destroy()
    }

    private func write(_ text: String, to path: String) throws {
        let file = URL(filePath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func difference(_ step: ConsoleBlock.Step, _ printed: Printed) -> String {
        """
        $ \(step.command)
        --- expected
        \(step.expected.joined(separator: "\n"))
        --- standard output, exit status \(printed.status)
        \(printed.output.joined(separator: "\n"))
        --- standard error
        \(printed.errors.joined(separator: "\n"))
        --- standard output, as compared
        \(printed.output.map(ConsoleText.normalised).joined(separator: "\n"))
        """
    }
}
