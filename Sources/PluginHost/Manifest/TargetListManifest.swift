import Lua
import RunCore

/// How what can be run is listed.
enum TargetListManifest: Sendable, Hashable {
    case listed(Listing)
    case function(LuaFunction)

    /// A list of the provider, and where each element has what; paths begin at the element.
    struct Listing: Sendable, Hashable {
        let request: RequestManifest
        let pages: PagesManifest
        let id: [AnswerPath.Step]
        let name: [AnswerPath.Step]?
        let note: [AnswerPath.Step]?
    }

    init?(_ node: ManifestNode) {
        if let function = node.function {
            self = .function(function)
            return
        }
        guard node.expectTable() else { return nil }
        node.expectKeys(["request", "each", "id", "name", "note", "pages"])
        for key in ["request", "id"] where node[key] == nil { node.report("the key \(key) is missing") }
        let request = RequestManifest(node["request"])
        let each = node["each"]?.answerPath()
        let pages = node["pages"].flatMap { PagesManifest($0, each: each) } ?? each.map(PagesManifest.init(each:))
        if node["each"] == nil, node["pages"] == nil { node.report("the key each is missing") }
        let paths = ["id", "name", "note"].map { Self.steps($0, node) }
        guard let request, let pages, let id = paths[0] else { return nil }
        self = .listed(Listing(request: request, pages: pages, id: id, name: paths[1], note: paths[2]))
    }

    private static func steps(_ key: String, _ node: ManifestNode) -> [AnswerPath.Step]? {
        guard let text = node.text(key) else { return nil }
        let steps = AnswerPath.steps(text[...])
        if steps == nil { node[key]?.report("\"\(text)\" is no path within an element") }
        return steps
    }
}

/// How the name of a target is turned into an id.
enum ResolveManifest: Sendable, Hashable {
    /// By looking it up in the list of targets.
    case listed
    case function(LuaFunction)

    init?(_ node: ManifestNode) {
        if let function = node.function {
            self = .function(function)
            return
        }
        guard node.expectTable() else { return nil }
        node.expectKeys(["list"])
        if node.requiredText("list") != "targets" { node["list"]?.report("a list to look in is \"targets\"") }
        self = .listed
    }
}

/// What an operation or an action looks its targets up by.
struct LookupManifest: Sendable, Hashable {
    let resolve: ResolveManifest?
    let targets: TargetListManifest?

    static let keys = ["resolve", "targets"]

    /// Reads the keys from the table of an operation or an action.
    init(_ node: ManifestNode) {
        resolve = node["resolve"].flatMap(ResolveManifest.init)
        targets = node["targets"].flatMap(TargetListManifest.init)
        if resolve == .listed, node["targets"] == nil { node["resolve"]?.report("there are no targets to look in") }
    }
}
