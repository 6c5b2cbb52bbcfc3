import Foundation
import Lua
import RunCore

/// Adds credentials to requests, after the plugin's last word and only for hosts they may go to.
struct Authenticator: Sendable {
    let auth: AuthManifest
    let connection: Connection
    let origins: AllowedOrigins
    let place: String

    /// Headers that belong to the host of plugins, which plugins may not set.
    private static let ownHeaders: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "keep-alive",
    ]

    /// Whether credentials go along with a request.
    ///
    /// - Throws: when its host is none that may be reached, or its headers are none that may be sent.
    func takesCredentials(_ request: ProviderRequest) throws(PluginFault) -> Bool {
        try checkHeaders(request)
        switch (request.credentials, try origins.access(to: request, place: place)) {
        case (.none, _), (.standard, .withoutCredentials): return false
        case (.standard, .withCredentials), (.login, .withCredentials): return true
        case (.login, .withoutCredentials):
            throw PluginFault(
                "\(request.purpose): the credentials may not go to \(URLText.origin(of: request.url) ?? request.url); "
                    + "a plugin allows it in hosts, by credentials = true",
                place: place
            )
        }
    }

    /// The request with credentials that may go to its host, and `token` where they are one.
    func authorize(_ request: ProviderRequest, token: String? = nil) throws(PluginFault) -> ProviderRequest {
        guard try takesCredentials(request) else { return request }
        let auth = try chosen()
        if request.credentials == .login, case .token(let manifest) = auth {
            return try adding(manifest.requestAuth.chosen(by: connection.settings) ?? .none, to: request)
        }
        return try adding(auth, token: token, to: request)
    }

    private func adding(
        _ auth: AuthManifest,
        token: String? = nil,
        to request: ProviderRequest
    ) throws(PluginFault) -> ProviderRequest {
        var request = request
        switch auth {
        case .none, .choice: break
        case .token(let manifest): if let token { Self.add(token, manifest.carrier, to: &request) }
        case .client(let id, let name):
            request.headers.set("Authorization", "Basic \(try client(id, name))")
        case .body(let body, let otherwise): return try adding(request.body == nil ? otherwise : body, to: request)
        case .bearer(let name): request.headers.set("Authorization", "Bearer \(try secret(name))")
        case .header(let header, let prefix, let name): request.headers.set(header, prefix + (try secret(name)))
        case .basic(let user, let name):
            request.headers.set("Authorization", "Basic \(Self.basic(try self.user(user), try secret(name)))")
        case .query(let parameter, let name): Self.add(parameter, try secret(name), toQueryOf: &request)
        case .json(let field, let name): request.body = try adding(field, try secret(name), toJSON: request)
        case .xml(let field, let name): request.body = try adding(field, try secret(name), toXML: request)
        case .form(let field, let name):
            let type = request.headers["content-type"] ?? ""
            guard !type.lowercased().hasPrefix("multipart/") else {
                throw PluginFault("\(request.purpose): auth puts a field into the body, which is no form", place: place)
            }
            let pair = PercentEncoding.form([(field, try secret(name))])
            let body = request.body ?? []
            request.body = body.isEmpty ? Array(pair.utf8) : body + Array("&\(pair)".utf8)
            if !request.headers.contains("content-type") {
                request.headers.set("Content-Type", "application/x-www-form-urlencoded")
            }
        }
        return request
    }

    private static func add(_ token: String, _ carrier: TokenManifest.Carrier, to request: inout ProviderRequest) {
        let (name, value, isHeader) = carrier.field(with: token)
        if isHeader { request.headers.set(name, value) } else { add(name, value, toQueryOf: &request) }
    }

    private static func add(_ name: String, _ value: String, toQueryOf request: inout ProviderRequest) {
        request.url += (request.url.contains("?") ? "&" : "?") + PercentEncoding.form([(name, value)])
    }

    private func adding(
        _ field: String,
        _ secret: String,
        toJSON request: ProviderRequest
    ) throws(PluginFault) -> [UInt8]? {
        // A request without a body, such as a download, takes no field.
        guard let body = request.body else { return nil }
        guard var members = (try? JSONReader.read(body, as: JSONValue.self))?.object else {
            throw PluginFault(
                "\(request.purpose): auth puts a field into the body, which is no JSON object",
                place: place
            )
        }
        members[field] = .string(secret)
        return Array(JSONValue.object(members).text.utf8)
    }

    private func adding(
        _ field: String,
        _ secret: String,
        toXML request: ProviderRequest
    ) throws(PluginFault) -> [UInt8]? {
        guard let body = request.body else { return nil }
        do throws(XMLProblem) {
            return try XMLElementInsertion.inserting(try XMLWriter.element(field, secret), into: body)
        } catch {
            throw PluginFault(
                "\(request.purpose): auth puts an element into the body: \(error.message)",
                place: place
            )
        }
    }

    /// What counts on this connection.
    private func chosen() throws(PluginFault) -> AuthManifest {
        guard let chosen = auth.chosen(by: connection.settings) else {
            throw PluginFault(
                "auth says nothing for the settings of the connection \(connection.name)",
                place: place
            )
        }
        return chosen
    }

    /// Texts that stand for a secret without showing it, for masking.
    var maskedPairs: [String: String] {
        // What cannot be put together is reported when a request needs it.
        var auth = headerAuth
        if case .token(let manifest)? = auth { auth = manifest.requestAuth.chosen(by: connection.settings) }
        switch auth {
        case .basic(let user, let name)?:
            guard let user = try? self.user(user), let secret = try? secret(name) else { return [:] }
            return [Self.basic(user, secret): "user:\(name)"]
        case .client(let id, let name)?:
            guard let pair = try? client(id, name) else { return [:] }
            return [pair: "client:\(name)"]
        default: return [:]
        }
    }

    private func client(_ id: Template, _ name: String) throws(PluginFault) -> String {
        Self.basic(PercentEncoding.encode(try user(id)), PercentEncoding.encode(try secret(name)))
    }

    private func user(_ template: Template) throws(PluginFault) -> String {
        try template.filled(from: TemplateScope(settings: connection.settings))
    }

    private func secret(_ name: String) throws(PluginFault) -> String {
        guard let secret = connection.secrets[name] else {
            throw PluginFault(
                "auth needs the secret \(name), which the connection \(connection.name) does not have",
                place: place
            )
        }
        return secret.value
    }

    private func checkHeaders(_ request: ProviderRequest) throws(PluginFault) {
        for field in request.headers.fields {
            let name = field.name.lowercased()
            if Self.ownHeaders.contains(name) || name.hasPrefix("proxy-") || name == ownAuthHeader {
                throw PluginFault("\(request.purpose): the header \(field.name) belongs to the host", place: place)
            }
            let isClean = field.value.unicodeScalars.allSatisfy { $0 == "\t" || ($0.value >= 0x20 && $0 != "\u{7F}") }
            guard isClean, !field.name.isEmpty, field.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A })
            else {
                throw PluginFault(
                    "\(request.purpose): the header \(field.name.debugDescription) cannot be sent",
                    place: place
                )
            }
        }
    }

    /// The header that carries the credentials, in lower case.
    private var ownAuthHeader: String? {
        switch headerAuth {
        case .bearer, .basic: "authorization"
        case .header(let name, _, _): name.lowercased()
        case .token(let manifest):
            manifest.carrier.field(with: "").isHeader ? manifest.carrier.field(with: "").name.lowercased() : nil
        case nil, .some(.none), .query, .json, .form, .xml, .client, .body, .choice: nil
        }
    }

    /// The part of what counts on this connection that may go into a header.
    private var headerAuth: AuthManifest? {
        let chosen = auth.chosen(by: connection.settings)
        if case .body(_, let otherwise)? = chosen { return otherwise }
        return chosen
    }

    private static func basic(_ user: String, _ password: String) -> String {
        Data("\(user):\(password)".utf8).base64EncodedString()
    }
}
