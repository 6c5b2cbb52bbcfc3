/// Why a text is no XML, or a table cannot become XML.
struct XMLProblem: Error, Sendable, Hashable {
    /// What is wrong, as the end of a sentence.
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
