/// Which plugin a run belongs to, exactly.
package struct PluginReference: Sendable, Hashable, Codable {
    package let name: String
    package let version: String
    /// SHA-256 of the plugin's source as 64 hex digits.
    package let digest: String

    package init(name: String, version: String, digest: String) {
        self.name = name
        self.version = version
        self.digest = digest
    }
}
