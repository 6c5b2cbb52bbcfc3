import RunCore

/// How a plugin's requests carry their credentials.
///
/// Names settings; holds no secret.
indirect enum AuthManifest: Sendable, Hashable {
    case none
    /// `Authorization: Bearer SECRET` (RFC 6750 section 2.1).
    case bearer(secret: String)
    /// A header of the provider's own.
    case header(name: String, prefix: String, secret: String)
    /// HTTP Basic (RFC 7617): a text that may hold settings, and a secret.
    case basic(user: Template, secret: String)
    /// A query parameter.
    case query(name: String, secret: String)
    /// A member of the JSON body.
    case json(field: String, secret: String)
    /// A field of the form body.
    case form(field: String, secret: String)
    /// An element within the root element of the XML body.
    case xml(field: String, secret: String)
    /// A field of the body, and what counts for requests without one.
    case body(AuthManifest, otherwise: AuthManifest)
    /// Id and secret of an OAuth 2 client (RFC 6749 section 2.3.1).
    case client(id: Template, secret: String)
    /// A token that is got first.
    case token(TokenManifest)
    /// One of several, by the value of a setting.
    case choice(setting: String, of: [String: AuthManifest])

    /// The types whose requests need another request first.
    static let tokenTypes = ["login", "oauth2_client_credentials"]

    private static let types = ["bearer", "header", "basic", "query", "json", "form", "xml"] + tokenTypes

    /// Reads `auth`; every secret it names must be declared.
    init?(_ node: ManifestNode?, settings: [SettingSchema]) {
        guard let node, node.value != .bool(false) else {
            self = .none
            return
        }
        guard node.expectTable() else { return nil }
        if node["by"] != nil {
            guard let choice = Self.choice(node, settings: settings) else { return nil }
            self = choice
            return
        }
        func secret() -> String {
            let name = node.requiredText("secret")
            let known = settings.filter { $0.kind == .secret }.map(\.name)
            if !name.isEmpty, !known.contains(name) {
                node["secret"]?.report("no secret is named \"\(name)\"\(Suggestion.hint(for: name, among: known))")
            }
            return name
        }
        switch node.requiredText("type") {
        case "bearer":
            node.expectKeys(["type", "secret"])
            self = .bearer(secret: secret())
        case "header":
            node.expectKeys(["type", "name", "prefix", "secret"])
            self = .header(
                name: node.requiredText("name"),
                prefix: node.text("prefix") ?? "",
                secret: secret()
            )
        case "basic":
            node.expectKeys(["type", "user", "secret"])
            self = .basic(user: Template(node.requiredText("user")), secret: secret())
        case "query":
            node.expectKeys(["type", "name", "secret"])
            self = .query(name: node.requiredText("name"), secret: secret())
        case "json":
            node.expectKeys(Self.bodyKeys)
            self = .json(field: node.requiredText("field"), secret: secret()).with(node["otherwise"], settings)
        case "form":
            node.expectKeys(Self.bodyKeys)
            self = .form(field: node.requiredText("field"), secret: secret()).with(node["otherwise"], settings)
        case "xml":
            node.expectKeys(Self.bodyKeys)
            let field = node.requiredText("field")
            if !field.isEmpty, !XMLText.isName(field) {
                node["field"]?.report("\"\(field)\" is no name of an element")
            }
            self = .xml(field: field, secret: secret()).with(node["otherwise"], settings)
        case "login":
            guard let token = TokenManifest(login: node, settings: settings) else { return nil }
            self = .token(token)
        case "oauth2_client_credentials":
            guard let token = TokenManifest(clientCredentials: node, secret: secret()) else { return nil }
            self = .token(token)
        case let type:
            let hint = Suggestion.hint(for: type, among: Self.types)
            node["type"]?.report(
                "\"\(type)\" is no auth type\(hint.isEmpty ? ": \(Self.types.joined(separator: ", "))" : hint)"
            )
            return nil
        }
    }

    private static let bodyKeys = ["type", "field", "secret", "otherwise"]

    private func with(_ otherwise: ManifestNode?, _ settings: [SettingSchema]) -> AuthManifest {
        guard let otherwise, let other = AuthManifest(otherwise, settings: settings) else { return self }
        return .body(self, otherwise: other)
    }

    /// What counts on a connection with these settings.
    ///
    /// - Returns: nil if the plugin says nothing for the value of a setting.
    func chosen(by settings: [String: JSONValue]) -> AuthManifest? {
        guard case .choice(let setting, let choices) = self else { return self }
        return settings[setting].flatMap { choices[$0.plainText] }?.chosen(by: settings)
    }

    private static func choice(_ node: ManifestNode, settings: [SettingSchema]) -> AuthManifest? {
        guard let choice = SettingChoice(node, settings: settings) else { return nil }
        for value in choice.missing(from: settings) { node.report("there is no auth for \"\(value)\"") }
        var choices: [String: AuthManifest] = [:]
        for (value, node) in choice.members { choices[value] = AuthManifest(node, settings: settings) }
        return .choice(setting: choice.setting, of: choices)
    }
}
