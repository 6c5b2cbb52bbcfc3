/// A downloaded file.
package struct Artifact: Sendable, Hashable, Codable {
    /// The file name, one safe path component.
    package let name: String
    /// The absolute path; `-` for standard output.
    package let path: String
    /// Size in bytes.
    package let bytes: Int64
    /// SHA-256 as 64 hex digits.
    package let sha256: String
    /// The rows of a CSV file; nil where nobody promised a number of records.
    package var rows: Int64?
    /// The file's place among those of the run; nil where files come one after another anyway.
    package var number: Int?

    /// Describes a file that was published under this name.
    package init(name: String, path: String, bytes: Int64, sha256: String) {
        self.name = name
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
    }
}
