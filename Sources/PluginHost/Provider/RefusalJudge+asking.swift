import Lua
import RunCore

extension RefusalJudge {
    /// Sends a request and says what came of it: the answer, unless a rule calls it a refusal.
    func reply(
        to request: ProviderRequest,
        through courier: any Courier,
        context: LuaArgument,
        purpose: String
    ) async throws(PluginFault) -> Reply<ProviderResponse> {
        switch try await courier.send(request) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let answer):
            let refusal = try await refusal(
                AnswerView(answer),
                expected: request.expected,
                context: context,
                purpose: purpose
            )
            return refusal.map { .refused($0) } ?? .given(answer)
        }
    }
}
