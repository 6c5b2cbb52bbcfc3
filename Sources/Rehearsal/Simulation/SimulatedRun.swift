package import PluginHost
package import RunCore

/// One kind of run that a plugin's simulator knows, and how it truly ends: an entry of `runs` in `simulator.lua`.
package struct SimulatedRun: Sendable {
    /// An entry that cannot be used.
    package struct Problem: Error, Sendable {
        /// What is wrong, in one sentence.
        package let message: String
    }

    /// Name of the operation; nil for the plugin's default one.
    package let operation: String?
    /// The target as a user writes it; nil for none.
    package let target: String?
    /// Parameters by name.
    package let params: [String: JSONValue]
    /// Options of the simulator.
    package let options: [String: JSONValue]
    /// Settings beside those of the simulator.
    package let settings: [String: JSONValue]
    /// How it ends: `succeeded` or `failed`.
    package let end: RunState
    /// How many files a good end has; nil for any number.
    package let files: Int?

    private static let keys = ["operation", "target", "params", "options", "settings", "ends", "files"]

    /// Reads all entries of a simulator.
    package static func all(of simulator: Simulator) throws(Problem) -> [SimulatedRun] {
        var runs: [SimulatedRun] = []
        for (index, entry) in try entries(of: simulator).enumerated() {
            do throws(Problem) {
                runs.append(try SimulatedRun(entry))
            } catch {
                throw Problem(message: "simulator.lua: runs[\(index + 1)]: \(error.message)")
            }
        }
        return runs
    }

    private static func entries(of simulator: Simulator) throws(Problem) -> [JSONValue] {
        guard let runs = simulator.runs else { return [] }
        if let entries = runs.array { return entries }
        guard runs.isEmptyTable else { throw Problem(message: "simulator.lua: runs is no list") }
        return []
    }

    private init(_ entry: JSONValue) throws(Problem) {
        guard let members = entry.members else { throw Problem(message: "a table is expected") }
        for key in members.keys.sorted() where !Self.keys.contains(key) {
            throw Problem(message: "unknown key \(key)\(Suggestion.hint(for: key, among: Self.keys))")
        }
        operation = try Self.read("operation", of: members, as: "text", \.string)
        target = try Self.read("target", of: members, as: "text and no number", \.textOrNumber)
        params = try Self.read("params", of: members, as: "table", \.members) ?? [:]
        options = try Self.read("options", of: members, as: "table", \.members) ?? [:]
        settings = try Self.read("settings", of: members, as: "table", \.members) ?? [:]
        files = try Self.read("files", of: members, as: "whole number", \.int)
        switch members["ends"] ?? "succeeded" {
        case "succeeded": end = .succeeded
        case "failed": end = .failed
        case let other: throw Problem(message: "ends is \(other.text), which is neither \"succeeded\" nor \"failed\"")
        }
    }

    /// The value of a key, which may be left out.
    private static func read<Value>(
        _ key: String,
        of members: [String: JSONValue],
        as kind: String,
        _ value: (JSONValue) -> Value?
    ) throws(Problem) -> Value? {
        guard let member = members[key] else { return nil }
        guard let read = value(member) else { throw Problem(message: "\(key) is \(member.text), which is no \(kind)") }
        return read
    }

    /// The run in few words, such as `database 1, which fails`.
    package var text: String {
        let subject = [operation, target].compactMap(\.self).joined(separator: " ")
        let words = end == .succeeded ? "which succeeds" : "which fails"
        return subject.isEmpty ? "a run, \(words)" : "\(subject), \(words)"
    }
}

extension JSONValue {
    /// Whether it is a table without anything: an empty one of Lua may be a list as well.
    fileprivate var isEmptyTable: Bool { object?.isEmpty ?? array?.isEmpty ?? false }

    /// The members of a table.
    fileprivate var members: [String: JSONValue]? { object ?? (isEmptyTable ? [:] : nil) }

    /// A text, or a number as text.
    fileprivate var textOrNumber: String? { string ?? double.map { _ in plainText } }
}
