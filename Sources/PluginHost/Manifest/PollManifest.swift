import Lua
import RunCore

/// How a run's status is asked for, and what the answer means.
struct PollManifest: Sendable, Hashable {
    /// What turns an answer into a state.
    enum Classification: Sendable, Hashable {
        /// A word in the answer and what each means; `*` is any other.
        case words(status: AnswerPath, states: [String: StatusReport.State])
        case function(LuaFunction)
        /// A function that sends requests of its own, where one answer does not tell the state.
        case look(LuaFunction)
    }

    /// The request; nil where a function looks for itself.
    let request: RequestManifest?
    /// Asked in its place where the server has no such path.
    let instead: RequestManifest?
    let classification: Classification
    let facts: ReportSources
    let policy: PollPolicy
    /// One more request after the end, for what the status does not say.
    let ended: EndedManifest?
    let errors: ErrorRules?

    private static let keys = [
        "request", "instead", "status", "states", "classify", "look", "first", "every", "factor", "max", "floor",
        "max_gap",
        "ended",
        "errors",
    ]

    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(Self.keys + ReportSources.keys)
        if node["request"] == nil, node["look"] == nil { node.report("the key request is missing") }
        let classification = Self.classification(node)
        facts = ReportSources(node)
        policy = Self.policy(node)
        ended = node["ended"].flatMap(EndedManifest.init)
        errors = ErrorRules(node["errors"])
        request = RequestManifest(node["request"])
        instead = RequestManifest(node["instead"])
        guard let classification, request != nil || node["look"] != nil else { return nil }
        self.classification = classification
    }

    private static func classification(_ node: ManifestNode) -> Classification? {
        if let look = node["look"] {
            for key in ["request", "instead", "status", "states", "classify"] + ReportSources.keys
            where node[key] != nil {
                node[key]?.report("look takes the place of \(key)")
            }
            if look.function == nil { look.report("a function is expected, this is \(look.kind)") }
            return look.function.map { .look($0) }
        }
        if let function = node["classify"]?.function {
            for key in ["status", "states"] where node[key] != nil {
                node[key]?.report("classify takes the place of \(key)")
            }
            return .function(function)
        }
        if let classify = node["classify"] {
            classify.report("a function is expected, this is \(classify.kind)")
            return nil
        }
        guard let statusNode = node["status"], node["states"] != nil else {
            node.report("either classify, or status and states, are needed")
            return nil
        }
        let status = statusNode.answerPath()
        var map: [String: StatusReport.State] = [:]
        let words = StatusReport.State.allCases.map(\.rawValue)
        for (word, state) in node.wordTable("states") {
            let name = state.value.string ?? state.value.text
            map[word] = StatusReport.State(rawValue: name)
            if map[word] == nil {
                let hint = Suggestion.hint(for: name, among: words)
                state.report("\"\(name)\" is no state\(hint); states are \(words.joined(separator: ", "))")
            }
        }
        return status.map { .words(status: $0, states: map) }
    }

    private static func policy(_ node: ManifestNode) -> PollPolicy {
        var policy = PollPolicy()
        if let every = node.duration("every") {
            policy = node["factor"] == nil && node["max"] == nil ? PollPolicy(every: every) : policy
            policy.every = every
            policy.first = every
        }
        if let first = node.duration("first") { policy.first = first }
        if let factor = node.number("factor") {
            if !(1...100 ~= factor) { node["factor"]?.report("a number from 1 to 100 is expected, this is \(factor)") }
            policy.factor = min(max(factor, 1), 100)
        }
        if let max = node.duration("max") { policy.max = max }
        if let floor = node.duration("floor") { policy.floor = floor }
        policy.maxGap = node.duration("max_gap")
        return policy
    }
}

/// The facts beside the state that a status answer holds.
struct ReportSources: Sendable, Hashable {
    let reason: ValueSource?
    let warnings: ValueSource?
    let progress: FieldSources?
    let result: FieldSources?

    static let keys = ["reason", "warnings", "progress", "result"]
    private static let progressKeys = [
        "percent", "done", "total", "unit", "message", "step", "steps", "remaining", "rate",
    ]

    init(_ node: ManifestNode) {
        reason = ValueSource(node["reason"])
        warnings = ValueSource(node["warnings"])
        progress = FieldSources(node["progress"], known: Self.progressKeys)
        result = FieldSources(node["result"])
    }
}

/// One more request after the end of a run.
struct EndedManifest: Sendable, Hashable {
    let request: RequestManifest
    let facts: ReportSources
    /// The ends after which it is sent.
    let on: Set<StatusReport.State>

    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(["request", "on"] + ReportSources.keys)
        if node["request"] == nil { node.report("the key request is missing") }
        facts = ReportSources(node)
        let words = node.words("on", among: RunState.remoteEnds)
        on =
            words.isEmpty
            ? [.succeeded, .failed, .cancelled] : Set(words.compactMap(StatusReport.State.init(rawValue:)))
        guard let request = RequestManifest(node["request"]) else { return nil }
        self.request = request
    }
}
