/// Where a command's results and messages go.
package struct Console: Sendable {
    /// Takes text for standard output or standard error, as it is.
    package protocol Sink: Sendable {
        func write(_ text: String)

        /// Why something could not be written; nil if all was.
        var failure: String? { get }
    }

    /// Takes results: the process's standard output.
    package let output: any Sink
    /// Takes messages and the live line: the process's standard error.
    package let errors: any Sink
    /// Whether standard error is a terminal: then one live line is shown.
    package let isTerminal: Bool
    /// Whether standard output is a terminal whose user wants colour.
    package let usesColour: Bool
    /// Columns of the terminal at the moment; nil where it has none.
    package let width: @Sendable () -> Int?
    /// Asks a person a question and gives the line that was typed; nil where nobody can be asked.
    package let ask: (@Sendable (_ question: String) -> String)?
    /// Where the bytes of a file go under `--output -`; stays open.
    package let descriptor: Int32

    /// A console over two sinks; without a width lines are not fitted.
    package init(
        output: any Sink,
        errors: any Sink,
        isTerminal: Bool,
        usesColour: Bool,
        descriptor: Int32 = 1,
        width: @escaping @Sendable () -> Int? = { nil },
        ask: (@Sendable (_ question: String) -> String)? = nil
    ) {
        self.output = output
        self.errors = errors
        self.isTerminal = isTerminal
        self.usesColour = usesColour
        self.descriptor = descriptor
        self.width = width
        self.ask = ask
    }

    /// The console of a command whose standard output is a run's file: results go to standard error, too.
    var besideFile: Console {
        Console(
            output: errors,
            errors: errors,
            isTerminal: isTerminal,
            usesColour: false,
            descriptor: descriptor,
            width: width,
            ask: ask
        )
    }

    /// Whether a person says yes; nil where nobody can be asked.
    func confirm(_ question: String) -> Bool? {
        guard let ask else { return nil }
        return ["y", "yes"].contains(ask("\(TerminalText.line(question)) [y/N] ").lowercased())
    }

    /// Writes a result, without the control characters that a provider or a plugin may have put into it.
    func print(_ text: String) {
        output.write(TerminalText.clean(text) + "\n")
    }

    /// Writes a result that was cleaned, and then got the colours of a terminal.
    func printColoured(_ text: String) {
        output.write(text + "\n")
    }

    /// Writes a message, without the control characters that a provider may have put into it.
    func say(_ text: String) {
        errors.write(TerminalText.clean(text) + "\n")
    }

    /// Says that the first signal was heard.
    func sayStopping() {
        say("stopping; a start that is under way is waited for, once more ends at once")
    }
}

extension Console.Sink {
    /// Nil for a sink that cannot fail, such as one in memory.
    package var failure: String? { nil }
}
