/// Why an entry into Lua failed.
///
/// All texts are one line (the trace: several) without control characters.
package struct LuaFailure: Error, Sendable, Hashable {
    /// What kind of failure it is: the only part that callers decide on.
    ///
    /// After `memory`, `time`, `cancelled` and `limit` the state may be dead: drop it.
    package enum Kind: String, Sendable, CaseIterable {
        /// The source does not compile, is too large or is no text.
        case syntax
        /// Plugin code raised an error, or returned what cannot be given to the host.
        case runtime
        /// The memory limit was reached.
        case memory
        /// The CPU time was used up.
        case time
        /// The cancel flag was set.
        case cancelled
        /// The host asked for something that is not there, or handed over what is not JSON.
        case usage
        /// The process that an isolated state lived in is gone.
        case crashed
        /// The call did not come back, or belongs to code that did not come back from an earlier one.
        case hung
        /// A quota was used up: calls of the host, log bytes.
        case limit
    }

    /// The kind of failure, which also tells whether the state may be used again.
    package var kind: Kind
    /// Without the place, at most 4 KiB.
    package var message: String
    /// The chunk's name as it was given to `load`.
    package var file: String?
    /// Line in that file, from 1; nil where Lua tells none.
    package var line: Int?
    /// At most ten levels, innermost first, one per line.
    package var trace: String?
    /// `kind` of the table that was raised, as `resume(raising:)` or `error{…}` gave it.
    package var thrownKind: String?
    /// `hint` of the table that was raised.
    package var hint: String?
    /// A response was asked for `json` or `xml` in this entry, and its body is neither.
    package var bodyUndecodable = false

    /// A failure without trace and hint, which are added where there are some.
    package init(kind: Kind, message: String, file: String? = nil, line: Int? = nil) {
        self.kind = kind
        self.message = message
        self.file = file
        self.line = line
    }
}
