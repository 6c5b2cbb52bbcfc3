import Lua
package import RunCore

/// Calls the actions of a plugin.
package struct ActionCaller: Sendable {
    private let connected: PluginConnection
    private let courier: any Courier
    private let effects: @Sendable (ProviderRequest) async throws(PluginFault) -> Transmission

    /// A caller on a connection; `courier` sends what may be repeated, `effects`, once, what changes something.
    package init(
        on connected: PluginConnection,
        courier: any Courier,
        effects: @escaping @Sendable (ProviderRequest) async throws(PluginFault) -> Transmission
    ) {
        self.connected = connected
        self.courier = courier
        self.effects = effects
    }

    /// Looks the target's name up, if it is one.
    ///
    /// - Throws: a fault of the plugin.
    package func resolve(
        _ target: RunTarget,
        of action: ActionManifest
    ) async throws(PluginFault) -> Reply<TargetChoice> {
        guard target.isName, let manifest = action.target else { return .given(.one(target)) }
        let finder = TargetFinder(looker: looker(action.errors), lookup: action.lookup, target: manifest)
        return try await finder.resolve(target.id, connected.scope(target: target))
    }

    /// Sends what the action says, and reads what came back.
    ///
    /// - Throws: a fault of the plugin.
    package func call(
        _ action: ActionManifest,
        target: RunTarget?,
        params: [String: JSONValue]
    ) async throws(PluginFault) -> Reply<ActionOutcome> {
        let scope = connected.scope(target: target, params: params)
        do throws(PluginFault) {
            switch action.way {
            case .steps(let function):
                var looker = looker(action.errors)
                looker.effects = effects
                let reply = try await looker.call(function, scope: scope, name: "\(action.name).steps")
                return try reply.map { (result) throws(PluginFault) in
                    try outcome(of: result.values.first ?? .null, action, scope)
                }
            case .request(let manifest, let pages?):
                return try await all(manifest, pages, action, scope)
            case .request(let manifest, nil):
                return try await one(manifest, action, scope)
            }
        } catch {
            throw PluginFault(error.message, place: error.place ?? connected.plugin.file)
        }
    }

    private func looker(_ errors: ErrorRules?) -> Looker {
        Looker(connected: connected, courier: courier, judge: connected.judge(errors))
    }

    // MARK: - Requests

    private func one(
        _ manifest: RequestManifest,
        _ action: ActionManifest,
        _ scope: TemplateScope
    ) async throws(PluginFault) -> Reply<ActionOutcome> {
        let request = try await connected.builder.request(manifest, scope: scope, purpose: action.name)
        let isSafe = request.method == "GET" || request.method == "HEAD"
        let outcome = isSafe ? try await courier.send(request) : try await effects(request)
        switch outcome {
        case .failed(let failure): return .unanswered(isSafe ? failure.harmless : failure)
        case .answered(let answer):
            let refusal = try await connected.judge(action.errors).refusal(
                AnswerView(answer),
                expected: request.expected,
                context: Hooks.context(scope),
                purpose: action.name
            )
            if !isSafe, let unsettled = refusal?.unsettled { return .unanswered(unsettled) }
            if let refusal { return .refused(refusal) }
            let view = AnswerView(answer, unwrap: connected.plugin.manifest.unwrap)
            if let message = action.bodyPaths.lazy.compactMap(view.obstacle).first {
                return isSafe
                    ? .refused(Refusal(.unreadable, message))
                    : .unanswered(.init(.malformed, message, mayHaveArrived: true))
            }
            let result = try await result(of: view, action, scope)
            guard let name = action.artifact else { return .given(ActionOutcome(result: result)) }
            let bytes = action.result == nil && action.resultPath == nil ? answer.body : Self.lines(of: result)
            return .given(try file(name, bytes, result, scope))
        }
    }

    private func all(
        _ manifest: RequestManifest,
        _ pages: PagesManifest,
        _ action: ActionManifest,
        _ scope: TemplateScope
    ) async throws(PluginFault) -> Reply<ActionOutcome> {
        let request = try await connected.builder.request(manifest, scope: scope, purpose: action.name)
        let reader = PageReader(
            plugin: connected.plugin,
            courier: courier,
            judge: connected.judge(action.errors),
            context: Hooks.context(scope),
            purpose: action.name
        )
        return try await reader.all(request, pages).map { (elements) throws(PluginFault) in
            let list = JSONValue.array(elements)
            guard let name = action.artifact else { return ActionOutcome(result: list) }
            return try file(name, Self.lines(of: list), ["count": .integer(Int64(elements.count))], scope)
        }
    }

    // MARK: - Results

    private func result(
        of answer: AnswerView,
        _ action: ActionManifest,
        _ scope: TemplateScope
    ) async throws(PluginFault) -> JSONValue {
        if let path = action.resultPath { return path.value(in: answer) ?? .null }
        switch action.result {
        case .function(let function)?:
            do throws(LuaFailure) {
                return try await connected.hooks.call(function, [answer.luaArgument, Hooks.context(scope)]).first
                    ?? .null
            } catch {
                throw error.fault(in: "\(action.name).result")
            }
        case .fields?:
            let facts = FactReader(hooks: connected.hooks)
            return .object(try await facts.fields(of: action.result, answer, Hooks.context(scope), action.name))
        case nil:
            if answer.response.body.isEmpty { return .null }
            return answer.json ?? .string(String(decoding: answer.response.body, as: UTF8.self))
        }
    }

    /// Reads what `steps` returned: `{ result, warnings }`, or nothing.
    private func outcome(
        of value: JSONValue,
        _ action: ActionManifest,
        _ scope: TemplateScope
    ) throws(PluginFault) -> ActionOutcome {
        if value == .null || value == [:] { return ActionOutcome(result: .null) }
        let known = ["result", "warnings"]
        guard let members = value.object else {
            throw PluginFault("\(action.name).steps returned \(value.excerpt); a table with result is expected")
        }
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw PluginFault("\(action.name).steps returned the unknown key \(unknown)")
        }
        var outcome = ActionOutcome(result: members["result"] ?? .null)
        if let name = action.artifact {
            outcome = try file(name, Self.lines(of: outcome.result), .null, scope)
        }
        outcome.warnings = members["warnings"].map(FactReader.texts) ?? []
        return outcome
    }

    private func file(
        _ name: Template,
        _ bytes: [UInt8],
        _ result: JSONValue,
        _ scope: TemplateScope
    ) throws(PluginFault) -> ActionOutcome {
        var outcome = ActionOutcome(result: result)
        outcome.files = [.init(name: SafeFileName.make(try name.filled(from: scope)), bytes: bytes)]
        return outcome
    }

    /// A list as one JSON value per line; a text as it is; anything else as JSON.
    private static func lines(of value: JSONValue) -> [UInt8] {
        if let text = value.string { return Array(text.utf8) }
        return Array((value.array ?? [value]).map { $0.text + "\n" }.joined().utf8)
    }
}
