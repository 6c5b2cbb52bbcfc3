/// Whether this process drives a run.
package enum Claim: Sendable, Hashable {
    case granted
    /// Another live process drives it, e.g. `process 4711 on db1, since 2026-11-21T08:00:00.000Z`.
    case held(by: String)
}
