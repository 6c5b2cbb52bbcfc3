import Lua
import RunCore

/// Finds the files that a run offers in its last answer.
struct LinkReader: Sendable {
    let hooks: any FunctionCaller
    let builder: RequestBuilder

    /// Where in the plugin's table the links come from.
    var purpose = "download.artifacts"

    private static let keys = ["url", "name", "bytes", "sha256", "md5", "records", "format", "optional", "text"]
    private static let anything = "*/*"

    func links(
        _ artifacts: DownloadManifest.Artifacts,
        in answer: AnswerView,
        scope: TemplateScope
    ) async throws(PluginFault) -> [ArtifactLink] {
        switch artifacts {
        case .links(let path):
            let value = path.value(in: answer) ?? .null
            return try (value.array ?? [value]).filter { $0 != .null && $0 != "" }.map { (link) throws(PluginFault) in
                guard let text = link.string else { throw PluginFault("\(purpose): \(link.excerpt) is no link") }
                return ArtifactLink(request: try request(to: text, at: answer), isGiven: true)
            }
        case .table(let each, let fields, let format):
            let found = each.value(in: answer)
            let elements = found?.array ?? (found.map { [$0] } ?? [])
            return try elements.map { (element) throws(PluginFault) in
                var members: [String: JSONValue] = [:]
                for (field, steps) in fields {
                    members[field] = AnswerPath.follow(steps[...], from: element, isXML: each.isXML)
                }
                members["format"] = format.map { .string($0.rawValue) }
                return try link(members, at: answer, scope)
            }
        case .requests(let requests):
            return try requests.map { (named) throws(PluginFault) in
                ArtifactLink(
                    request: try builder.fill(named.request, scope: scope, purpose: purpose, accept: Self.anything),
                    name: try named.name?.filled(from: scope),
                    format: named.format,
                    isOptional: named.isOptional
                )
            }
        case .function(let function):
            return try await ask(function, answer, scope)
        }
    }

    private func ask(
        _ function: LuaFunction,
        _ answer: AnswerView,
        _ scope: TemplateScope
    ) async throws(PluginFault) -> [ArtifactLink] {
        let value: JSONValue
        do throws(LuaFailure) {
            value = try await hooks.call(function, [answer.luaArgument, Hooks.context(scope)]).first ?? .null
        } catch {
            throw error.fault(in: purpose)
        }
        return try links(value, in: answer, scope: scope)
    }

    /// Reads what a function gave.
    func links(_ value: JSONValue, in answer: AnswerView, scope: TemplateScope) throws(PluginFault) -> [ArtifactLink] {
        if value == .null || value == .object([:]) { return [] }
        guard let elements = value.array else {
            throw PluginFault("\(purpose) returned \(value.excerpt); a list of links or requests is expected")
        }
        return try elements.map { (element) throws(PluginFault) in
            if let link = element.string {
                return ArtifactLink(request: try request(to: link, at: answer), isGiven: true)
            }
            return try link(element.object ?? ["[1]": element[0] ?? .null], at: answer, scope)
        }
    }

    /// Reads one file: a link or a request, a text, and what is known of it.
    private func link(
        _ members: [String: JSONValue],
        at answer: AnswerView,
        _ scope: TemplateScope
    ) throws(PluginFault) -> ArtifactLink {
        var link = ArtifactLink(
            name: members["name"].map(\.plainText),
            bytes: members["bytes"]?.count,
            sha256: members["sha256"]?.string,
            md5: members["md5"]?.string,
            records: members["records"]?.count,
            format: try Self.format(members["format"], purpose),
            isOptional: members["optional"]?.bool ?? false
        )
        let isRequest = members["[1]"] != nil
        if !isRequest, let unknown = members.keys.sorted().first(where: { !Self.keys.contains($0) && $0 != "auth" }) {
            let hint = Suggestion.hint(for: unknown, among: Self.keys)
            throw PluginFault("\(purpose): a file has the unknown key \(unknown)\(hint)")
        }
        if let text = members["text"] {
            link.text = text.plainText
            if link.name == nil { throw PluginFault("\(purpose): a file given as text needs a name") }
        } else if let url = members["url"]?.string {
            link.request = try request(to: url, at: answer)
            link.isGiven = true
            if members["auth"] == false { link.request?.credentials = .none }
        } else if isRequest {
            let template = try RequestBuilder.template(
                from: .object(members),
                purpose: purpose,
                furtherKeys: Self.keys
            )
            link.request = try builder.fill(template, scope: scope, purpose: purpose, accept: Self.anything)
        } else {
            let keys = members.keys.sorted().joined(separator: ", ")
            throw PluginFault("\(purpose): a file needs a url, a request or a text, this has \(keys)")
        }
        return link
    }

    /// The links with the number of records that all their files hold, where the source finds one.
    func adding(
        _ records: ValueSource?,
        to links: [ArtifactLink],
        _ answer: AnswerView,
        _ scope: TemplateScope
    ) async throws(PluginFault) -> [ArtifactLink] {
        guard let records, !links.isEmpty else { return links }
        let value = try await FactReader(hooks: hooks)
            .value(of: records, answer, Hooks.context(scope), "download.records")
        var links = links
        for index in links.indices { links[index].allRecords = value?.count }
        return links
    }

    /// The format of a file; `purpose` is the place in the plugin's table.
    static func format(_ value: JSONValue?, _ purpose: String) throws(PluginFault) -> ArtifactFormat? {
        guard let value, value != .null else { return nil }
        if let format = value.string.flatMap(ArtifactFormat.init(rawValue:)) { return format }
        let words = ArtifactFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw PluginFault("\(purpose): \(value.excerpt) is no format: \(words)")
    }

    /// A request for a link, which may be relative to the answer it stood in.
    private func request(to link: String, at answer: AnswerView) throws(PluginFault) -> ProviderRequest {
        guard let url = URLText.resolve(link, against: answer.response.url) else {
            throw PluginFault("\(purpose): '\(link)' is no link")
        }
        return ProviderRequest(method: "GET", url: url, headers: ["Accept": Self.anything], purpose: purpose)
    }
}
