import Foundation
import Lua
import RunCore
import Synchronization

/// The token of a connection: got when a request needs it first, kept in memory, got again when it ends or is refused.
final class SessionToken: Sendable {
    private struct Held {
        let text: String
        /// When another one is got; nil if nothing says when it ends.
        let renewAt: Timestamp?
    }

    private let manifest: TokenManifest
    private let clock: any AgentClock
    private let builder: RequestBuilder
    private let scope: TemplateScope
    private let judge: RefusalJudge
    private let mask: LiveMask
    private let held = Mutex<Held?>(nil)
    /// Only one request for a token is under way: others want the same one.
    private let turn = Slots(1)

    /// The token that `manifest` says how to get; `scope` holds the connection's secrets among its settings.
    init(
        _ manifest: TokenManifest,
        clock: any AgentClock,
        builder: RequestBuilder,
        scope: TemplateScope,
        judge: RefusalJudge,
        mask: LiveMask
    ) {
        self.manifest = manifest
        self.clock = clock
        self.builder = builder
        self.scope = scope
        self.judge = judge
        self.mask = mask
    }

    /// The token, from memory if it is still good.
    ///
    /// - Throws: when the request for it cannot be made.
    func text(through courier: any Courier) async throws(PluginFault) -> Reply<String> {
        if let text = good { return .given(text) }
        guard await turn.take() else {
            return .unanswered(TransportFailure(.cancelled, "the login was not sent", mayHaveArrived: false))
        }
        defer { turn.giveBack() }
        if let text = good { return .given(text) }
        return try await fetch(through: courier)
    }

    /// Gives a refused token up, unless another one has taken its place already.
    func giveUp(_ token: String) {
        held.withLock { if $0?.text == token { $0 = nil } }
    }

    private var good: String? {
        held.withLock { held in
            guard let known = held, known.renewAt.map({ clock.now() < $0 }) != false else { return nil }
            return known.text
        }
    }

    private func fetch(through courier: any Courier) async throws(PluginFault) -> Reply<String> {
        var request = try builder.fill(manifest.request, scope: scope, purpose: TokenManifest.purpose)
        request.credentials = .login
        let answer: ProviderResponse
        switch try await courier.send(request) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let response): answer = response
        }
        let isGood = (200..<300).contains(answer.status) || request.expected.contains(answer.status)
        guard isGood, let text = Self.token(in: answer, manifest) else {
            return .refused(try await refusal(answer, request))
        }
        mask.learn(text)
        let now = clock.now()
        let lifetime = Self.lifetime(of: text, in: answer, manifest, now: now)
        // Another one is got before the end: a request takes its time.
        let renewAt = lifetime.map { now + ($0 - min($0 * 0.1, .seconds(30))) }
        held.withLock { $0 = Held(text: text, renewAt: renewAt) }
        return .given(text)
    }

    // MARK: - Answers

    /// Without the token there is nothing secret in the answer that the plugin's rules could see.
    private func refusal(_ answer: ProviderResponse, _ request: ProviderRequest) async throws(PluginFault) -> Refusal {
        var masked = answer
        masked.body = mask.mask(answer.body)
        masked.headers = HTTPHeaders(answer.headers.fields.filter { $0.name.lowercased() != "set-cookie" })
        let refusal = try await judge.refusal(
            AnswerView(masked),
            expected: [],
            context: Hooks.context(TemplateScope()),
            purpose: TokenManifest.purpose
        )
        if let refusal {
            return Refusal(refusal.reasonClass, "login: \(refusal.message)", retryAfter: refusal.retryAfter)
        }
        let place = manifest.token?.source ?? "cookie"
        return Refusal(.unreadable, "login: the answer has no \(place) (HTTP \(answer.status))")
    }

    private static func token(in answer: ProviderResponse, _ manifest: TokenManifest) -> String? {
        let text: String?
        if let path = manifest.token {
            text = path.value(in: AnswerView(answer))?.plainText
        } else {
            let pairs = answer.headers.all("set-cookie").compactMap { $0.split(separator: ";").first.map(String.init) }
            text = pairs.isEmpty ? nil : pairs.joined(separator: "; ")
        }
        // What cannot stand in a header is no token.
        guard let text, !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
        return text
    }

    private static func lifetime(
        of token: String,
        in answer: ProviderResponse,
        _ manifest: TokenManifest,
        now: Timestamp
    ) -> Duration? {
        switch manifest.lifetime {
        case nil: return nil
        case .fixed(let duration): return duration
        case .path(let path):
            guard let value = path.value(in: AnswerView(answer)) else { return nil }
            if let seconds = value.double ?? value.string.flatMap(Double.init) { return duration(seconds, now) }
            return value.string.flatMap(Timestamp.init(rfc3339:)).map { $0 - now }
        case .claim: return claims(of: token)?["exp"]?.double.flatMap(time).map { $0 - now }
        }
    }

    /// Seconds from now; a number of more than thirty years is a time since 1970.
    private static func duration(_ seconds: Double, _ now: Timestamp) -> Duration? {
        seconds < 1_000_000_000 ? Duration(clampedSeconds: seconds) : time(seconds).map { $0 - now }
    }

    /// Seconds since 1970; nil if that is no time that anything ends at.
    private static func time(_ seconds: Double) -> Timestamp? {
        abs(seconds) < 1e12 ? Timestamp(milliseconds: Int64(seconds * 1000)) : nil
    }

    /// The claims of a JSON Web Token (RFC 7519 section 3), which nobody needs to verify who only carries it.
    private static func claims(of token: String) -> JSONValue? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var base64 = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        return Data(base64Encoded: String(base64)).flatMap { try? JSONReader.read(Array($0), as: JSONValue.self) }
    }
}
