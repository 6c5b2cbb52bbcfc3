import Lua
import RunCore

/// Says whether an answer is an error, and of which class: the step's rules first, then the operation's, the
/// plugin's and the defaults.
struct RefusalJudge: Sendable {
    let hooks: any FunctionCaller
    /// From the innermost to the outermost.
    let rules: [ErrorRules]

    /// The refusal that an answer is; nil if it is none.
    ///
    /// The statuses in `expected` are no error for this request.
    func refusal(
        _ answer: AnswerView,
        expected: Set<Int>,
        context: LuaArgument,
        purpose: String
    ) async throws(PluginFault) -> Refusal? {
        if expected.contains(answer.response.status) { return nil }
        for (index, rules) in rules.enumerated() {
            if let function = rules.function {
                switch try await ask(function, answer, context, "\(purpose).errors") {
                case .undecided: break
                case .fine: return nil
                case .refused(let refusal): return refusal
                }
            }
            // Codes of a step are looked up where the plugin says that codes stand.
            let code = self.rules[index...].compactMap(\.code).first
            let meaning = Self.meaning(of: answer, by: rules, code: code)
            switch meaning {
            case nil: continue
            case .fine: return nil
            case .error(let reasonClass): return try await refusal(reasonClass, answer, context, purpose)
            }
        }
        guard let reasonClass = Self.defaultClass(of: answer.response.status) else { return nil }
        return try await refusal(reasonClass, answer, context, purpose)
    }

    private enum Opinion {
        case undecided
        case fine
        case refused(Refusal)
    }

    private func ask(
        _ function: LuaFunction,
        _ answer: AnswerView,
        _ context: LuaArgument,
        _ purpose: String
    ) async throws(PluginFault) -> Opinion {
        let results: [JSONValue]
        do throws(LuaFailure) {
            results = try await hooks.call(function, [answer.luaArgument, context])
        } catch {
            // A rule that trips over a body which is no JSON has no opinion; the status decides.
            if error.bodyUndecodable { return .undecided }
            throw error.fault(in: purpose)
        }
        let first = results.first ?? .null
        if first == .null { return .undecided }
        if first == .bool(false) { return .fine }
        let word = first.string ?? first["class"]?.string ?? ""
        guard let reasonClass = ReasonClass(rawValue: word), ErrorRules.classes.contains(reasonClass) else {
            let classes = ErrorRules.classes.map(\.rawValue).joined(separator: ", ")
            throw PluginFault("\(purpose) returned \(first.text), which is no class: \(classes), false or nil")
        }
        let said =
            first["message"]?.plainText ?? (results.count > 1 && results[1] != .null ? results[1].plainText : nil)
        let message: String
        if let said { message = said } else { message = try await self.message(answer, context, purpose) }
        let delay = first["retry_after"]?.double.map { Duration(clampedSeconds: $0) }
        return .refused(Refusal(reasonClass, message, retryAfter: delay ?? answer.retryAfter))
    }

    private static func meaning(
        of answer: AnswerView,
        by rules: ErrorRules,
        code: AnswerPath?
    ) -> ErrorRules.Meaning? {
        if !rules.codes.isEmpty, let code = code?.value(in: answer), code != .bool(false) {
            if let meaning = rules.codes[code.plainText] { return meaning }
            // "Any other code" is no word on a server's own failure: whether a start took is then not known.
            if answer.response.status < 500, let meaning = rules.codes["*"] { return meaning }
        }
        return rules.statuses[answer.response.status]
    }

    private func refusal(
        _ reasonClass: ReasonClass,
        _ answer: AnswerView,
        _ context: LuaArgument,
        _ purpose: String
    ) async throws(PluginFault) -> Refusal {
        let message = try await message(answer, context, purpose)
        return Refusal(reasonClass, message, retryAfter: answer.retryAfter)
    }

    /// The provider's words, by the innermost rule that finds some; else the status.
    private func message(
        _ answer: AnswerView,
        _ context: LuaArgument,
        _ purpose: String
    ) async throws(PluginFault) -> String {
        let status = "HTTP \(answer.response.status)"
        for source in rules.compactMap(\.message) {
            let value: JSONValue?
            switch source {
            case .constant(let text): value = .string(text)
            case .path(let path): value = path.value(in: answer)
            case .function(let function):
                do throws(LuaFailure) {
                    value = try await hooks.call(function, [answer.luaArgument, context]).first
                } catch {
                    if error.bodyUndecodable { continue }
                    throw error.fault(in: "\(purpose).errors.message")
                }
            }
            if let text = value?.plainText, value != .null, !text.isEmpty {
                return answer.response.status == 200 ? text : "\(text) (\(status))"
            }
        }
        return status
    }

    /// What a status means when no rule of the plugin says so; nil if it is no error.
    private static func defaultClass(of status: Int) -> ReasonClass? {
        switch status {
        case 200..<300: nil
        case 401: .auth
        case 403: .forbidden
        case 404, 410: .notFound
        case 408: .unavailable
        case 425, 429: .rateLimited
        case 302, 303: .unreadable
        case 500...: .unavailable
        case 300..<500: .invalid
        default: .unreadable
        }
    }
}
