import Lua
import RunCore

/// The steps in which a function of the plugin may send requests of its own.
extension ProviderSteps {
    /// Looks at a run by a function that sends requests of its own.
    func look(
        _ function: LuaFunction,
        _ poll: PollManifest,
        _ run: Run,
        through courier: any Courier
    ) async throws(PluginFault) -> PollVerdict {
        let scope = scope(of: run)
        let reply = try await looker(poll.errors, courier)
            .call(function, scope: scope, state: run.pluginState, name: Self.look)
        switch reply {
        case .given(let result): return .report(ended(try await report(result, scope), run))
        case .refused(let refusal): return cancelled(run, refusal) ?? .refused(refusal)
        case .unanswered(let failure): return .unanswered(failure)
        }
    }

    /// Looks the run's target up.
    func resolve(_ run: Run, through courier: any Courier) async throws(PluginFault) -> Reply<TargetChoice> {
        try await located { () async throws(PluginFault) in
            guard let target = run.target, let manifest = operation.target else {
                throw PluginFault("resolve: the operation \(operation.name) has no target")
            }
            let finder = TargetFinder(looker: looker(nil, courier), lookup: operation.lookup, target: manifest)
            return try await finder.resolve(target.id, scope(of: run))
        }
    }

    /// Looks for runs of the target.
    func find(
        _ run: Run,
        _ intent: StartIntent?,
        through courier: any Courier
    ) async throws(PluginFault) -> Reply<FoundRuns> {
        try await located { () async throws(PluginFault) in
            guard let function = operation.find else {
                throw PluginFault("the operation \(operation.name) has no find")
            }
            let scope = scope(of: run)
            var members: [String: JSONValue] = [
                "key": .string(run.key.text), "params": .object(run.params), "target": scope.targetValue ?? .null,
            ]
            if let intent { members["sent_at"] = .string(intent.sentAt.rfc3339) }
            let argument = LuaArgument.json(Array(JSONValue.object(members).text.utf8))
            let reply = try await looker(nil, courier).call(function, scope: scope, [argument], name: "find")
            return try reply.map { (result) throws(PluginFault) in
                try FoundRunsReader.read(result.values.first ?? .null)
            }
        }
    }

    /// Asks the provider to end the run.
    func cancel(_ run: Run, through courier: any Courier) async throws(PluginFault) -> CancelVerdict {
        try await located { () async throws(PluginFault) in
            guard let cancel = operation.cancel else {
                throw PluginFault("the operation \(operation.name) has no cancel")
            }
            let scope = scope(of: run)
            switch cancel.way {
            case .steps(let function):
                var looker = looker(cancel.errors, courier)
                looker.effects = { (request) async throws(PluginFault) in try await courier.send(request) }
                return Self.verdict(try await looker.call(function, scope: scope, name: "cancel.steps"))
            case .requests(let requests):
                for request in requests {
                    let verdict = try await send(request, cancel, scope, courier)
                    guard verdict == .sent else { return verdict }
                }
                return .sent
            }
        }
    }

    private func send(
        _ manifest: RequestManifest,
        _ cancel: CancelManifest,
        _ scope: TemplateScope,
        _ courier: any Courier
    ) async throws(PluginFault) -> CancelVerdict {
        let request = try await builder.request(manifest, scope: scope, purpose: "cancel.request")
        let context = Hooks.context(scope)
        return Self.verdict(
            try await judge(cancel.errors).reply(to: request, through: courier, context: context, purpose: "cancel")
        )
    }

    private static func verdict<Value>(_ reply: Reply<Value>) -> CancelVerdict {
        switch reply {
        case .given: .sent
        case .refused(let refusal): .refused(refusal)
        case .unanswered(let failure): .unanswered(failure)
        }
    }

    private func looker(_ errors: ErrorRules?, _ courier: any Courier) -> Looker {
        Looker(connected: connected, courier: courier, judge: judge(errors))
    }

    private static let look = "poll.look"

    private func report(_ result: Looker.Result, _ scope: TemplateScope) async throws(PluginFault) -> StatusReport {
        let value = result.values.first ?? .null
        var report = try StatusReader.report(from: value, purpose: Self.look)
        report.pluginState = result.state
        // Links of a looker have no answer they stood in: they start at the base URL.
        let place = AnswerView(ProviderResponse(status: 200, url: builder.baseURL))
        let known = scope.adding(remote: report.remote)
        report.links = try await files(of: report, value["artifacts"], Self.look, place, known)
        return report
    }
}
