/// A run as it is stored.
package struct StoredRun: Sendable, Hashable {
    /// The run as it was saved at this revision.
    package let run: Run
    /// Counts the saves, from 1.
    package let revision: Int

    /// Joins a run and its revision; for stores only.
    package init(run: Run, revision: Int) {
        self.run = run
        self.revision = revision
    }
}
