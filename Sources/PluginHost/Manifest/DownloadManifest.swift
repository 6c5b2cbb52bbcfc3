import Lua
import RunCore

/// Which files a run offers.
struct DownloadManifest: Sendable, Hashable {
    /// Where the links come from.
    enum Artifacts: Sendable, Hashable {
        /// A path to one link or many.
        case links(AnswerPath)
        /// A path to a list of tables, and where each has what; paths begin at the element.
        case table(each: AnswerPath, fields: [String: [AnswerPath.Step]], format: ArtifactFormat?)
        case function(LuaFunction)
        /// Requests that are known beforehand.
        case requests([NamedRequest])
    }

    /// A file at a fixed place.
    struct NamedRequest: Sendable, Hashable {
        let request: RequestTemplate
        let name: Template?
        let format: ArtifactFormat?
        let isOptional: Bool
    }

    /// Nil where the functions that read an end name its files.
    let artifacts: Artifacts?
    /// The ends after which files are fetched.
    let on: Set<RunState>
    let errors: ErrorRules?
    /// The number of records of all files together.
    let records: ValueSource?

    private static let fields = ["url", "name", "bytes", "sha256", "md5", "records"]

    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(["artifacts", "on", "errors", "records"])
        records = ValueSource(node["records"])
        errors = ErrorRules(node["errors"])
        let words = node.words("on", among: RunState.remoteEnds)
        on = words.isEmpty ? Self.defaultEnds : Set(words.compactMap(RunState.init(rawValue:)))
        guard let source = node["artifacts"] else {
            if node["on"] == nil { node.report("the key artifacts is missing") }
            artifacts = nil
            return
        }
        guard let artifacts = Self.artifacts(source) else { return nil }
        self.artifacts = artifacts
    }

    private static func artifacts(_ node: ManifestNode) -> Artifacts? {
        if let function = node.function { return .function(function) }
        if node.value.string != nil { return node.answerPath().map { .links($0) } }
        if node.value.array != nil {
            return .requests(node.elements.compactMap(namedRequest))
        }
        guard node.expectTable() else { return nil }
        node.expectKeys(["each", "format"] + fields)
        guard let each = node["each"]?.answerPath() else {
            node.report("the key each is missing")
            return nil
        }
        var steps: [String: [AnswerPath.Step]] = [:]
        for field in fields {
            guard let text = node.text(field) else { continue }
            steps[field] = AnswerPath.steps(text[...])
            if steps[field] == nil { node[field]?.report("\"\(text)\" is no path within an element") }
        }
        if steps["url"] == nil { node.report("the key url is missing") }
        return .table(each: each, fields: steps, format: format(node))
    }

    /// The format of the files, a word and no path.
    private static func format(_ node: ManifestNode) -> ArtifactFormat? {
        guard let word = node.text("format") else { return nil }
        let format = ArtifactFormat(rawValue: word)
        let words = ArtifactFormat.allCases.map(\.rawValue)
        if format == nil {
            node["format"]?.report("\"\(word)\" is no format: \(words.joined(separator: ", "))")
        }
        return format
    }

    /// The ends after which files are fetched when nothing else is said.
    static let defaultEnds: Set<RunState> = [.succeeded]

    private static func namedRequest(_ node: ManifestNode) -> NamedRequest? {
        let keys = ["name", "format", "optional"]
        guard let request = RequestTemplate(node, stringsAreTemplates: true, furtherKeys: keys) else { return nil }
        let isTable = node.value.object != nil
        return NamedRequest(
            request: request,
            name: isTable ? node.template("name") : nil,
            format: isTable ? format(node) : nil,
            isOptional: isTable && node.flag("optional")
        )
    }
}

extension RunState {
    /// The words for the ends that a provider can report.
    static let remoteEnds = [RunState.succeeded, .failed, .cancelled].map(\.rawValue)
}
