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

    private struct State {
        var held: Held?
        /// A login that was refused a moment ago, and until when it is not tried again.
        var refusal: (Refusal, until: Timestamp)?
    }

    private let manifest: TokenManifest
    private let clock: any AgentClock
    private let builder: RequestBuilder
    private let scope: TemplateScope
    private let secrets: [String: JSONValue]
    private let judge: RefusalJudge
    private let mask: LiveMask
    private let state = Mutex(State())
    /// Only one request for a token is under way: others want the same one.
    private let turn = Slots(1)

    /// How long a refused login stands for all that want one: many tries lock accounts.
    private static let refusalStands = Duration.seconds(30)

    /// The token that `manifest` says how to get; `secrets` may stand in the body of its request.
    init(
        _ manifest: TokenManifest,
        clock: any AgentClock,
        builder: RequestBuilder,
        scope: TemplateScope,
        secrets: [String: JSONValue],
        judge: RefusalJudge,
        mask: LiveMask
    ) {
        self.manifest = manifest
        self.clock = clock
        self.builder = builder
        self.scope = scope
        self.secrets = secrets
        self.judge = judge
        self.mask = mask
    }

    /// The token, from memory if it is still good.
    ///
    /// - Throws: when the request for it cannot be made.
    func text(through courier: any Courier) async throws(PluginFault) -> Reply<String> {
        if let known { return known }
        guard await turn.take() else {
            return .unanswered(TransportFailure(.cancelled, "the login was not sent", mayHaveArrived: false))
        }
        defer { turn.giveBack() }
        if let known { return known }
        let reply = try await fetch(through: courier)
        if case .refused(let refusal) = reply { remember(refusal) }
        return reply
    }

    /// Gives the token up, if it is the refused one and no other has taken its place already.
    func giveUp(_ isRefused: (String) -> Bool) {
        state.withLock { if let held = $0.held, isRefused(held.text) { $0.held = nil } }
    }

    /// The token that is still good, or the refusal that still stands.
    private var known: Reply<String>? {
        let now = clock.now()
        return state.withLock { state in
            if let held = state.held, held.renewAt.map({ now < $0 }) != false { return .given(held.text) }
            guard let (refusal, until) = state.refusal, now < until else { return nil }
            let retryAfter = refusal.retryAfter == nil ? nil : until - now
            return .refused(Refusal(refusal.reasonClass, refusal.message, retryAfter: retryAfter))
        }
    }

    private func remember(_ refusal: Refusal) {
        // One that says nothing of the credentials, and does not ask to wait, may be tried again at once.
        let stands = refusal.reasonClass.isPassing ? refusal.retryAfter : Self.refusalStands
        guard let stands else { return }
        let until = clock.now() + min(stands, .seconds(86_400))
        state.withLock { $0.refusal = (refusal, until) }
    }

    private func fetch(through courier: any Courier) async throws(PluginFault) -> Reply<String> {
        var request = try builder.fill(
            manifest.request,
            scope: scope,
            secrets: secrets,
            purpose: TokenManifest.purpose
        )
        request.credentials = .login
        let answer: ProviderResponse
        switch try await courier.send(request) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let response): answer = response
        }
        let isGood = (200..<300).contains(answer.status) || request.expected.contains(answer.status)
        guard isGood else { return .refused(try await refusal(answer)) }
        guard let text = Self.token(in: answer, manifest) else {
            // It may hold a token elsewhere, so that no function may see it.
            let place = manifest.token?.source ?? "cookie"
            return .refused(Refusal(.unreadable, "login: the answer has no \(place) (HTTP \(answer.status))"))
        }
        mask.learn(Self.parts(of: text, manifest))
        let now = clock.now()
        let lifetime = Self.lifetime(of: text, in: answer, manifest, now: now)
        // Another one is got before the end: a request takes its time.
        let renewAt = lifetime.map { now + ($0 - min($0 * 0.1, .seconds(30))) }
        state.withLock { $0 = State(held: Held(text: text, renewAt: renewAt)) }
        return .given(text)
    }

    // MARK: - Answers

    private func refusal(_ answer: ProviderResponse) async throws(PluginFault) -> Refusal {
        var masked = answer
        masked.url = mask.mask(answer.url)
        masked.body = mask.mask(answer.body)
        masked.headers = HTTPHeaders(
            answer.headers.fields.filter { $0.name.lowercased() != "set-cookie" }.map {
                .init($0.name, mask.mask($0.value))
            }
        )
        let refusal = try await judge.refusal(
            AnswerView(masked),
            expected: [],
            context: Hooks.context(TemplateScope()),
            purpose: TokenManifest.purpose
        )
        let usual = Refusal(.unreadable, "HTTP \(answer.status)")
        let given = refusal ?? usual
        return Refusal(given.reasonClass, "login: \(given.message)", retryAfter: given.retryAfter)
    }

    /// What is to be masked of a token: of cookies each by itself, too, as servers set them again one by one.
    private static func parts(of token: String, _ manifest: TokenManifest) -> [String] {
        guard manifest.carrier == .cookies else { return [token] }
        let pairs = token.split(separator: "; ").map(String.init)
        let values = pairs.compactMap { $0.split(separator: "=", maxSplits: 1).last.map(String.init) }
        return [token] + pairs + values.filter { $0.utf8.count >= 8 }
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
