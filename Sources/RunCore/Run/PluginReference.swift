/// Which plugin a run belongs to, exactly.
package struct PluginReference: Sendable, Hashable, Codable {
    /// Name of the plugin, equal to its folder's or file's.
    package let name: String
    /// The version as the plugin's table states it.
    package let version: String
    /// SHA-256 of the plugin's source as 64 hex digits.
    package let digest: String

    /// Refers to the plugin whose source has this digest.
    package init(name: String, version: String, digest: String) {
        self.name = name
        self.version = version
        self.digest = digest
    }
}
