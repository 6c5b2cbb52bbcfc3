import Lua
import RunCore

/// Runs a function of a plugin that sends requests of its own which change nothing: `look`, `resolve`, `find`.
///
/// Has a Lua state of its own for the call. Nothing is journalled: after a crash it looks again.
struct Looker: Sendable {
    let plugin: Plugin
    let builder: RequestBuilder
    let courier: any Courier
    /// Says which answers are errors.
    let judge: RefusalJudge
    let judgeContext: LuaArgument

    /// What a looker gave.
    struct Result: Sendable {
        let values: [JSONValue]
        /// `ctx.state` as the function left it; nil if it has none.
        let state: JSONValue?
    }

    /// Requests of one call, at most.
    private static let limit = 1000
    private static let forbidden: [String: String] = Dictionary(
        uniqueKeysWithValues: ["trigger", "poll", "download", "sleep", "progress", "fail"].map {
            ($0, "ctx.\($0) has effects, and this function may only look: move it to run(ctx)")
        }
    )

    /// Calls the function with its context first, then the arguments.
    ///
    /// `name` is the place in the plugin's table, such as `poll.look`.
    func call(
        _ function: LuaFunction,
        scope: TemplateScope,
        state kept: JSONValue?,
        _ arguments: [LuaArgument] = [],
        name: String
    ) async throws(LookerFailure) -> Result {
        let state = LuaState(leafs: HostLibrary.leafs)
        do throws(LuaFailure) {
            try await state.load(plugin.source, as: PluginHost.module, chunkName: plugin.file)
            var step = try await state.start(function, [context(scope, kept)] + arguments)
            for _ in 0..<Self.limit {
                guard case .request(let operation, let bytes) = step else {
                    return try await result(step, of: state)
                }
                step = try await answer(operation, bytes, scope, state)
            }
        } catch {
            throw Self.failure(of: error, name)
        }
        throw .faulted(PluginFault("\(name): more than \(Self.limit) requests", place: plugin.file))
    }

    /// What an uncaught error means: one that a request raised says something of the provider, not of the plugin.
    private static func failure(of error: LuaFailure, _ name: String) -> LookerFailure {
        let kind = error.thrownKind ?? ""
        if kind.hasPrefix(unanswered),
            let failed = TransportFailure.Kind(rawValue: String(kind.dropFirst(unanswered.count)))
        {
            return .unanswered(TransportFailure(failed, error.message, mayHaveArrived: true))
        }
        if let reasonClass = ReasonClass(rawValue: kind), ErrorRules.classes.contains(reasonClass) {
            return .refused(Refusal(reasonClass, error.message))
        }
        if error.bodyUndecodable { return .refused(Refusal(.unreadable, error.message)) }
        return .faulted(error.fault(in: name))
    }

    /// Begins the kind of an error that stands for a request without an answer.
    private static let unanswered = "unanswered:"

    private func context(_ scope: TemplateScope, _ kept: JSONValue?) -> LuaArgument {
        var members: [String: JSONValue] = [
            "remote": .object(scope.remote), "params": .object(scope.params), "settings": .object(scope.settings),
            "run": .object(scope.run), "state": kept ?? .object([:]),
        ]
        members["target"] = scope.targetValue
        return .context(
            json: Array(JSONValue.object(members).text.utf8),
            primitives: ["request"],
            forbidden: Self.forbidden
        )
    }

    private func answer(
        _ operation: String,
        _ arguments: [UInt8],
        _ scope: TemplateScope,
        _ state: LuaState
    ) async throws(LuaFailure) -> LuaStep {
        let value = try HookResult.read(arguments)[0] ?? .null
        let outcome: Transmission
        let refusal: Refusal?
        do throws(PluginFault) {
            let template = try RequestBuilder.template(from: value, purpose: "ctx.request", furtherKeys: [])
            let request = try builder.fill(template, scope: scope, purpose: "ctx.request")
            guard request.method == "GET" || request.method == "HEAD" || request.method == "POST" else {
                throw PluginFault("ctx.request: \(request.method) changes things, and this function may only look")
            }
            outcome = try await courier.send(request)
            refusal = try await self.refusal(outcome, request)
        } catch {
            return try await Self.raise("plugin", error.message, in: state)
        }
        if let refusal { return try await Self.raise(refusal.reasonClass.rawValue, refusal.message, in: state) }
        switch outcome {
        case .answered(let answer): return try await state.resume(with: AnswerView(answer).luaArgument)
        case .failed(let failure):
            return try await Self.raise(Self.unanswered + failure.kind.rawValue, failure.message, in: state)
        }
    }

    private func refusal(
        _ outcome: Transmission,
        _ request: ProviderRequest
    ) async throws(PluginFault) -> Refusal? {
        guard case .answered(let answer) = outcome else { return nil }
        return try await judge.refusal(
            AnswerView(answer),
            expected: request.expected,
            context: judgeContext,
            purpose: "ctx.request"
        )
    }

    private static func raise(
        _ kind: String,
        _ message: String,
        in state: LuaState
    ) async throws(LuaFailure) -> LuaStep {
        let error: JSONValue = ["kind": .string(kind), "message": .string(message)]
        return try await state.resume(raising: Array(error.text.utf8))
    }

    private func result(_ step: LuaStep, of state: LuaState) async throws(LuaFailure) -> Result {
        guard case .done(let bytes) = step else { return Result(values: [], state: nil) }
        let values = try HookResult.read(bytes).array ?? []
        let member = try await state.contextMember("state")
        let kept = try HookResult.read(member)
        return Result(values: values, state: kept == .null ? nil : kept)
    }
}

/// Why a looker gave nothing.
enum LookerFailure: Error, Sendable, Hashable {
    case faulted(PluginFault)
    /// A request was refused, and the function did not catch that.
    case refused(Refusal)
    /// A request got no whole answer, and the function did not catch that.
    case unanswered(TransportFailure)
}
