/// What the user chose for a run; kept with it, so that `agent resume` goes on in the same way.
package struct RunOptions: Sendable, Hashable, Codable {
    /// What to do when the provider says that the target runs already.
    package enum IfRunning: String, Sendable, Codable, CaseIterable { case fail, attach, wait }

    /// Which run at the provider is taken for ours when the answer to its start was lost.
    package enum Adopt: String, Sendable, Codable, CaseIterable {
        /// The only one that fits by target and time, with a warning.
        case likely
        /// Only one that our own key or id shows to be ours.
        case certain
    }

    /// Where files go.
    package enum Delivery: Sendable, Hashable, Codable {
        /// Into this folder, an absolute path.
        case folder(String)
        /// One file to standard output.
        case standardOutput
        /// Nowhere: files are left with the provider.
        case none
    }

    /// What to do about a run of the same target that is under way.
    ///
    /// With a choice it is looked for before the start, where the plugin can; with none the provider's own refusal
    /// decides, and ends the run.
    package var ifRunning: IfRunning?
    /// Which run is taken for ours when the answer to the start was lost; nil is `.likely`.
    package var adopt: Adopt?
    /// Where the files of the run go.
    package var delivery: Delivery
    /// Limit for the whole run, from its creation; nil for none.
    package var timeout: Duration?
    /// A fixed interval between polls, in place of the plugin's.
    package var poll: Duration?
    /// How long a start that surely did not arrive is repeated.
    package var startFor: Duration = .seconds(30)
    /// How long the status may be unreadable.
    package var unreadableFor: Duration = .seconds(600)
    /// How long a status word that the plugin does not know is tolerated.
    package var unknownFor: Duration = .seconds(600)
    /// Limit for waiting in the provider's queue; nil for none.
    package var queueTimeout: Duration?
    /// Limit for a run that shows no progress; nil for none.
    package var noProgressTimeout: Duration?
    /// Whether the provider is asked to end the run when a time limit ends the watching; nil is no.
    package var cancelOnTimeout: Bool?
    /// Whether it is asked to when Ctrl-C does; nil is no.
    package var cancelOnInterrupt: Bool?
    /// Whether warnings make the exit status 2.
    package var strict = false

    /// The defaults of `agent run`, with a place for the files.
    package init(delivery: Delivery) {
        self.delivery = delivery
    }
}
