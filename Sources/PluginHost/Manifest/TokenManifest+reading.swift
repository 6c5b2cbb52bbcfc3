import Lua
import RunCore

extension TokenManifest {
    /// Reads `type = "login"`.
    init?(login node: ManifestNode, settings: [SettingSchema]) {
        node.expectKeys(["type", "request", "token", "send", "expires", "expired"])
        let carrier = Self.carrier(node)
        let token = node["token"]?.answerPath()
        if node["token"] == nil, carrier != .cookies { node.report("the key token is missing") }
        if let token = node["token"], carrier == .cookies { token.report("cookies are the token where send says so") }
        guard let request = node["request"] else {
            node.report("the key request is missing")
            return nil
        }
        let requestAuth = Self.requestAuth(request["auth"], settings)
        guard let template = RequestTemplate(request, stringsAreTemplates: true, hasOwnAuth: true) else { return nil }
        self.init(
            request: template,
            requestAuth: requestAuth,
            token: token,
            carrier: carrier,
            lifetime: Self.lifetime(node),
            expired: Self.expired(node)
        )
    }

    /// Reads `type = "oauth2_client_credentials"` (RFC 6749 section 4.4).
    init?(clientCredentials node: ManifestNode, secret: String) {
        node.expectKeys(["type", "token_url", "client_id", "secret", "scope", "fields", "client_in", "send", "expired"])
        let client = Template(node.requiredText("client_id"))
        var fields = node["fields"]?.value.object ?? [:]
        if let table = node["fields"], table.expectTable() { table.refuseFunctions() }
        fields["grant_type"] = "client_credentials"
        if let scope = node.text("scope") { fields["scope"] = .string(scope) }
        let auth: AuthManifest
        switch node.text("client_in") ?? "header" {
        case "header": auth = .client(id: client, secret: secret)
        case "body":
            fields["client_id"] = .string(client.source)
            auth = .form(field: "client_secret", secret: secret)
        case let other:
            node["client_in"]?.report("\"\(other)\" is neither \"header\" nor \"body\"")
            return nil
        }
        let line = ManifestNode(
            value: ["[1]": .string("POST \(node.requiredText("token_url"))"), "form": .object(fields)],
            path: node.path + ["token_url"],
            problems: node.problems
        )
        guard let request = RequestTemplate(line, stringsAreTemplates: true),
            let token = AnswerPath("json.access_token"), let lifetime = AnswerPath("json.expires_in")
        else { return nil }
        self.init(
            request: request,
            requestAuth: auth,
            token: token,
            carrier: Self.carrier(node),
            lifetime: .path(lifetime),
            expired: Self.expired(node)
        )
    }

    private static func requestAuth(_ node: ManifestNode?, _ settings: [SettingSchema]) -> AuthManifest {
        guard let node, node.value.object != nil, let auth = AuthManifest(node, settings: settings) else {
            return .none
        }
        if auth.needsToken { node.report("a login cannot need another one") }
        return auth
    }

    private static func carrier(_ node: ManifestNode) -> Carrier {
        guard let send = node["send"], send.expectTable() else { return .bearer }
        switch send.requiredText("type") {
        case "bearer":
            send.expectKeys(["type"])
            return .bearer
        case "header":
            send.expectKeys(["type", "name", "prefix"])
            return .header(name: send.requiredText("name"), prefix: send.text("prefix") ?? "")
        case "query":
            send.expectKeys(["type", "name"])
            return .query(name: send.requiredText("name"))
        case "cookie":
            send.expectKeys(["type"])
            return .cookies
        case let type:
            let known = ["bearer", "header", "query", "cookie"]
            let hint = Suggestion.hint(for: type, among: known)
            let words = hint.isEmpty ? ": \(known.joined(separator: ", "))" : hint
            send["type"]?.report("\"\(type)\" is no way to send a token\(words)")
            return .bearer
        }
    }

    private static func lifetime(_ node: ManifestNode) -> Lifetime? {
        guard let expires = node["expires"] else { return nil }
        if expires.value == "jwt" { return .claim }
        if let text = expires.value.string, Duration(text: text) == nil {
            return expires.answerPath().map(Lifetime.path)
        }
        return node.duration("expires").map(Lifetime.fixed)
    }

    private static func expired(_ node: ManifestNode) -> LuaFunction? {
        guard let expired = node["expired"] else { return nil }
        if !expired.isFunction { expired.report("a function of the answer is expected, this is \(expired.kind)") }
        return expired.function
    }
}
