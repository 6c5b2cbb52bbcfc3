package import RunCore

/// The settings and secrets of one provider account, checked against the plugin's schema.
package struct Connection: Sendable {
    /// The name the user calls it by; the plugin's own for the only account.
    package let name: String
    /// Settings by name, defaults included, secrets not.
    package let settings: [String: JSONValue]
    /// Secrets by the names the plugin gives them.
    package let secrets: [String: Secret]
    /// Replaces the plugin's base URL whole.
    package let baseURL: String?
    /// Names of the settings that have the plugin's default: the user said nothing of them.
    let defaulted: Set<String>

    /// Takes values that were checked; `Plugin.connection(named:settings:secrets:)` does so.
    package init(
        name: String,
        settings: [String: JSONValue],
        secrets: [String: Secret],
        baseURL: String? = nil,
        defaulted: Set<String> = []
    ) {
        self.name = name
        self.settings = settings
        self.secrets = secrets
        self.baseURL = baseURL
        self.defaulted = defaulted
    }

    /// Whether the user's configuration names the host of a URL: as a setting of its own, or in the URL that one is.
    ///
    /// A part of a host does not count, nor does a default of the plugin's: its author could lead both anywhere.
    func names(hostOf url: String) -> Bool {
        guard let host = URLText.host(of: url) else { return false }
        if baseURL.flatMap(URLText.host) == host { return true }
        return settings.contains { name, value in
            guard !defaulted.contains(name), let text = value.string else { return false }
            return URLText.host(of: text) == host || URLText.host(of: "https://\(text)") == host
        }
    }
}

/// A secret's value, which no printer shows.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The value itself: only for what leaves to the provider.
    package let value: String

    /// Hides a text, which only `value` gives out again.
    package init(_ value: String) {
        self.value = value
    }

    /// The same for every secret, so that none gets into a message.
    package var description: String { "<secret>" }
    /// The same for every secret, so that none gets into a debugger's output.
    package var debugDescription: String { "<secret>" }
    /// Empty, so that `dump` and test failures show nothing.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
