import Lua
import RunCore

/// How a remote run is cancelled.
struct CancelManifest: Sendable, Hashable {
    /// What is sent.
    enum Way: Sendable, Hashable {
        case requests([RequestManifest])
        /// A function that sends requests of its own.
        case steps(LuaFunction)
    }

    let way: Way
    /// The state that a cancelled run shows, where it is not `cancelled`.
    let shows: StatusReport.State?
    let errors: ErrorRules?

    /// The requests, as far as they are known beforehand.
    var requests: [RequestManifest] {
        if case .requests(let requests) = way { requests } else { [] }
    }

    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(["request", "requests", "steps", "shows", "errors"])
        errors = ErrorRules(node["errors"])
        shows = node.text("shows").flatMap(StatusReport.State.init(rawValue:))
        if let word = node.text("shows"), ![.failed, .gone].contains(shows) {
            node["shows"]?.report("\"\(word)\" is neither failed nor gone")
        }
        let present = ["request", "requests", "steps"].filter { node[$0] != nil }
        if present.count > 1 { node.report("\(present.joined(separator: " and ")) exclude each other") }
        if let steps = node["steps"] {
            guard let function = steps.function else {
                steps.report("a function is expected, this is \(steps.kind)")
                return nil
            }
            way = .steps(function)
        } else {
            let one = node["request"].flatMap { RequestManifest($0) }
            let requests = one.map { [$0] } ?? node.list("requests").compactMap { RequestManifest($0) }
            if present.isEmpty || node["requests"] != nil && requests.isEmpty {
                node.report("the key request is missing")
            }
            way = .requests(requests)
        }
    }
}
