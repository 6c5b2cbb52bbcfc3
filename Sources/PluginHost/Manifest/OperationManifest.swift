import Lua
import RunCore

/// One kind of run a plugin can drive.
package struct OperationManifest: Sendable, Hashable {
    package let name: String
    package let summary: String?
    /// Nil where there is no target (`target = false`).
    package let target: TargetManifest?
    package let params: [SettingSchema]
    let trigger: TriggerManifest
    let poll: PollManifest
    let download: DownloadManifest?
    let cancel: CancelManifest?
    /// How what can be run is listed.
    let targets: TargetListManifest?
    let errors: ErrorRules?

    static let keys = ["target", "params", "trigger", "poll", "download", "cancel", "targets"]

    /// Reads the keys of an operation from its own table, or from the plugin's for a plugin with one operation.
    init?(name: String, from node: ManifestNode, isWholePlugin: Bool) {
        self.name = name
        if !isWholePlugin {
            guard node.expectTable() else { return nil }
            node.expectKeys(Self.keys + ["summary", "errors"])
        }
        summary = node.text("summary")
        errors = isWholePlugin ? nil : ErrorRules(node["errors"])
        target = Self.target(node)
        params = SettingSchema.all(in: node["params"])
        download = node["download"].flatMap(DownloadManifest.init)
        cancel = node["cancel"].flatMap(CancelManifest.init)
        targets = node["targets"].flatMap(TargetListManifest.init)
        for key in ["trigger", "poll"] where node[key] == nil { node.report("the key \(key) is missing") }
        guard let trigger = node["trigger"].flatMap(TriggerManifest.init),
            let poll = node["poll"].flatMap(PollManifest.init)
        else { return nil }
        self.trigger = trigger
        self.poll = poll
    }

    private static func target(_ node: ManifestNode) -> TargetManifest? {
        guard let target = node["target"] else {
            node.report("the key target is missing; write target = false if there is none")
            return nil
        }
        return target.value == .bool(false) ? nil : TargetManifest(target)
    }
}
