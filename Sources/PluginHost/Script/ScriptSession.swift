import Lua
import RunCore

/// A script in its Lua state, brought from call to call; thrown away and run again from its beginning when the
/// answers are not the ones it has seen.
actor ScriptSession: FunctionCaller {
    private let plugin: Plugin
    private let function: LuaFunction
    private let log: PluginLog
    private var state: LuaState?
    /// Answers the script has had; nil while it has not been started.
    private var seen: Int?
    private var present: LuaStep?

    /// The calls a script may make on its `ctx`.
    static let calls = ["trigger", "poll", "download", "request", "sleep", "progress", "fail"]
    /// Calls of one script, at most.
    private static let limit = 1000

    init(plugin: Plugin, function: LuaFunction, log: PluginLog) {
        self.plugin = plugin
        self.function = function
        self.log = log
    }

    /// Where the script stands after its calls were answered.
    ///
    /// - Throws: when it asks for another call than one that was answered.
    func step(after answers: [ScriptAnswer], scope: TemplateScope) async throws(ScriptFailure) -> LuaStep {
        guard answers.count <= Self.limit else {
            throw .faulted(
                PluginFault("run: more than \(Self.limit) calls; a loop belongs into ctx.poll", place: plugin.file)
            )
        }
        do throws(LuaFailure) {
            if let seen, let present, seen == answers.count { return present }
            if let seen, seen == answers.count - 1, let last = answers.last {
                return try await goOn(with: last, isReplay: false)
            }
            return try await replay(answers, scope)
        } catch {
            drop()
            throw error.thrownKind == Self.divergence ? .diverged(error.message) : .faulted(error.fault(in: "run"))
        }
    }

    func call(_ function: LuaFunction, _ arguments: [LuaArgument]) async throws(LuaFailure) -> [JSONValue] {
        guard let state else { throw LuaFailure(kind: .usage, message: "the script is not running") }
        let results = try await state.call(function, arguments)
        return try HookResult.read(results).array ?? []
    }

    private func drop() {
        state = nil
        seen = nil
        present = nil
    }

    private func replay(_ answers: [ScriptAnswer], _ scope: TemplateScope) async throws(LuaFailure) -> LuaStep {
        let fresh = try await plugin.state()
        state = fresh
        var step = try await fresh.start(function, [Self.context(scope)])
        seen = 0
        present = step
        let lines = await fresh.takeLog()
        if answers.isEmpty { log.write(lines) }
        for answer in answers { step = try await goOn(with: answer, isReplay: true) }
        return step
    }

    private func goOn(with answer: ScriptAnswer, isReplay: Bool) async throws(LuaFailure) -> LuaStep {
        guard let state, let present else { throw LuaFailure(kind: .usage, message: "the script is not running") }
        try Self.compare(present, with: answer)
        let next: LuaStep
        switch answer.outcome {
        case .raised(let reasonClass, let message):
            let error: JSONValue = ["kind": .string(reasonClass.rawValue), "message": .string(message)]
            next = try await state.resume(raising: Array(error.text.utf8), replayed: isReplay)
        case .value(let value):
            next = try await state.resume(with: .json(Array(value.text.utf8)), replayed: isReplay)
        case .response(let response, let further):
            next = try await state.resume(with: Self.argument(response, further), replayed: isReplay)
        }
        // What a replay logs was logged when it happened.
        let lines = await state.takeLog()
        if !isReplay { log.write(lines) }
        seen = answer.number
        self.present = next
        return next
    }

    private static let divergence = "divergence"

    private static func compare(_ step: LuaStep, with answer: ScriptAnswer) throws(LuaFailure) {
        let signature = ScriptSignature.text(of: step)
        guard signature != answer.signature else { return }
        var failure = LuaFailure(
            kind: .usage,
            message: "the script asks for another step than its journal holds: "
                + "call \(answer.number) was \(answer.signature), now it is \(signature)"
        )
        failure.thrownKind = divergence
        throw failure
    }

    private static func context(_ scope: TemplateScope) -> LuaArgument {
        var members: [String: JSONValue] = [
            "params": .object(scope.params), "settings": .object(scope.settings), "run": .object(scope.run),
        ]
        members["target"] = scope.targetValue
        return .context(json: Array(JSONValue.object(members).text.utf8), primitives: calls, forbidden: [:])
    }

    private static func argument(_ response: ProviderResponse, _ further: [String: JSONValue]) -> LuaArgument {
        guard case .response(let head, let body) = AnswerView(response).luaArgument,
            case .object(var members)? = try? HookResult.read(head)
        else { return .json([]) }
        members.merge(further) { _, new in new }
        return .response(head: Array(JSONValue.object(members).text.utf8), body: body)
    }
}
