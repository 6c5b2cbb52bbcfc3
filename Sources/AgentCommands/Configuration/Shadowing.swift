import RunCore

/// A file in the present folder that is used in place of an installed one: it would get the secrets.
enum Shadowing {
    /// Says so, and asks for the option where nobody is there to see it.
    static func check(
        _ path: String,
        hides hidden: String?,
        isLocal: Bool,
        option: String,
        in context: CommandContext
    ) throws {
        guard isLocal, let hidden else { return }
        let message = "\(path) is used in place of \(hidden)"
        guard context.console.isTerminal else {
            throw CommandError(
                .configuration,
                "shadowed",
                "\(message), and nobody is there to see it",
                hint: "say which one you mean with \(option)"
            )
        }
        context.console.say("note: \(message)")
    }
}
