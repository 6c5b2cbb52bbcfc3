package import Logging
import Lua
package import RunCore

/// A plugin on one connection: what its runs, its actions and its look-ups share.
package struct PluginConnection: Credentials {
    /// The plugin whose table and functions are followed.
    package let plugin: Plugin
    /// The account that is spoken to.
    package let connection: Connection
    /// Where requests may go, made from plugin and connection together.
    package let origins: AllowedOrigins
    /// What paths are appended to.
    let baseURL: String
    /// Calls the plugin's functions that only compute.
    let hooks: any FunctionCaller
    let log: PluginLog
    let builder: RequestBuilder
    /// How requests get the token they carry; nil if they carry none.
    let token: TokenManifest?
    /// The token; nil if there is none, or if it is invented.
    private let session: SessionToken?
    private let authenticator: Authenticator
    private let mask: LiveMask

    /// Brings a plugin and a connection together; `tokens` says where a token comes from, if its `auth` needs one.
    ///
    /// - Throws: when the base URL or a host cannot be made from the settings.
    package static func make(
        _ plugin: Plugin,
        _ connection: Connection,
        tokens: TokenUse,
        logger: Logger = Logger(label: "plugin", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws(PluginFault) -> PluginConnection {
        let mask = LiveMask(secrets: connection.secrets)
        let log = PluginLog(logger: logger, plugin: plugin.manifest.name, mask: mask)
        let hooks = Hooks(plugin: plugin, log: log)
        let baseURL = try await BaseURLReader(plugin: plugin, connection: connection, hooks: hooks).read()
        let origins = try AllowedOrigins(plugin: plugin, connection: connection, baseURL: baseURL)
        return PluginConnection(plugin, connection, baseURL, origins, hooks, log, tokens)
    }

    private init(
        _ plugin: Plugin,
        _ connection: Connection,
        _ baseURL: String,
        _ origins: AllowedOrigins,
        _ hooks: Hooks,
        _ log: PluginLog,
        _ tokens: TokenUse
    ) {
        self.plugin = plugin
        self.connection = connection
        self.origins = origins
        self.baseURL = baseURL
        self.hooks = hooks
        self.log = log
        builder = RequestBuilder(plugin: plugin, baseURL: baseURL, hooks: hooks)
        authenticator = Authenticator(
            auth: plugin.manifest.auth,
            connection: connection,
            origins: origins,
            place: plugin.file
        )
        mask = log.mask
        mask.add(authenticator.maskedPairs)
        guard case .token(let token)? = plugin.manifest.auth.chosen(by: connection.settings) else {
            (token, session) = (nil, nil)
            return
        }
        self.token = token
        guard case .fetched(let clock) = tokens else {
            session = nil
            return
        }
        let secrets = connection.secrets.mapValues { JSONValue.string($0.value) }
        session = SessionToken(
            token,
            clock: clock,
            builder: builder,
            scope: TemplateScope(settings: connection.settings),
            secrets: secrets,
            judge: RefusalJudge(hooks: hooks, rules: [plugin.manifest.errors].compactMap(\.self)),
            mask: mask
        )
    }

    /// What placeholders stand for outside of any run.
    func scope(
        target: RunTarget? = nil,
        params: [String: JSONValue] = [:],
        run: [String: JSONValue] = [:]
    ) -> TemplateScope {
        TemplateScope(target: target, params: params, settings: connection.settings, run: run)
    }

    /// Says which answers are errors: by the given rules first, then by the plugin's.
    func judge(_ rules: ErrorRules?...) -> RefusalJudge {
        RefusalJudge(hooks: hooks, rules: (rules + [plugin.manifest.errors]).compactMap(\.self))
    }

    // MARK: - Credentials

    /// Whether tokens are got on the way, which are then masked, too.
    package var getsTokens: Bool { session != nil }

    /// Adds what `auth` says to the request; a token is got first, if there is none that is still good.
    package func authorize(
        _ request: ProviderRequest,
        through courier: any Courier
    ) async throws(PluginFault) -> Authorization {
        guard token != nil, request.credentials == .standard, try authenticator.takesCredentials(request) else {
            return .ready(try authenticator.authorize(request))
        }
        switch try await session?.text(through: courier) {
        case .refused(let refusal): return .refused(refusal)
        case .unanswered(let failure): return .unanswered(failure)
        case .given(let text): return .ready(try authenticator.authorize(request, token: text))
        case nil: return .ready(try authenticator.authorize(request, token: "[session]"))
        }
    }

    /// By its status 401, or by what the plugin's `expired` says of it.
    ///
    /// False where requests carry no token: what comes from the settings cannot be replaced.
    package func givesUpToken(
        after answer: ProviderResponse,
        to authorized: ProviderRequest?
    ) async throws(PluginFault) -> Bool {
        guard let token, !(200..<300).contains(answer.status) else { return false }
        if let authorized {
            guard authorized.credentials == .standard, token.carrier.isCarrying(authorized) else { return false }
            if authorized.expected.contains(answer.status) { return false }
        }
        guard try await isExpired(token, answer) else { return false }
        if let authorized { session?.giveUp { token.carrier.isCarrying(authorized, $0) } }
        return true
    }

    private func isExpired(_ token: TokenManifest, _ answer: ProviderResponse) async throws(PluginFault) -> Bool {
        if answer.status == 401 { return true }
        guard let expired = token.expired else { return false }
        do throws(LuaFailure) {
            return try await hooks.call(expired, [AnswerView(answer).luaArgument]).first == .bool(true)
        } catch {
            // One that trips over a body which is no JSON says nothing.
            if error.bodyUndecodable { return false }
            throw error.fault(in: "auth.expired")
        }
    }

    /// Replaces each secret, in all its encodings, by its name in brackets.
    package func masked(_ text: String) -> String { mask.mask(text) }

    /// Replaces as in text, also inside of bytes that are no UTF-8.
    package func masked(_ bytes: [UInt8]) -> [UInt8] { mask.mask(bytes) }
}

extension PluginConnection {
    /// Where requests go: what paths are appended to.
    package var address: String { baseURL }
}
