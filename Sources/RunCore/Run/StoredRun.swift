/// A run as it is stored.
package struct StoredRun: Sendable, Hashable {
    package let run: Run
    /// Counts the saves, from 1.
    package let revision: Int

    package init(run: Run, revision: Int) {
        self.run = run
        self.revision = revision
    }
}
