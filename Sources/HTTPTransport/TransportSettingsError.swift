/// Why a transport cannot work with its settings.
package struct TransportSettingsError: Error, Sendable, Hashable {
    /// The setting at fault, as users write it (`ca_file`), or the environment variable (`HTTPS_PROXY`).
    package let setting: String
    /// One sentence that names setting, path and cause.
    package let message: String

    /// An error about a setting, whose name is put before the message.
    package init(_ setting: String, _ message: String) {
        self.setting = setting
        self.message = "\(setting): \(message)"
    }
}
