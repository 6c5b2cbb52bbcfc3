import Lua
import RunCore

/// Runs a function of a plugin that sends requests of its own: `look`, `resolve`, `targets`, `find`, `steps`.
///
/// Has a Lua state of its own for the call. Nothing is journalled: after a crash it looks again.
struct Looker: Sendable {
    let connected: PluginConnection
    let courier: any Courier
    /// Says which answers are errors.
    let judge: RefusalJudge
    /// Sends what changes things; nil for functions that may only look.
    var effects: (@Sendable (ProviderRequest) async throws(PluginFault) -> Transmission)?

    /// What a looker gave.
    struct Result: Sendable, Hashable {
        let values: [JSONValue]
        /// `ctx.state` as the function left it; nil if it has none.
        let state: JSONValue?
    }

    private var plugin: Plugin { connected.plugin }

    /// Requests of one call, at most; a list in pages counts as one.
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
        state kept: JSONValue? = nil,
        _ arguments: [LuaArgument] = [],
        name: String
    ) async throws(PluginFault) -> Reply<Result> {
        var raised: Refusal?
        do throws(LuaFailure) {
            let state = try await plugin.state()
            var step = try await state.start(function, [Self.context(scope, kept)] + arguments)
            for _ in 0..<Self.limit {
                guard case .request(let operation, let bytes) = step else {
                    let result = try await result(step, of: state)
                    connected.log.write(await state.takeLog())
                    return .given(result)
                }
                step = try await answer(operation, bytes, scope, state, raised: &raised)
            }
        } catch {
            return try Self.reply(to: error, raised, name)
        }
        throw PluginFault("\(name): more than \(Self.limit) requests", place: plugin.file)
    }

    /// What an uncaught error means: one that a request raised says something of the provider, not of the plugin.
    ///
    /// `raised` is the latest refusal that a request raised, which knows more than the error does.
    private static func reply(
        to error: LuaFailure,
        _ raised: Refusal?,
        _ name: String
    ) throws(PluginFault) -> Reply<Result> {
        let kind = error.thrownKind ?? ""
        if kind.hasPrefix(unanswered) {
            let parts = kind.dropFirst(unanswered.count).split(separator: ":")
            if let failed = parts.first.flatMap({ TransportFailure.Kind(rawValue: String($0)) }) {
                return .unanswered(TransportFailure(failed, error.message, mayHaveArrived: parts.count < 2))
            }
        }
        if let reasonClass = ReasonClass(rawValue: kind), ErrorRules.classes.contains(reasonClass) {
            let delay = raised?.reasonClass == reasonClass ? raised?.retryAfter : nil
            return .refused(Refusal(reasonClass, error.message, retryAfter: delay))
        }
        if error.bodyUndecodable { return .refused(Refusal(.unreadable, error.message)) }
        throw error.fault(in: name)
    }

    /// Begins the kind of an error that stands for a request without an answer.
    private static let unanswered = "unanswered:"
    /// Ends it if the request surely did not arrive.
    private static let notSent = ":not_sent"

    private static func context(_ scope: TemplateScope, _ kept: JSONValue?) -> LuaArgument {
        .context(
            json: Hooks.contextJSON(scope, further: ["state": kept ?? .object([:])]),
            primitives: ["request", "pages"],
            forbidden: forbidden
        )
    }

    private func answer(
        _ operation: String,
        _ arguments: [UInt8],
        _ scope: TemplateScope,
        _ state: LuaState,
        raised: inout Refusal?
    ) async throws(LuaFailure) -> LuaStep {
        let values = try HookResult.read(arguments).array ?? []
        let reply: Reply<Answer>
        do throws(PluginFault) {
            reply = try await ask(operation, values, scope)
        } catch {
            return try await Self.raise("plugin", error.message, in: state)
        }
        switch reply {
        case .given(.response(let response)):
            let view = AnswerView(response, unwrap: plugin.manifest.unwrap)
            return try await state.resume(with: view.luaArgument)
        case .given(.list(let list)):
            return try await state.resume(with: .json(Array(JSONValue.array(list).text.utf8)))
        case .refused(let refusal):
            raised = refusal
            return try await Self.raise(refusal.reasonClass.rawValue, refusal.message, in: state)
        case .unanswered(let failure):
            let kind = Self.unanswered + failure.kind.rawValue + (failure.mayHaveArrived ? "" : Self.notSent)
            return try await Self.raise(kind, failure.message, in: state)
        }
    }

    /// What a call of the function is answered with.
    private enum Answer: Sendable, Hashable {
        case response(ProviderResponse)
        case list([JSONValue])
    }

    private func ask(
        _ operation: String,
        _ values: [JSONValue],
        _ scope: TemplateScope
    ) async throws(PluginFault) -> Reply<Answer> {
        let purpose = "ctx.\(operation)"
        let template = try RequestBuilder.template(from: values.first ?? .null, purpose: purpose, furtherKeys: [])
        let request = try connected.builder.fill(template, scope: scope, purpose: purpose)
        guard operation == "pages" else {
            return try await answer(to: request, scope).map { (response) throws(PluginFault) in .response(response) }
        }
        let pages = values.count > 1 ? values[1] : .null
        return try await self.pages(request, pages, scope).map { (list) throws(PluginFault) in .list(list) }
    }

    private func answer(
        to request: ProviderRequest,
        _ scope: TemplateScope
    ) async throws(PluginFault) -> Reply<ProviderResponse> {
        let outcome: Transmission
        let effects = request.method == "GET" || request.method == "HEAD" ? nil : effects
        if let effects {
            outcome = try await effects(request)
        } else if ["GET", "HEAD", "POST"].contains(request.method) {
            outcome = try await courier.send(request)
        } else {
            throw PluginFault("ctx.request: \(request.method) changes things, and this function may only look")
        }
        switch outcome {
        case .failed(let failure): return .unanswered(effects == nil ? failure.harmless : failure)
        case .answered(let answer):
            let refusal = try await judge.refusal(
                AnswerView(answer),
                expected: request.expected,
                context: Hooks.context(scope),
                purpose: request.purpose
            )
            if effects != nil, let unsettled = refusal?.unsettled { return .unanswered(unsettled) }
            return refusal.map { .refused($0) } ?? .given(answer)
        }
    }

    private func pages(
        _ request: ProviderRequest,
        _ value: JSONValue,
        _ scope: TemplateScope
    ) async throws(PluginFault) -> Reply<[JSONValue]> {
        let problems = PluginProblems(file: "ctx.pages", source: "")
        let node = ManifestNode(value: value, path: [], problems: problems, isLiteral: true)
        guard let pages = PagesManifest(node), problems.found.isEmpty else {
            throw PluginFault("ctx.pages: \(problems.found.map(\.message).joined(separator: "; "))")
        }
        let reader = PageReader(
            plugin: plugin,
            courier: courier,
            judge: judge,
            context: Hooks.context(scope),
            purpose: "ctx.pages"
        )
        return try await reader.all(request, pages)
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
