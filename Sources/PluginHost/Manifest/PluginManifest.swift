import Foundation
import Lua
import RunCore

/// A plugin's table, read once and checked: all that the host knows of a plugin without running a step of it.
package struct PluginManifest: Sendable, Hashable {
    /// Where requests go.
    enum BaseURL: Sendable, Hashable {
        case template(Template)
        /// One template per value of a setting.
        case choice(setting: String, urls: [String: Template])
        case function(LuaFunction)
    }

    /// A further host that requests may go to.
    package struct Host: Sendable, Hashable {
        let origin: Template
        /// Whether the credentials may go there.
        package let takesCredentials: Bool
    }

    /// What a provider asks of its clients; nil where it asks nothing.
    package struct Limits: Sendable, Hashable {
        /// Requests that may begin in one second, fractions allowed.
        package let requestsPerSecond: Double?
        /// Requests at once.
        package let concurrent: Int?
    }

    /// The plugin's name, equal to its folder's or file's.
    package let name: String
    /// The plugin's own version, as its author writes it.
    package let version: String
    /// One line on what the plugin runs, for lists.
    package let summary: String
    /// Address of the provider's or the plugin's page; nil if none is given.
    package let homepage: String?
    /// What a connection may or must state, secrets included, sorted by name.
    package let settings: [SettingSchema]
    let baseURL: BaseURL
    /// Hosts beside the base URL's that requests may go to.
    package let hosts: [Host]
    let auth: AuthManifest
    let headers: JSONValue?
    let errors: ErrorRules?
    let unwrap: AnswerPath?
    /// What the provider asks of its clients.
    package let limits: Limits
    /// Harmless authenticated requests.
    let check: [CheckManifest]
    /// What can be run, by name; at least one.
    package let operations: [String: OperationManifest]
    /// One-shot calls, by name.
    package let actions: [String: ActionManifest]
    /// The operation that needs no name; nil if there are several and none is preferred.
    package let defaultOperation: String?
    /// Whether any step is a function: then a Lua state is needed to run it.
    package let hasFunctions: Bool

    /// Names of the secrets it asks for.
    package var secrets: [String] { settings.filter { $0.kind == .secret }.map(\.name) }
}

extension PluginManifest {
    /// The settings that only say where requests go; a base URL of the user's own takes their place.
    var baseURLSettings: Set<String> {
        switch baseURL {
        case .template(let template): Set(template.placeholders.compactMap(\.keys.first))
        case .choice(let setting, let urls):
            Set(urls.values.flatMap(\.placeholders).compactMap(\.keys.first) + [setting])
        case .function: Set(settings.filter { $0.kind == .url }.map(\.name))
        }
    }

    /// Where requests may go, as the plugin writes it.
    package var hostSummary: [String] {
        let base: [String] =
            switch baseURL {
            case .template(let template): [template.source]
            case .choice(_, let urls): urls.values.map(\.source).sorted()
            case .function: ["made by a function"]
            }
        return base + hosts.map { $0.takesCredentials ? "\($0.origin.source) (with credentials)" : $0.origin.source }
    }

    /// What `plugins.lock` compares: each origin and whether the credentials go there, and the defaults that lead there.
    ///
    /// What a function makes of the settings cannot be told beforehand, so there each `digest` is a claim of its own.
    package func hostClaims(digest: String) -> [String] {
        let base: [Template]
        switch baseURL {
        case .template(let template): base = [template]
        case .choice(_, let urls): base = Array(urls.values)
        case .function: base = []
        }
        let made = base.isEmpty ? ["that the function of \(digest.prefix(12))… makes"] : []
        let origins = base.map { "\($0.source) (with credentials)" } + hostSummary.suffix(hosts.count)
        let names = Set((base + hosts.map(\.origin)).flatMap(\.placeholders).compactMap(\.keys.first))
        let defaults = settings.filter { names.contains($0.name) || base.isEmpty }.compactMap { setting in
            setting.fallback.map { "\($0.plainText) as the default of \(setting.name)" }
        }
        return made + origins + defaults
    }

    /// The path of the base URL below its host, as far as it is fixed; empty if there is none.
    package var basePath: String {
        let source =
            switch baseURL {
            case .template(let template): template.source
            case .choice(_, let urls): urls.values.map(\.source).min() ?? ""
            case .function: ""
            }
        guard let host = source.range(of: "://"), let slash = source[host.upperBound...].firstIndex(of: "/") else {
            return ""
        }
        return String(source[slash...])
    }
}
