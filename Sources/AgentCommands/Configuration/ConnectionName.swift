/// The rule for names of connections.
enum ConnectionName {
    static let rule = "a lower-case letter, then lower-case letters, digits and dashes"

    static func isValid(_ name: String) -> Bool {
        guard let first = name.first, first.isASCII, first.isLowercase else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }

    /// The environment variable of a connection's setting, such as `AGENT_JIM_PROD_URL`.
    static func variable(_ connection: String, _ setting: String) -> String {
        let name = "AGENT_\(connection)_\(setting)"
        return String(name.map { $0 == "-" ? "_" : Character($0.uppercased()) })
    }
}
