/// Why a transport cannot work with its settings.
package struct TransportSettingsError: Error, Sendable, Hashable {
    /// The setting at fault, as users write it, e.g. `ca_file`, or the environment variable, e.g. `HTTPS_PROXY`.
    package let setting: String
    /// One sentence that names setting, path and cause.
    package let message: String

    package init(_ setting: String, _ message: String) {
        self.setting = setting
        self.message = "\(setting): \(message)"
    }
}
