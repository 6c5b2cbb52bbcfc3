/// What came of saving a run that takes over a remote run.
package enum Adoption: Sendable, Hashable {
    /// It is saved, at this revision.
    case saved(Int)
    /// Another run of ours has that remote run; nothing was written.
    case held(by: RunID)
    /// Another process saved the run first; nothing was written.
    case changed
}

extension Run {
    /// Whether this run is about the remote run that has these ids.
    package func holds(_ remote: [String: JSONValue]) -> Bool {
        guard !remote.isEmpty, state != .rejected else { return false }
        return remote.allSatisfy { self.remote[$0.key]?.plainText == $0.value.plainText }
    }

    /// Whether the start of another run of ours, with an unknown outcome too, was sent at about the same time.
    func isRivalled(by other: Run) -> Bool {
        guard other.state == .triggering || other.state == .unknown && other.finishedAt == nil,
            let own = watch.settling?.sentAt ?? intent?.sentAt,
            let theirs = other.watch.settling?.sentAt ?? other.intent?.sentAt
        else { return false }
        let distance = own < theirs ? theirs - own : own - theirs
        return distance <= .seconds(120)
    }
}
