import Lua
import RunCore

extension ProviderSteps {
    /// Looks at a run by a function that sends requests of its own.
    func look(
        _ function: LuaFunction,
        _ poll: PollManifest,
        _ run: Run,
        through courier: any Courier
    ) async throws(PluginFault) -> PollVerdict {
        let scope = scope(of: run)
        let looker = Looker(
            plugin: plugin,
            builder: builder,
            courier: courier,
            judge: judge(poll.errors),
            judgeContext: Hooks.context(scope)
        )
        do throws(LookerFailure) {
            let result = try await looker.call(function, scope: scope, state: run.pluginState, name: Self.look)
            return .report(try await report(result, run, scope))
        } catch {
            switch error {
            case .faulted(let fault): throw fault
            case .refused(let refusal): return .refused(refusal)
            case .unanswered(let failure): return .unanswered(failure)
            }
        }
    }

    private static let look = "poll.look"

    private func report(
        _ result: Looker.Result,
        _ run: Run,
        _ scope: TemplateScope
    ) async throws(LookerFailure) -> StatusReport {
        do throws(PluginFault) {
            let value = result.values.first ?? .null
            var report = try StatusReader.report(from: value, purpose: Self.look)
            report.pluginState = result.state
            // Links of a looker have no answer they stood in: they start at the base URL.
            let place = AnswerView(ProviderResponse(status: 200, url: builder.baseURL))
            let known = scope.adding(remote: report.remote)
            report.links = try await files(of: report, value["artifacts"], Self.look, place, known)
            return report
        } catch {
            throw .faulted(error)
        }
    }
}
