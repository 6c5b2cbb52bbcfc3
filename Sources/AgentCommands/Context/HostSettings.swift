import PluginHost
import RunCore

/// The settings that every plugin has and the host owns.
package struct HostSettings: Sendable, Hashable {
    /// Path of the PEM file with further trusted certificates (`ca_file`).
    package var caFile: String?
    /// Path of the PEM file with the certificate to show (`client_cert`).
    package var clientCertificate: String?
    /// Path of the PEM file with its key (`client_key`).
    package var clientKey: String?
    /// Whether any certificate is taken for the provider's (`insecure`).
    package var insecure = false
    /// Proxy of all requests (`proxy`); nil leaves it to the environment.
    package var proxy: String?
    /// Requests at once, above 0 (`concurrent`); nil leaves it to the plugin.
    package var concurrent: Int?
    /// Requests that may begin in a second, above 0 (`requests_per_second`); nil leaves it to the plugin.
    package var requestsPerSecond: Double?

    /// Settings of a connection that gives none of them.
    package init() {}

    /// How many requests may begin in a second: the smaller one of setting and plugin; nil for any number.
    func pace(of plugin: Plugin) -> Double? {
        [requestsPerSecond, plugin.manifest.limits.requestsPerSecond].compactMap(\.self).min()
    }

    /// How many requests may be under way at once: the smaller one of setting and plugin, else 8.
    func requestsAtOnce(of plugin: Plugin) -> Int {
        [concurrent, plugin.manifest.limits.concurrent].compactMap(\.self).min() ?? 8
    }

    /// Reads them from a connection's texts.
    ///
    /// - Throws: a problem that names the setting.
    init(_ texts: [String: JSONValue]) throws(SettingProblem) {
        caFile = texts["ca_file"]?.plainText
        clientCertificate = texts["client_cert"]?.plainText
        clientKey = texts["client_key"]?.plainText
        proxy = texts["proxy"]?.plainText
        if let text = texts["insecure"]?.plainText {
            insecure = try SettingSchema.flag(text, of: "insecure")
        }
        if let text = texts["concurrent"]?.plainText {
            guard let number = Int(text), number > 0 else {
                throw SettingProblem(name: "concurrent", message: "a whole number above 0 is expected, not '\(text)'")
            }
            concurrent = number
        }
        if let text = texts["requests_per_second"]?.plainText {
            guard let number = Double(text), number > 0 else {
                throw SettingProblem(
                    name: "requests_per_second",
                    message: "a number above 0 is expected, not '\(text)'"
                )
            }
            requestsPerSecond = number
        }
    }
}
