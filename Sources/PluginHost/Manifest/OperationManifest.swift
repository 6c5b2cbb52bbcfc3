import Lua
import RunCore

/// One kind of run a plugin can drive.
package struct OperationManifest: Sendable, Hashable {
    /// The operation's key in `operations`; the plugin's name for a plugin with one operation.
    package let name: String
    /// One line for lists; nil if the plugin gives none.
    package let summary: String?
    /// Nil where there is no target (`target = false`).
    package let target: TargetManifest?
    /// The parameters it takes, sorted by name.
    package let params: [SettingSchema]
    let steps: Steps
    let download: DownloadManifest?
    let cancel: CancelManifest?
    /// How what can be run is listed.
    let targets: TargetListManifest?
    let errors: ErrorRules?

    /// How a run goes.
    enum Steps: Sendable, Hashable {
        /// Trigger, poll, download, as the plugin's table says.
        case declared(TriggerManifest, PollManifest)
        /// A function of the plugin that calls them.
        case script(LuaFunction)
    }

    /// How a declared run is started; nil for a script.
    var trigger: TriggerManifest? {
        if case .declared(let trigger, _) = steps { trigger } else { nil }
    }

    /// How a declared run is watched; nil for a script.
    var poll: PollManifest? {
        if case .declared(_, let poll) = steps { poll } else { nil }
    }

    /// The ends after which files are fetched, where there are some.
    var downloadsAfter: Set<RunState> {
        if case .script = steps { [] } else { download?.on ?? DownloadManifest.defaultEnds }
    }

    /// The ids of a remote run that are links, because a request begins with them.
    var linkNames: Set<String> {
        var requests = [poll?.request, poll?.ended?.request].compactMap(\.self) + (cancel?.requests ?? [])
        if case .requests(let files)? = download?.artifacts { requests += files.map { .template($0.request) } }
        return Set(requests.compactMap(\.linkName))
    }

    static let keys = ["target", "params", "trigger", "poll", "download", "run", "cancel", "targets"]

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
        guard let steps = Self.steps(node) else { return nil }
        self.steps = steps
    }

    private static func steps(_ node: ManifestNode) -> Steps? {
        if let run = node["run"] {
            for key in ["trigger", "poll", "download"] where node[key] != nil {
                node[key]?.report("run takes the place of \(key)")
            }
            if run.function == nil { run.report("a function is expected, this is \(run.kind)") }
            return run.function.map { .script($0) }
        }
        for key in ["trigger", "poll"] where node[key] == nil { node.report("the key \(key) is missing") }
        // Both are read before one can fail, so that all problems are found.
        let trigger = node["trigger"].flatMap { TriggerManifest($0) }
        let poll = node["poll"].flatMap(PollManifest.init)
        guard let trigger, let poll else { return nil }
        return .declared(trigger, poll)
    }

    private static func target(_ node: ManifestNode) -> TargetManifest? {
        guard let target = node["target"] else {
            node.report("the key target is missing; write target = false if there is none")
            return nil
        }
        return target.value == .bool(false) ? nil : TargetManifest(target)
    }
}
