import Lua
import RunCore

/// A one-shot call that a plugin offers beside runs.
package struct ActionManifest: PluginEntry, Sendable, Hashable {
    /// The action's key in `actions`.
    package let name: String
    /// One line for lists.
    package let summary: String?
    /// Nil where there is no target (`target = false`).
    package let target: TargetManifest?
    /// The parameters it takes, sorted by name.
    package let params: [SettingSchema]
    /// Whether it destroys something, so that a person has to agree.
    package let needsConfirmation: Bool
    let lookup: LookupManifest
    let way: Way
    let result: FieldSources?
    let resultPath: AnswerPath?
    let artifact: Template?
    let errors: ErrorRules?

    /// What is sent.
    enum Way: Sendable, Hashable {
        /// One request, or one for each page.
        case request(RequestManifest, PagesManifest?)
        /// A function that sends requests of its own.
        case steps(LuaFunction)
    }

    /// Whether the plugin can look names of its targets up.
    package var isLookedUp: Bool { lookup.resolve != nil }
    /// Whether its result goes into a file.
    package var makesFile: Bool { artifact != nil }

    /// The paths of the result that lead into the body and nowhere else: it has to be what they look into.
    var bodyPaths: [AnswerPath] {
        var paths = [resultPath].compactMap(\.self)
        if case .fields(let fields)? = result {
            for case .path(let path) in fields.values { paths.append(path) }
        }
        return paths.filter { $0.routes.allSatisfy { $0.root == "json" || $0.root == "xml" } }
    }

    private static let keys = [
        "summary", "target", "params", "request", "steps", "pages", "result", "artifact", "confirm", "errors",
    ]

    /// Reads one element of `actions`.
    init?(name: String, from node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(Self.keys + LookupManifest.keys)
        self.name = name
        summary = node.text("summary")
        target = TargetManifest.read(of: node)
        params = SettingSchema.all(in: node["params"])
        needsConfirmation = node.flag("confirm")
        lookup = LookupManifest(node)
        errors = ErrorRules(node["errors"])
        artifact = node.template("artifact")
        resultPath = node["result"]?.value.string == nil ? nil : node["result"]?.answerPath()
        result = node["result"]?.value.string == nil ? FieldSources(node["result"]) : nil
        guard let way = Self.way(node) else { return nil }
        self.way = way
    }

    private static func way(_ node: ManifestNode) -> Way? {
        guard let steps = node["steps"] else {
            if node["request"] == nil { node.report("the key request is missing") }
            let pages = node["pages"].flatMap { PagesManifest($0) }
            if pages != nil { node["result"]?.report("with pages the result is the list of their elements") }
            return RequestManifest(node["request"]).map { .request($0, pages) }
        }
        for key in ["request", "pages", "result"] where node[key] != nil {
            node[key]?.report("steps takes the place of \(key)")
        }
        if steps.function == nil { steps.report("a function is expected, this is \(steps.kind)") }
        return steps.function.map { .steps($0) }
    }
}
