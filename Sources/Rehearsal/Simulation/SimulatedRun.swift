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
        for (index, entry) in simulator.runs.enumerated() {
            do throws(Problem) {
                runs.append(try SimulatedRun(entry))
            } catch {
                throw Problem(message: "simulator.lua: runs[\(index + 1)]: \(error.message)")
            }
        }
        return runs
    }

    private init(_ entry: JSONValue) throws(Problem) {
        // An empty table of Lua may be a list as well.
        let members = entry.object ?? [:]
        if entry.object == nil, entry.array?.isEmpty != true { throw Problem(message: "a table is expected") }
        for key in members.keys.sorted() where !Self.keys.contains(key) {
            throw Problem(message: "unknown key \(key)\(Suggestion.hint(for: key, among: Self.keys))")
        }
        operation = members["operation"]?.string
        target = members["target"].map(\.plainText)
        params = members["params"]?.object ?? [:]
        options = members["options"]?.object ?? [:]
        settings = members["settings"]?.object ?? [:]
        files = members["files"]?.int
        switch members["ends"] ?? "succeeded" {
        case "succeeded": end = .succeeded
        case "failed": end = .failed
        case let other: throw Problem(message: "ends is \(other.text), which is neither \"succeeded\" nor \"failed\"")
        }
    }

    /// The run in few words, such as `database 1, which fails`.
    package var text: String {
        let subject = [operation, target].compactMap(\.self).joined(separator: " ")
        let words = end == .succeeded ? "which succeeds" : "which fails"
        return subject.isEmpty ? "a run, \(words)" : "\(subject), \(words)"
    }
}
