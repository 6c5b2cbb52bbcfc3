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

    /// The id of a remote run that is the link this request goes to.
    var linkName: String? {
        guard case .template(let template) = self, case .placeholder(let first)? = template.location.pieces.first,
            first.root == "remote"
        else { return nil }
        return first.keys.first
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
        case xml(JSONValue)
        case multipart(JSONValue)
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
    static let bodies = ["json", "form", "xml", "multipart", "body"]
    private static let keys = ["[1]", "query", "headers", "timeout", "auth", "expect"] + bodies

    /// Reads a request; its place allows `furtherKeys` beside a request's own, and with `hasOwnAuth` reads `auth`.
    init?(
        _ node: ManifestNode,
        stringsAreTemplates: Bool,
        furtherKeys: [String] = [],
        hasOwnAuth: Bool = false
    ) {
        guard let line = Self.line(of: node) else { return nil }
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2, Self.methods.contains(words[0]), Self.isLocation(words[1]) else {
            let word = words.first ?? ""
            let hint = Self.methods.contains(word) ? "" : Suggestion.hint(for: word, among: Self.methods)
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
        for further in node.elements.dropFirst() { further.report("a request begins with one text, this is a second") }
        table.expectKeys(Self.keys + furtherKeys)
        query = Self.fields("query", of: table, isTemplate: stringsAreTemplates)
        headers = Self.fields("headers", of: table, isTemplate: false)
        timeout = table.duration("timeout")
        sendsCredentials = table["auth"]?.value != .bool(false)
        if let auth = table["auth"], auth.value.bool == nil, !hasOwnAuth {
            auth.report("true or false is expected, this is \(auth.kind)")
        }
        expected = table.statuses("expect")
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

    /// Whether a text is a path, a link in a placeholder, or a URL, without what must be percent-encoded.
    private static func isLocation(_ text: String) -> Bool {
        guard text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0 != "\u{7F}" && $0 != "#" }) else {
            return false
        }
        if case .placeholder? = Template(text).pieces.first { return true }
        return text.hasPrefix("/") || URLText.isAbsolute(text)
    }

    /// A table of fields; where texts are filled, one placeholder may stand in its place.
    private static func fields(_ key: String, of node: ManifestNode, isTemplate: Bool) -> JSONValue? {
        guard let child = node[key] else { return nil }
        child.refuseFunctions()
        if isTemplate, let text = child.value.string, Template(text).only != nil { return child.value }
        return child.expectTable() ? child.value : nil
    }

    private static func body(of node: ManifestNode) -> Body {
        let present = bodies.filter { node[$0] != nil }
        for key in present { node[key]?.refuseFunctions() }
        if present.count > 1 { node.report("\(present.joined(separator: " and ")) cannot both be the body") }
        if let json = node["json"] { return .json(json.value) }
        if let form = node["form"] { return .form(form.value) }
        if let xml = node["xml"] {
            let root = xml.value.object.flatMap { $0.count == 1 ? $0.keys.first : nil }
            if root == nil || root?.first == "@" || root?.first == "#" {
                xml.report("a table with one member, the root element, is expected")
            }
            return .xml(xml.value)
        }
        if let parts = node["multipart"] {
            checkParts(of: parts)
            return .multipart(parts.value)
        }
        if let text = node["body"] { return .text(text.value) }
        return .none
    }

    /// A part is a value, a list of values, or a table that names a file.
    private static func checkParts(of node: ManifestNode) {
        guard node.expectTable() else { return }
        for (_, part) in node.members where part.value.object != nil && !part.isFunction {
            part.expectKeys(["file", "type"])
            if part["file"] == nil { part.report("the key file is missing") }
        }
    }
}
