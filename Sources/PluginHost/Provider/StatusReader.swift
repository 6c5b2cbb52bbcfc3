import Lua
import RunCore

/// Turns the answer to a status request into a report.
struct StatusReader: Sendable {
    let poll: PollManifest
    let hooks: any FunctionCaller
    let facts: FactReader

    /// What came of reading an answer.
    enum Outcome {
        /// With the files that the function named, if it did.
        case report(StatusReport, artifacts: JSONValue?)
        /// The body is not what it claims to be: ask again.
        case unreadable(String)
    }

    private static let purpose = "poll.classify"
    private static let keys = [
        "state", "reason", "warnings", "progress", "remote", "result", "artifacts", "retry_after",
    ]

    /// Reads an answer by words or by a function; a poll that looks for itself is never read here.
    func read(_ answer: AnswerView, context: LuaArgument) async throws(PluginFault) -> Outcome {
        var report: StatusReport
        var artifacts: JSONValue?
        switch poll.classification {
        case .words(let path, let states):
            guard let word = path.value(in: answer)?.plainText else {
                return .unreadable(answer.obstacle(to: path) ?? "the answer has no \(path.source)")
            }
            report = StatusReport(states[word] ?? states["*"] ?? .other)
            if report.state == .failed || report.state == .other { report.reason = word }
            if report.state == .failed { report.reason = nil }
            try await addFacts(from: answer, to: &report, context: context)
            if report.state == .failed, report.reason == nil { report.reason = word }
        case .function(let function):
            let value: JSONValue
            do throws(LuaFailure) {
                value = try await hooks.call(function, [answer.luaArgument, context]).first ?? .null
            } catch {
                if error.bodyUndecodable { return .unreadable(Self.unreadable(answer, error.message)) }
                throw error.fault(in: Self.purpose)
            }
            if value == .null, answer.isUndecodable { return .unreadable(Self.unreadable(answer, "no state")) }
            report = try Self.report(from: value, purpose: Self.purpose)
            artifacts = value["artifacts"]
            try await addFacts(from: answer, to: &report, context: context)
        case .look: return .unreadable("this poll looks for itself")
        }
        return .report(report, artifacts: artifacts)
    }

    private func addFacts(
        from answer: AnswerView,
        to report: inout StatusReport,
        context: LuaArgument
    ) async throws(PluginFault) {
        try await facts.add(poll.facts, from: answer, to: &report, context: context, purpose: "poll")
        report.retryAfter = report.retryAfter ?? answer.retryAfter
    }

    /// Reads what a function gave as `{ state = …, reason = …, … }`.
    static func report(from value: JSONValue, purpose: String) throws(PluginFault) -> StatusReport {
        guard let members = value.object else {
            throw PluginFault("\(purpose) returned \(value.excerpt); a table with the key state is expected")
        }
        if let unknown = members.keys.sorted().first(where: { !keys.contains($0) }) {
            throw PluginFault(
                "\(purpose) returned the unknown key \(unknown)\(Suggestion.hint(for: unknown, among: keys))"
            )
        }
        let words = StatusReport.State.allCases.map(\.rawValue)
        guard let word = members["state"]?.string, let state = StatusReport.State(rawValue: word) else {
            let given = members["state"]?.excerpt ?? "nil"
            throw PluginFault(
                "\(purpose) returned the state \(given), which is none of \(words.joined(separator: ", "))"
            )
        }
        var report = StatusReport(state, reason: members["reason"].map(\.plainText))
        report.warnings = members["warnings"].map(FactReader.texts) ?? []
        report.progress = try table("progress", of: value, purpose).map(Progress.init(fields:))
        // What an answer does not tell this time stays as it was.
        report.remote = (try table("remote", of: value, purpose) ?? [:]).filter { $0.value != .null }
        report.result = try table("result", of: value, purpose) ?? [:]
        if let wait = members["retry_after"], wait != .null {
            guard let seconds = wait.double else {
                throw PluginFault("\(purpose) returned retry_after = \(wait.excerpt); seconds are expected")
            }
            report.retryAfter = Duration(clampedSeconds: seconds)
        }
        return report
    }

    /// A member that is a table; nil if there is none.
    static func table(
        _ key: String,
        of value: JSONValue,
        _ purpose: String
    ) throws(PluginFault) -> [String: JSONValue]? {
        guard let member = value[key], member != .null, member != [] else { return nil }
        guard let table = member.object else {
            throw PluginFault("\(purpose) returned \(key) = \(member.excerpt); a table is expected")
        }
        return table
    }

    private static func unreadable(_ answer: AnswerView, _ detail: String) -> String {
        guard answer.isUndecodable else { return detail }
        let type = answer.response.headers["content-type"] ?? "no content type"
        return "the answer is no JSON (HTTP \(answer.response.status), \(type))"
    }
}
