/// Why a URL cannot be requested.
///
/// The message never quotes the URL: its query may hold a secret.
package struct RequestURLError: Error, Sendable, Hashable {
    /// A clause that reads on from "the URL".
    package let message: String

    init(_ message: String) {
        self.message = message
    }
}
