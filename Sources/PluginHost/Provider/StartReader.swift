import Lua
import RunCore

/// Says what the answer to a start means.
struct StartReader: Sendable {
    let trigger: TriggerManifest
    let hooks: any FunctionCaller
    let facts: FactReader
    let judge: RefusalJudge

    private static let purpose = "trigger.started"
    private static let keys = ["remote", "state", "reason", "warnings", "progress", "result", "artifacts"]

    /// What came of reading an answer: the verdict, and the files that the function named, if it did.
    typealias Outcome = (verdict: StartVerdict, artifacts: JSONValue?)

    func read(_ answer: AnswerView, context: LuaArgument) async throws(PluginFault) -> Outcome {
        let refusal = try await judge.refusal(
            answer.whole,
            expected: trigger.accepts,
            context: context,
            purpose: "trigger"
        )
        if let refusal { return (.refused(refusal), nil) }
        if let started = trigger.started { return try await ask(started, answer, context) }
        var acceptance = StartAcceptance(remote: [:])
        for name in trigger.remoteNames {
            guard let path = trigger.remote[name] else { continue }
            if let value = path.value(in: answer) {
                acceptance.remote[name] = value
            } else if !path.isOptional {
                return (.unsettled(Self.missing(path, in: answer)), nil)
            }
        }
        acceptance.warnings = try await warnings(answer, context)
        return (.accepted(acceptance), nil)
    }

    private func ask(
        _ function: LuaFunction,
        _ answer: AnswerView,
        _ context: LuaArgument
    ) async throws(PluginFault) -> Outcome {
        let results: [JSONValue]
        do throws(LuaFailure) {
            results = try await hooks.call(function, [answer.luaArgument, context])
        } catch {
            if error.bodyUndecodable { return (.unsettled(Self.undecodable(answer)), nil) }
            throw error.fault(in: Self.purpose)
        }
        guard let value = results.first, let members = value.object else { return (try Self.refusal(results), nil) }
        if let unknown = members.keys.sorted().first(where: { !Self.keys.contains($0) }) {
            let hint = Suggestion.hint(for: unknown, among: Self.keys)
            throw PluginFault("\(Self.purpose) returned the unknown key \(unknown)\(hint)")
        }
        var acceptance = StartAcceptance(remote: try StatusReader.table("remote", of: value, Self.purpose) ?? [:])
        if let name = acceptance.remote.filter({ $0.value == .null }).keys.min() {
            // It took, and there is nothing to follow it by.
            return (.unsettled("the answer tells no \(name) (HTTP \(answer.response.status))"), nil)
        }
        if let own = members["warnings"] {
            acceptance.warnings = FactReader.texts(in: own)
        } else {
            acceptance.warnings = try await warnings(answer, context)
        }
        acceptance.result = try StatusReader.table("result", of: value, Self.purpose) ?? [:]
        if members["state"] != nil {
            acceptance.report = try StatusReader.report(from: value, purpose: Self.purpose)
        }
        return (.accepted(acceptance), members["artifacts"])
    }

    /// `nil, class, text`: nothing was started after all.
    private static func refusal(_ results: [JSONValue]) throws(PluginFault) -> StartVerdict {
        let word = results.count > 1 ? results[1].string ?? "" : ""
        guard let reasonClass = ReasonClass(rawValue: word), ErrorRules.classes.contains(reasonClass) else {
            throw PluginFault("\(purpose) returned neither a table nor nil with a class and a text")
        }
        let message = results.count > 2 && results[2] != .null ? results[2].plainText : word
        return .refused(Refusal(reasonClass, message))
    }

    private func warnings(_ answer: AnswerView, _ context: LuaArgument) async throws(PluginFault) -> [String] {
        try await facts.value(of: trigger.warnings, answer, context, "trigger.warnings").map(FactReader.texts) ?? []
    }

    private static func missing(_ path: AnswerPath, in answer: AnswerView) -> String {
        answer.obstacle(to: path) ?? "the answer has no \(path.source) (HTTP \(answer.response.status))"
    }

    private static func undecodable(_ answer: AnswerView) -> String {
        let type = answer.response.headers["content-type"] ?? "no content type"
        return "the answer is no JSON (HTTP \(answer.response.status), \(type))"
    }
}
