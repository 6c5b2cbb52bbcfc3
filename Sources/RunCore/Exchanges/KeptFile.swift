/// What is kept of a file that came with an exchange: not its content.
package struct KeptFile: Sendable, Hashable, Codable {
    /// Size in bytes and SHA-256; nil where the file was not completed.
    package struct Content: Sendable, Hashable, Codable {
        package let bytes: Int64
        package let sha256: String
        /// The rows of a CSV file; nil where nobody promised a number of records.
        package let rows: Int64?
    }

    /// What the content was.
    package let content: Content?
    /// Why it was not taken; nil where it was.
    package let problem: String?

    /// A file that was fetched.
    package init(_ artifact: Artifact) {
        content = Content(bytes: artifact.bytes, sha256: artifact.sha256, rows: artifact.rows)
        problem = nil
    }

    /// A file that came and was not what it should be.
    package init(problem: String) {
        content = nil
        self.problem = problem
    }
}
