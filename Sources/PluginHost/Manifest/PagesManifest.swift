import Lua
import RunCore

/// How a list that comes in pages is read to its end.
struct PagesManifest: Sendable, Hashable {
    /// What leads from one page to the next.
    enum Way: Sendable, Hashable {
        /// A token of the answer goes into the next request under a name.
        case token(AnswerPath, name: String)
        /// Pages are numbered from 1; `more` says whether there is another.
        case number(name: String, more: AnswerPath?)
        /// The number of elements so far.
        case offset(name: String)
        /// The answer has the link of the next page.
        case link(AnswerPath)
        /// There is one page.
        case none
    }

    /// A path to the elements of a page.
    let each: AnswerPath
    let way: Way

    private static let ways = ["token", "page", "offset", "next"]

    /// Reads `pages`; `each` may stand beside it instead.
    init?(_ node: ManifestNode, each outer: AnswerPath? = nil) {
        guard node.expectTable() else { return nil }
        node.expectKeys(Self.ways + ["each", "as", "more"])
        let each = node["each"]?.answerPath() ?? outer
        if each == nil, node["each"] == nil { node.report("the key each is missing") }
        let present = Self.ways.filter { node[$0] != nil }
        if present.count > 1 { node.report("\(present.joined(separator: " and ")) exclude each other") }
        for (key, owner) in [("as", "token"), ("more", "page")] where node[key] != nil && node[owner] == nil {
            node[key]?.report("\(key) belongs to \(owner)")
        }
        let way = Self.way(present.first, node)
        guard let each, let way else { return nil }
        self.each = each
        self.way = way
    }

    /// A list of one page.
    init(each: AnswerPath) {
        self.each = each
        way = .none
    }

    private static func way(_ key: String?, _ node: ManifestNode) -> Way? {
        switch key {
        case "token":
            let name = node.requiredText("as")
            return node["token"]?.answerPath().map { .token($0, name: name) }
        case "page":
            let more = node["more"]?.answerPath()
            return node.text("page").map { .number(name: $0, more: more) }
        case "offset": return node.text("offset").map { .offset(name: $0) }
        case "next": return node["next"]?.answerPath().map { .link($0) }
        default: return Way.none
        }
    }
}
