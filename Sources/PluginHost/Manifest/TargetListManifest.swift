import Lua

/// How what can be run is listed.
struct TargetListManifest: Sendable, Hashable {
    let request: RequestManifest
    /// A path to the list; the others begin at its element.
    let each: AnswerPath
    let id: String
    let name: String?
    let note: String?

    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(["request", "each", "id", "name", "note", "pages"])
        let request = RequestManifest(node["request"])
        let each = node["each"]?.answerPath()
        id = node.requiredText("id")
        name = node.text("name")
        note = node.text("note")
        for key in ["request", "each"] where node[key] == nil { node.report("the key \(key) is missing") }
        guard let request, let each else { return nil }
        self.request = request
        self.each = each
    }
}
