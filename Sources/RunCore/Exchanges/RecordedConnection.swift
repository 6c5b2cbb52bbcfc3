/// What a run's requests were made with, beside the run: kept, so that they can be made again without the network.
package struct RecordedConnection: Sendable, Hashable, Codable {
    /// The plugin's settings by name, defaults included, no secrets.
    package let settings: [String: JSONValue]
    /// What replaced the plugin's base URL; nil if nothing did.
    package let baseURL: String?
    /// Names of the secrets that there were.
    package let secrets: [String]
    /// The target as the user wrote it, where it was looked up; nil where it was not.
    package var lookedUp: String?

    /// Describes a connection; by default one that has nothing.
    package init(settings: [String: JSONValue] = [:], baseURL: String? = nil, secrets: [String] = []) {
        self.settings = settings
        self.baseURL = baseURL
        self.secrets = secrets
    }
}
