import Lua
import RunCore

/// Reads what `find` returned: a list of runs, which may say of itself that it is conclusive.
enum FoundRunsReader {
    private static let keys = ["remote", "status", "started_at", "certain", "params"]

    static func read(_ value: JSONValue) throws(PluginFault) -> FoundRuns {
        switch value {
        case .null: return FoundRuns([])
        case .array(let elements): return try runs(elements)
        case .object(let members):
            // A list with a field beside it: its elements are the members `[1]`, `[2]` and so on.
            var elements: [JSONValue] = []
            while let element = members["[\(elements.count + 1)]"] { elements.append(element) }
            let isConclusive = members["conclusive"]?.bool ?? false
            guard members.count == elements.count + (members["conclusive"] == nil ? 0 : 1) else { break }
            return try runs(elements, isConclusive: isConclusive)
        default: break
        }
        throw PluginFault("find returned \(value.excerpt); a list of runs is expected")
    }

    /// A run whose id the provider does not tell may be the one that is looked for, and cannot be followed.
    private static func runs(
        _ elements: [JSONValue],
        isConclusive: Bool = false
    ) throws(PluginFault) -> FoundRuns {
        let runs = try elements.map(run)
        let known = runs.filter { !$0.remote.values.contains(.null) }
        return FoundRuns(known, isConclusive: isConclusive && known.count == runs.count)
    }

    private static func run(_ value: JSONValue) throws(PluginFault) -> FoundRun {
        guard let members = value.object else {
            throw PluginFault("find: \(value.excerpt) is no run; a table with remote and status is expected")
        }
        if let unknown = members.keys.sorted().first(where: { !keys.contains($0) }) {
            throw PluginFault("find: a run has the unknown key \(unknown)\(Suggestion.hint(for: unknown, among: keys))")
        }
        let words = StatusReport.State.allCases.map(\.rawValue).joined(separator: ", ")
        guard let state = members["status"]?.string.flatMap(StatusReport.State.init(rawValue:)) else {
            throw PluginFault("find: a run has the status \(members["status"]?.excerpt ?? "nil"), none of \(words)")
        }
        let remote = try StatusReader.table("remote", of: value, "find") ?? [:]
        guard !remote.isEmpty else { throw PluginFault("find: a run has no remote, so it cannot be followed") }
        return FoundRun(
            remote: remote,
            state: state,
            startedAt: try members["started_at"].flatMap(time),
            isCertain: members["certain"]?.bool ?? false,
            params: try StatusReader.table("params", of: value, "find")
        )
    }

    /// RFC 3339, or seconds since 1970.
    private static func time(_ value: JSONValue) throws(PluginFault) -> Timestamp? {
        if value == .null { return nil }
        if let milliseconds = value.double.flatMap({ Int64(exactly: ($0 * 1000).rounded()) }) {
            return Timestamp(milliseconds: milliseconds)
        }
        if let time = value.string.flatMap(Timestamp.init(rfc3339:)) { return time }
        throw PluginFault("find: started_at is \(value.excerpt); a time such as 2026-11-21T08:00:00Z is expected")
    }
}
