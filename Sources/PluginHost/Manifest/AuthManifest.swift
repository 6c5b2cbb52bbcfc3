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

    /// Whether a token is got first, for some settings at least.
    var needsToken: Bool {
        switch self {
        case .token: true
        case .body(_, let otherwise): otherwise.needsToken
        case .choice(_, let choices): choices.values.contains(where: \.needsToken)
        case .none, .bearer, .header, .basic, .query, .json, .form, .xml, .client: false
        }
    }

    private static let bodyTypes = ["json", "form", "xml"]
    private static let types = ["bearer", "header", "basic", "query", "login", "oauth2_client_credentials"] + bodyTypes

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
        guard let auth = Self.single(node, settings) else { return nil }
        self = auth
    }

    private static func single(_ node: ManifestNode, _ settings: [SettingSchema]) -> AuthManifest? {
        switch node.requiredText("type") {
        case "bearer":
            node.expectKeys(["type", "secret"])
            return .bearer(secret: secret(node, settings))
        case "header":
            node.expectKeys(["type", "name", "prefix", "secret"])
            let name = node.requiredText("name")
            return .header(name: name, prefix: node.text("prefix") ?? "", secret: secret(node, settings))
        case "basic":
            node.expectKeys(["type", "user", "secret"])
            return .basic(user: Template(node.requiredText("user")), secret: secret(node, settings))
        case "query":
            node.expectKeys(["type", "name", "secret"])
            return .query(name: node.requiredText("name"), secret: secret(node, settings))
        case "login": return TokenManifest(login: node, settings: settings).map(AuthManifest.token)
        case "oauth2_client_credentials":
            return TokenManifest(clientCredentials: node, secret: secret(node, settings)).map(AuthManifest.token)
        case let type where bodyTypes.contains(type): return inBody(type, node, settings)
        case let type:
            let hint = Suggestion.hint(for: type, among: types)
            node["type"]?.report(
                "\"\(type)\" is no auth type\(hint.isEmpty ? ": \(types.joined(separator: ", "))" : hint)"
            )
            return nil
        }
    }

    private static func secret(_ node: ManifestNode, _ settings: [SettingSchema]) -> String {
        let name = node.requiredText("secret")
        let known = settings.filter { $0.kind == .secret }.map(\.name)
        if !name.isEmpty, !known.contains(name) {
            node["secret"]?.report("no secret is named \"\(name)\"\(Suggestion.hint(for: name, among: known))")
        }
        return name
    }

    private static func inBody(_ type: String, _ node: ManifestNode, _ settings: [SettingSchema]) -> AuthManifest {
        node.expectKeys(["type", "field", "secret", "otherwise"])
        let field = node.requiredText("field"), secret = secret(node, settings)
        let auth: AuthManifest
        switch type {
        case "json": auth = .json(field: field, secret: secret)
        case "form": auth = .form(field: field, secret: secret)
        default:
            if !field.isEmpty, !XMLText.isName(field) {
                node["field"]?.report("\"\(field)\" is no name of an element")
            }
            auth = .xml(field: field, secret: secret)
        }
        guard let otherwise = node["otherwise"].flatMap({ AuthManifest($0, settings: settings) }) else { return auth }
        if otherwise.needsToken { node["otherwise"]?.report("a token cannot take turns with a field of the body") }
        return .body(auth, otherwise: otherwise)
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
