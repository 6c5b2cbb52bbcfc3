/// A block of a document that shows a terminal session: commands after `$`, and what they print.
struct ConsoleBlock: Hashable {
    /// A command with the lines that are expected of it.
    struct Step: Hashable {
        let line: Int
        var command: String
        var expected: [String] = []

        /// Whether the next line still belongs to the command: after a backslash, or in a here-document.
        fileprivate var isIncomplete: Bool {
            if command.hasSuffix("\\") { return true }
            guard let mark = command.firstRange(of: "<<") else { return false }
            let word = command[mark.upperBound...].drop { "-'\" ".contains($0) }
                .prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            return !command.split(separator: "\n").dropFirst().contains(word)
        }
    }

    let line: Int
    private(set) var steps: [Step] = []

    init(line: Int) {
        self.line = line
    }

    /// Takes the block's next line in; false for one that belongs to no command.
    mutating func add(_ text: String, at number: Int) -> Bool {
        if let last = steps.indices.last, steps[last].isIncomplete {
            steps[last].command += "\n" + text
        } else if text.hasPrefix("$ ") {
            steps.append(Step(line: number, command: String(text.dropFirst(2))))
        } else if let last = steps.indices.last {
            steps[last].expected.append(text)
        } else {
            return false
        }
        return true
    }
}
