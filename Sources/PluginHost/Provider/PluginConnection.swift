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
    private let authenticator: Authenticator
    private let mask: SecretMask

    /// Brings a plugin and a connection together.
    ///
    /// - Throws: when the base URL or a host cannot be made from the settings.
    package static func make(
        _ plugin: Plugin,
        _ connection: Connection,
        logger: Logger = Logger(label: "plugin", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws(PluginFault) -> PluginConnection {
        let log = PluginLog(
            logger: logger,
            plugin: plugin.manifest.name,
            mask: SecretMask(secrets: connection.secrets)
        )
        let hooks = Hooks(plugin: plugin, log: log)
        let baseURL = try await BaseURLReader(plugin: plugin, connection: connection, hooks: hooks).read()
        let origins = try AllowedOrigins(plugin: plugin, connection: connection, baseURL: baseURL)
        return PluginConnection(plugin, connection, baseURL, origins, hooks, log)
    }

    private init(
        _ plugin: Plugin,
        _ connection: Connection,
        _ baseURL: String,
        _ origins: AllowedOrigins,
        _ hooks: Hooks,
        _ log: PluginLog
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
        mask = SecretMask(secrets: connection.secrets, pairs: authenticator.maskedPairs)
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

    /// Adds what `auth` says to the request; sends nothing to get it.
    package func authorize(
        _ request: ProviderRequest,
        through courier: any Courier
    ) async throws(PluginFault) -> Authorization {
        .ready(try authenticator.authorize(request))
    }

    /// Always false: what `auth` knows comes from the settings and cannot be renewed.
    package func renewCredentials(through courier: any Courier) async -> Bool { false }

    /// Replaces each secret, in all its encodings, by its name in brackets.
    package func masked(_ text: String) -> String { mask.mask(text) }

    /// Replaces as in text, also inside of bytes that are no UTF-8.
    package func masked(_ bytes: [UInt8]) -> [UInt8] { mask.mask(bytes) }
}

extension PluginConnection {
    /// Where requests go: what paths are appended to.
    package var address: String { baseURL }
}
