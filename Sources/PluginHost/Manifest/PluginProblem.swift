/// Something wrong with a plugin's file, for the person who writes it.
package struct PluginProblem: Error, Sendable, Hashable {
    /// The file, as it was found, such as `plugins/jim/plugin.lua`.
    package let file: String
    /// The line, where it is known.
    package let line: Int?
    /// One sentence, beginning with the key it is about.
    package let message: String

    /// A problem found in a file, at a line if the key could be found there.
    package init(file: String, line: Int?, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// The problem in the form compilers use: `file:line: message`.
    package var text: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
