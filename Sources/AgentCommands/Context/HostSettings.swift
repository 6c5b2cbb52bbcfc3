import PluginHost
import RunCore

/// The settings that every plugin has and the host owns.
package struct HostSettings: Sendable, Hashable {
    package var caFile: String?
    package var clientCertificate: String?
    package var clientKey: String?
    package var insecure = false
    package var proxy: String?
    package var concurrent: Int?
    package var requestsPerSecond: Double?

    package init() {}

    /// Reads them from a connection's texts.
    ///
    /// - Throws: a problem that names the setting.
    init(_ texts: [String: JSONValue]) throws(SettingProblem) {
        caFile = texts["ca_file"]?.plainText
        clientCertificate = texts["client_cert"]?.plainText
        clientKey = texts["client_key"]?.plainText
        proxy = texts["proxy"]?.plainText
        if let text = texts["insecure"]?.plainText {
            guard let flag = ["true": true, "yes": true, "1": true, "false": false, "no": false, "0": false][text]
            else {
                throw SettingProblem(name: "insecure", message: "true or false is expected, not '\(text)'")
            }
            insecure = flag
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
