import Lua
import RunCore

/// One kind of run a plugin can drive.
package struct OperationManifest: PluginEntry, Sendable, Hashable {
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
    let lookup: LookupManifest
    /// Looks for runs of a target.
    let find: LuaFunction?
    let errors: ErrorRules?

    /// How a run goes.
    enum Steps: Sendable, Hashable {
        /// Trigger, poll, download, as the plugin's table says.
        ///
        /// Without a poll an accepted start ends the run.
        case declared(TriggerManifest, PollManifest?)
        /// A function of the plugin that calls them.
        case script(LuaFunction)
    }

    /// Whether it is a function `run`.
    package var isScript: Bool {
        if case .script = steps { true } else { false }
    }

    /// How a declared run is started; nil for a script.
    var trigger: TriggerManifest? {
        if case .declared(let trigger, _) = steps { trigger } else { nil }
    }

    /// How a declared run is watched; nil for a script, and where there is no way.
    var poll: PollManifest? {
        if case .declared(_, let poll) = steps { poll } else { nil }
    }

    /// Whether names of its targets can be looked up.
    package var isLookedUp: Bool { lookup.resolve != nil }

    /// Whether what can be run can be listed.
    package var listsTargets: Bool { lookup.targets != nil }

    /// The ends after which files are fetched, where there are some.
    var downloadsAfter: Set<RunState> {
        if case .script = steps { [] } else { download?.on ?? DownloadManifest.defaultEnds }
    }

    /// Whether there is nothing to follow after an accepted start.
    var endsWithStart: Bool {
        if case .declared(_, nil) = steps { true } else { false }
    }

    /// The ids of a remote run that are links, because a request begins with them.
    var linkNames: Set<String> {
        var requests = [poll?.request, poll?.ended?.request].compactMap(\.self) + (cancel?.requests ?? [])
        if case .requests(let files)? = download?.artifacts { requests += files.map { .template($0.request) } }
        return Set(requests.compactMap(\.linkName))
    }

    static let keys =
        ["target", "params", "trigger", "poll", "download", "run", "cancel", "find"] + LookupManifest.keys

    /// Reads the keys of an operation from its own table, or from the plugin's for a plugin with one operation.
    init?(name: String, from node: ManifestNode, isWholePlugin: Bool) {
        self.name = name
        if !isWholePlugin {
            guard node.expectTable() else { return nil }
            node.expectKeys(Self.keys + ["summary", "errors"])
        }
        summary = node.text("summary")
        errors = isWholePlugin ? nil : ErrorRules(node["errors"])
        target = TargetManifest.read(of: node)
        params = SettingSchema.all(in: node["params"])
        download = node["download"].flatMap(DownloadManifest.init)
        cancel = node["cancel"].flatMap(CancelManifest.init)
        lookup = LookupManifest(node)
        find = node["find"]?.function
        if let find = node["find"], !find.isFunction { find.report("a function is expected, this is \(find.kind)") }
        guard let steps = Self.steps(node) else { return nil }
        self.steps = steps
    }

    private static func steps(_ node: ManifestNode) -> Steps? {
        if let run = node["run"] {
            for key in ["trigger", "poll", "download", "find"] where node[key] != nil {
                node[key]?.report("run takes the place of \(key)")
            }
            if run.function == nil { run.report("a function is expected, this is \(run.kind)") }
            return run.function.map { .script($0) }
        }
        if node["trigger"] == nil { node.report("the key trigger is missing") }
        // Both are read before one can fail, so that all problems are found.
        let trigger = node["trigger"].flatMap { TriggerManifest($0) }
        let poll = node["poll"].flatMap(PollManifest.init)
        guard let trigger, poll != nil || node["poll"] == nil else { return nil }
        return .declared(trigger, poll)
    }
}
