import Lua
import RunCore

/// How a run is started, and what is kept of the answer.
struct TriggerManifest: Sendable, Hashable {
    /// What the provider does with the same start again.
    enum Repeated: String, Sendable, CaseIterable {
        /// It gives the same run.
        case same
        /// It refuses it, with the class `duplicate`.
        case refused
        /// It starts a second run.
        case started
    }

    let request: RequestManifest
    let remote: [String: AnswerPath]
    /// The names in `remote`, the first as the plugin's main one.
    let remoteNames: [String]
    let started: LuaFunction?
    /// Ids of ours that go with the start.
    let clientIDs: [String: Template]
    let repeated: Repeated
    /// How long a start may take to show in the provider's list.
    let settle: Duration?
    let warnings: ValueSource?
    let errors: ErrorRules?
    /// Further statuses that mean accepted.
    let accepts: Set<Int>
    /// Whether the answer is a text that is shown while it comes.
    let isLive: Bool

    private static let keys = [
        "request", "remote", "started", "client_id", "repeated", "settle", "warnings", "errors", "accepts", "live",
    ]

    /// Reads `trigger` of an operation.
    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(Self.keys)
        if node["request"] == nil { node.report("the key request is missing") }
        self.init(RequestManifest(node["request"]), node)
    }

    /// Whether an answer can say that the same start took before: by a rule, or by a function.
    var knowsDuplicates: Bool { errors?.knowsDuplicates == true || started != nil }

    /// Reads the argument of `ctx.trigger`: a request with the keys of a trigger beside its own.
    init?(call node: ManifestNode) {
        let keys = Self.keys.filter { $0 != "request" } + ["step"]
        let request = RequestTemplate(node, stringsAreTemplates: false, furtherKeys: keys)
        self.init(request.map { .template($0) }, node)
    }

    private init?(_ request: RequestManifest?, _ node: ManifestNode) {
        var paths: [String: AnswerPath] = [:]
        for (key, path) in node.table("remote") { paths[key] = path.answerPath() }
        remote = paths
        started = node["started"]?.function
        if let started = node["started"] {
            if !started.isFunction { started.report("a function is expected, this is \(started.kind)") }
            node["remote"]?.report("started takes the place of remote")
        }
        var ids: [String: Template] = [:]
        let ownIDs = node.table("client_id").map(\.key)
        for key in ownIDs { ids[key] = node["client_id"]?.template(key) }
        clientIDs = ids
        // Ids of ours name the run best; else the order of names decides.
        remoteNames = ids.keys.sorted() + paths.keys.sorted().filter { ids[$0] == nil }
        let word = node.text("repeated") ?? Repeated.started.rawValue
        repeated = Repeated(rawValue: word) ?? .started
        if Repeated(rawValue: word) == nil {
            let words = Repeated.allCases.map(\.rawValue)
            node["repeated"]?.report("\"\(word)\" is none of \(words.joined(separator: ", "))")
        }
        if repeated == .refused, ids.isEmpty {
            node["repeated"]?.report("a refused start is followed by ids of ours: the key client_id is missing")
        }
        settle = node.duration("settle")
        warnings = ValueSource(node["warnings"])
        errors = ErrorRules(node["errors"])
        accepts = node.statuses("accepts")
        isLive = node.flag("live")
        guard let request else { return nil }
        self.request = request
    }
}
