import Lua
import RunCore

/// How a request is made: filled from a template, or returned by a function.
enum RequestManifest: Sendable, Hashable {
    case template(RequestTemplate)
    case function(LuaFunction)

    init?(_ node: ManifestNode?) {
        guard let node else { return nil }
        if let function = node.function {
            self = .function(function)
        } else if let template = RequestTemplate(node, stringsAreTemplates: !node.isLiteral) {
            self = .template(template)
        } else {
            return nil
        }
    }
}

/// A request as a plugin writes it: `"GET /path"`, or a table with that text first.
struct RequestTemplate: Sendable, Hashable {
    /// What goes into the body.
    enum Body: Sendable, Hashable {
        case none
        case json(JSONValue)
        case form(JSONValue)
        case text(JSONValue)
    }

    let method: String
    /// Path below the base URL, or a whole URL.
    let location: Template
    let query: JSONValue?
    let headers: JSONValue?
    let body: Body
    let timeout: Duration?
    let sendsCredentials: Bool
    /// Statuses that are no error.
    let expected: Set<Int>
    /// Whether texts are filled; false for what a function returned, whose values are never filled again.
    let stringsAreTemplates: Bool

    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    private static let keys = ["[1]", "query", "headers", "json", "form", "body", "timeout", "auth", "expect"]

    init?(_ node: ManifestNode, stringsAreTemplates: Bool) {
        self.init(node, stringsAreTemplates: stringsAreTemplates, furtherKeys: [])
    }

    /// Reads a request; `furtherKeys` are the keys that its place allows beside a request's own.
    init?(_ node: ManifestNode, stringsAreTemplates: Bool, furtherKeys: [String]) {
        guard let line = Self.line(of: node) else { return nil }
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2, Self.methods.contains(words[0]) else {
            let hint = Suggestion.hint(for: words.first?.uppercased() ?? "", among: Self.methods)
            node.report("\"\(line)\" is no request: write a method and a path, as in \"GET /runs/{remote.id}\"\(hint)")
            return nil
        }
        method = words[0]
        location = Template(words[1])
        self.stringsAreTemplates = stringsAreTemplates
        // A list holds nothing but the line.
        let table =
            node.value.object == nil
            ? ManifestNode(value: .object([:]), path: node.path, problems: node.problems) : node
        table.expectKeys(Self.keys + furtherKeys)
        query = table["query"]?.value
        headers = table["headers"]?.value
        timeout = table.duration("timeout")
        sendsCredentials = table["auth"]?.value != .bool(false)
        expected = Set((table["expect"]?.elements ?? []).compactMap { $0.value.int })
        body = Self.body(of: table)
    }

    private static func line(of node: ManifestNode) -> String? {
        let line = node.value.string ?? node.value[0]?.string ?? node.value["[1]"]?.string
        if line == nil {
            node.report(
                "a request such as \"GET /path\", or a table that begins with one, is expected, this is \(node.kind)"
            )
        }
        return line
    }

    private static func body(of node: ManifestNode) -> Body {
        let present = ["json", "form", "body"].filter { node[$0] != nil }
        if present.count > 1 { node.report("\(present.joined(separator: " and ")) cannot both be the body") }
        if let json = node["json"] { return .json(json.value) }
        if let form = node["form"] { return .form(form.value) }
        if let text = node["body"] { return .text(text.value) }
        return .none
    }
}
