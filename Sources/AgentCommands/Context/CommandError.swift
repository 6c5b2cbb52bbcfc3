package import RunCore

/// Why a command cannot do what it was asked for, before or beside any run.
package struct CommandError: Error, Sendable, Hashable {
    /// The exit status that the command ends with.
    package let status: ExitStatus
    /// One word for scripts, such as `unknown_plugin`.
    package let code: String
    /// One sentence: what happened.
    package let message: String
    /// What to do next.
    package let hint: String?

    /// An error whose message and hint are shown to the user as they are.
    package init(_ status: ExitStatus, _ code: String, _ message: String, hint: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The error as the JSON document that stands in place of a run's.
    var json: JSONValue {
        ["error": ["code": .string(code), "message": .string(message), "hint": hint.map { .string($0) } ?? .null]]
    }
}
