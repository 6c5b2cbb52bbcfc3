import Foundation
import PluginHost
import RunCore
import Yams

/// Where a secret of the configuration file comes from; the file never holds the secret itself.
enum SecretSource: Sendable, Hashable {
    case environment(String)
    case file(String)
    case command([String])
    /// A systemd credential (`$CREDENTIALS_DIRECTORY/NAME`).
    case credential(String)

    /// Reads `{env: NAME}`, `{file: PATH}`, `{command: [..]}` or `{credential: NAME}`.
    init(_ mapping: Node.Mapping, name: String) throws(SettingProblem) {
        let expected = "one of {env: NAME}, {file: PATH}, {command: [PROGRAM, …]}, {credential: NAME} is expected"
        guard mapping.count == 1, let pair = mapping.first, let kind = pair.key.string else {
            throw SettingProblem(name: name, message: expected)
        }
        switch (kind, pair.value.string, pair.value.sequence?.compactMap(\.string)) {
        case ("env", let text?, _): self = .environment(text)
        case ("file", let text?, _): self = .file(text)
        case ("credential", let text?, _): self = .credential(text)
        case ("command", _, let words?) where !words.isEmpty: self = .command(words)
        default: throw SettingProblem(name: name, message: expected)
        }
    }

    /// Gets the secret; a line break at its end is dropped.
    ///
    /// - Throws: a problem that says where it was looked for, never what was found.
    func read(name: String, in context: CommandContext) throws(SettingProblem) -> Secret {
        let text: String
        switch self {
        case .environment(let variable):
            guard let value = context.environment[variable], !value.isEmpty else {
                throw SettingProblem(
                    name: name,
                    message: "the environment variable \(variable) is not set",
                    isMissing: true
                )
            }
            text = value
        case .file(let path): text = try contents(of: context.absolute(path), name: name)
        case .credential(let credential):
            guard let folder = context.environment["CREDENTIALS_DIRECTORY"] else {
                throw SettingProblem(
                    name: name,
                    message: "there are no systemd credentials: CREDENTIALS_DIRECTORY is not set"
                )
            }
            text = try contents(of: "\(folder)/\(credential)", name: name)
        case .command(let words): text = try output(of: words, name: name, in: context)
        }
        // One character, also as CR and LF.
        let trimmed = text.last?.isNewline == true ? String(text.dropLast()) : text
        guard !trimmed.isEmpty else { throw SettingProblem(name: name, message: "the secret is empty") }
        return Secret(trimmed)
    }

    private func contents(of path: String, name: String) throws(SettingProblem) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingProblem(name: name, message: "the file \(path) cannot be read", isMissing: true)
        }
        return String(decoding: data, as: UTF8.self)
    }

    private func output(of words: [String], name: String, in context: CommandContext) throws(SettingProblem) -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = context.environment
        process.currentDirectoryURL = URL(fileURLWithPath: context.workingDirectory)
        let pipe = Pipe()
        process.standardOutput = pipe
        do {
            try process.run()
        } catch {
            throw SettingProblem(name: name, message: "the command \(words[0]) cannot be started")
        }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SettingProblem(
                name: name,
                message: "the command \(words[0]) ended with status \(process.terminationStatus)"
            )
        }
        return String(decoding: data, as: UTF8.self)
    }
}
