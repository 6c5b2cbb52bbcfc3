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

    /// Takes values that were checked; `Plugin.connection(named:settings:secrets:)` does so.
    package init(name: String, settings: [String: JSONValue], secrets: [String: Secret], baseURL: String? = nil) {
        self.name = name
        self.settings = settings
        self.secrets = secrets
        self.baseURL = baseURL
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
