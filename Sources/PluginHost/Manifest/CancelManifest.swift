import Lua
import RunCore

/// How a remote run is cancelled.
struct CancelManifest: Sendable, Hashable {
    let requests: [RequestManifest]
    /// The state that a cancelled run shows, where it is not `cancelled`.
    let shows: StatusReport.State?

    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(["request", "requests", "shows"])
        let one = node["request"].flatMap { RequestManifest($0) }
        requests = one.map { [$0] } ?? (node["requests"]?.elements ?? []).compactMap { RequestManifest($0) }
        shows = node.text("shows").flatMap(StatusReport.State.init(rawValue:))
        if let word = node.text("shows"), ![.failed, .gone].contains(shows) {
            node["shows"]?.report("\"\(word)\" is neither failed nor gone")
        }
        if requests.isEmpty { node.report("the key request is missing") }
    }
}
