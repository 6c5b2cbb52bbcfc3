import Foundation
import PluginHost
import RunCore

/// Reads what a user gives to an operation or an action.
struct EntryInput {
    let target: RunTarget?
    let params: [String: JSONValue]

    /// Checks target and parameters against what the plugin declares.
    ///
    /// - Throws: a usage error that names everything that is wrong.
    init(
        _ entry: some PluginEntry,
        of plugin: Plugin,
        target: String?,
        params: [KeyValue],
        in context: CommandContext
    ) throws {
        let hint = "see: agent plugins show \(plugin.manifest.name)"
        do {
            self.target = try entry.target(target)
            self.params = try entry.params(fromTexts: try params.dictionary(option: "--param"))
        } catch let problem as SettingProblem {
            throw CommandError(.usage, "bad_target", problem.message, hint: hint)
        } catch let problems as SettingProblems {
            let texts = problems.problems.map { "\($0.name): \($0.message)" }
            throw CommandError(.usage, "bad_parameter", texts.joined(separator: "; "), hint: hint)
        }
        for schema in entry.params where schema.kind == .file {
            guard let path = self.params[schema.name]?.string else { continue }
            if !FileManager.default.isReadableFile(atPath: context.absolute(path)) {
                throw CommandError(.usage, "bad_parameter", "\(schema.name): the file \(path) cannot be read")
            }
        }
    }
}
