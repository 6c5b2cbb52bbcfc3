import Lua
import RunCore

/// A harmless request that shows what a connection's credential may do.
struct CheckManifest: Sendable, Hashable {
    let request: RequestManifest
    /// What the credential may do if the answer is good.
    let may: String?
    let result: FieldSources?

    /// Reads `check`: a request, or a list of them.
    static func all(_ node: ManifestNode?) -> [CheckManifest] {
        guard let node else { return [] }
        let isOne =
            node["request"] != nil || node.isFunction || node.value.string != nil || node.value["[1]"]?.string != nil
            || node.value[0]?.string != nil && node.elements.count == 1
        if isOne { return [CheckManifest(node)].compactMap(\.self) }
        guard node.value.array != nil else {
            node.report("a request, or a list of requests, is expected, this is \(node.kind)")
            return []
        }
        return node.elements.compactMap(CheckManifest.init)
    }

    private init?(_ node: ManifestNode) {
        let isTable = node.value.object != nil && !node.isFunction
        may = isTable ? node.text("may") : nil
        result = isTable ? FieldSources(node["result"]) : nil
        if let function = node.function ?? (isTable ? node["request"]?.function : nil) {
            if isTable { node.expectKeys(["request", "may", "result"]) }
            request = .function(function)
        } else if let template = RequestTemplate(node, stringsAreTemplates: true, furtherKeys: ["may", "result"]) {
            request = .template(template)
        } else {
            return nil
        }
    }
}
