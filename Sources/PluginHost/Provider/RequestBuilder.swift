import Lua
import RunCore

/// Makes requests from what a plugin says of them.
struct RequestBuilder: Sendable {
    let plugin: Plugin
    let baseURL: String
    let hooks: any FunctionCaller

    /// The request, filled from `scope`.
    ///
    /// `purpose` is the place in the plugin's table, such as `poll.request`.
    func request(
        _ manifest: RequestManifest,
        scope: TemplateScope,
        purpose: String
    ) async throws(PluginFault) -> ProviderRequest {
        switch manifest {
        case .template(let template): return try fill(template, scope: scope, purpose: purpose)
        case .function(let function):
            let results: [JSONValue]
            do throws(LuaFailure) {
                results = try await hooks.call(function, [Hooks.context(scope)])
            } catch {
                throw error.fault(in: purpose)
            }
            let template = try Self.template(from: results.first ?? .null, purpose: purpose, furtherKeys: [])
            return try fill(template, scope: scope, purpose: purpose)
        }
    }

    /// Reads a request that a function returned: only its first text is a template.
    static func template(
        from value: JSONValue,
        purpose: String,
        furtherKeys: [String]
    ) throws(PluginFault) -> RequestTemplate {
        let problems = PluginProblems(file: purpose, source: "")
        let node = ManifestNode(value: value, path: [], problems: problems)
        let template = RequestTemplate(node, stringsAreTemplates: false, furtherKeys: furtherKeys)
        guard let template, problems.found.isEmpty else {
            throw PluginFault(
                "\(purpose) returned no request: \(problems.found.map(\.message).joined(separator: "; "))"
            )
        }
        return template
    }

    /// Fills a template.
    ///
    /// The types of content in `accept` are asked for, unless the plugin says so itself. `secrets` may stand in the
    /// body, and nowhere else.
    func fill(
        _ template: RequestTemplate,
        scope: TemplateScope,
        secrets: [String: JSONValue] = [:],
        purpose: String,
        accept: String = "application/json"
    ) throws(PluginFault) -> ProviderRequest {
        do throws(PluginFault) {
            let filler = ValueFiller(scope: scope, isLiteral: !template.stringsAreTemplates)
            var headers: HTTPHeaders = ["Accept": accept]
            try HeaderFiller(scope: scope, isLiteral: false).fill(plugin.manifest.headers, into: &headers)
            try HeaderFiller(scope: scope, isLiteral: filler.isLiteral).fill(template.headers, into: &headers)
            var bodyScope = scope
            bodyScope.settings.merge(secrets) { _, secret in secret }
            let bodyFiller = ValueFiller(scope: bodyScope, isLiteral: filler.isLiteral)
            let body = try body(template.body, bodyFiller, &headers)
            var url = try self.url(template.location, scope)
            if let query = try template.query.flatMap({ (value) throws(PluginFault) in try filler.fill(value) }) {
                url = Self.adding(query, to: url)
            }
            return ProviderRequest(
                method: template.method,
                url: url,
                headers: headers,
                body: body,
                timeout: template.timeout ?? .seconds(60),
                expected: template.expected,
                credentials: template.sendsCredentials ? .standard : .none,
                purpose: purpose
            )
        } catch {
            throw PluginFault("\(purpose): \(error.message)", place: error.place ?? plugin.file)
        }
    }

    private func body(
        _ body: RequestTemplate.Body,
        _ filler: ValueFiller,
        _ headers: inout HTTPHeaders
    ) throws(PluginFault) -> [UInt8]? {
        switch body {
        case .none: return nil
        case .text(let value): return try filler.fill(value)?.bytes
        case .json(let value):
            guard let filled = try filler.fill(value) else { return nil }
            if let path = filled.pathOfBytes { throw PluginFault("json\(path): the text is not UTF-8") }
            if !headers.contains("content-type") { headers.set("Content-Type", "application/json") }
            return Array(filled.text.utf8)
        case .form(let value):
            guard let filled = try filler.fill(value) else { return nil }
            if !headers.contains("content-type") { headers.set("Content-Type", "application/x-www-form-urlencoded") }
            return Array(PercentEncoding.form(Self.fields(of: filled)).utf8)
        case .xml(let value):
            guard let filled = try filler.fill(value) else { return nil }
            do throws(XMLProblem) {
                let text = try XMLWriter.document(filled)
                if !headers.contains("content-type") { headers.set("Content-Type", "application/xml; charset=utf-8") }
                return Array(text.utf8)
            } catch {
                throw PluginFault("xml: \(error.message)")
            }
        case .multipart(let value):
            let userFiles = plugin.manifest.userFiles(in: filler.scope)
            let body = try MultipartReader(filler: filler, userFiles: userFiles).body(value)
            let boundary = body.boundary()
            // Only with the boundary does the type say how to read the body.
            headers.set("Content-Type", "multipart/form-data; boundary=\(boundary)")
            return body.bytes(boundary: boundary)
        }
    }

    private func url(_ location: Template, _ scope: TemplateScope) throws(PluginFault) -> String {
        if case .placeholder(let first)? = location.pieces.first {
            // A link that a provider gave: taken as it is, relative to the base URL if it has no host.
            let link = try location.filled(from: scope, encoding: .urlAfterLink)
            guard let url = URLText.resolve(link, against: baseURL) else {
                throw PluginFault("{\(first.name)} is '\(link)', which is no link")
            }
            return url
        }
        let path = try location.filled(from: scope, encoding: .url)
        guard !URLText.hasDotSegment(path) else {
            throw PluginFault("the path '\(path)' has a segment '.' or '..', which would lead elsewhere")
        }
        return URLText.isAbsolute(location.source) ? path : baseURL + path
    }

    private static func adding(_ query: JSONValue, to url: String) -> String {
        let text = PercentEncoding.form(fields(of: query))
        guard !text.isEmpty else { return url }
        return url + (url.contains("?") ? "&" : "?") + text
    }

    /// Fields sorted by name; a list gives one field per element.
    private static func fields(of value: JSONValue) -> [(name: String, value: String)] {
        (value.object ?? [:]).sorted { $0.key < $1.key }.flatMap { name, value in
            (value.array ?? [value]).map { (name, $0.plainText) }
        }
    }
}
