import Lua
import RunCore

/// Runs a function of a plugin that sends requests of its own which change nothing: `look`, `resolve`, `find`.
///
/// Has a Lua state of its own for the call. Nothing is journalled: after a crash it looks again.
struct Looker: Sendable {
    let plugin: Plugin
    let builder: RequestBuilder
    let courier: any Courier

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
            if error.thrownKind == Self.unanswered { throw .unanswered(error.message) }
            throw .faulted(error.fault(in: name))
        }
        throw .faulted(PluginFault("\(name): more than \(Self.limit) requests", place: plugin.file))
    }

    private static let unanswered = "unanswered"

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
        do throws(PluginFault) {
            let template = try RequestBuilder.template(from: value, purpose: "ctx.request", furtherKeys: [])
            let request = try builder.fill(template, scope: scope, purpose: "ctx.request")
            guard request.method == "GET" || request.method == "HEAD" || request.method == "POST" else {
                throw PluginFault("ctx.request: \(request.method) changes things, and this function may only look")
            }
            outcome = try await courier.send(request)
        } catch {
            return try await Self.raise("plugin", error.message, in: state)
        }
        switch outcome {
        case .answered(let answer): return try await state.resume(with: AnswerView(answer).luaArgument)
        case .failed(let failure): return try await Self.raise(Self.unanswered, failure.message, in: state)
        }
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
    /// A request got no whole answer, and the function did not catch that.
    case unanswered(String)
}
