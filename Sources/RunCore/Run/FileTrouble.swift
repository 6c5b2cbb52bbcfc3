/// Why a file is not there.
package struct FileTrouble: Sendable, Hashable, Codable {
    /// What the file would be called.
    package let name: String
    /// The reason, as the user is told it.
    package let message: String

    /// Joins the two parts of a message.
    package init(_ name: String, _ message: String) {
        self.name = name
        self.message = message
    }
}
