package import RunCore

/// What came of calling an action.
package struct ActionOutcome: Sendable, Hashable {
    /// What the action gave; null where the provider's answer was empty.
    package var result: JSONValue
    /// What the plugin warned of, a sentence each.
    package var warnings: [String] = []
    /// The files that the result goes into; empty if it is shown.
    package var files: [File] = []

    /// The content of a file, and the name it is to have.
    package struct File: Sendable, Hashable {
        /// One safe path component.
        package let name: String
        /// Its bytes.
        package let bytes: [UInt8]
    }
}
