package import RunCore

/// The settings and secrets of one provider account, checked against the plugin's schema.
package struct Connection: Sendable {
    package let name: String
    /// Settings by name, defaults included, secrets not.
    package let settings: [String: JSONValue]
    package let secrets: [String: Secret]
    /// Replaces the plugin's base URL whole.
    package let baseURL: String?

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

    package init(_ value: String) {
        self.value = value
    }

    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
