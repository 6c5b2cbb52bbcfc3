/// Adds a connection's credentials to requests, and keeps them out of everything that is shown or stored.
package protocol Credentials: Sendable {
    /// Adds credentials to a request, if they may go to its host; gets them first where a login is needed.
    ///
    /// - Throws: when the plugin and the connection name no such host.
    func authorize(
        _ request: ProviderRequest,
        through courier: any Courier
    ) async throws(PluginFault) -> Authorization

    /// Whether an answer says that the token its request carried is no longer good: then it is given up, and the next
    /// request gets another one.
    ///
    /// `authorized` is the request with its credentials; nil for one that an earlier process sent.
    ///
    /// - Throws: when the plugin that is asked fails.
    func givesUpToken(
        after answer: ProviderResponse,
        to authorized: ProviderRequest?
    ) async throws(PluginFault) -> Bool

    /// The text with every secret of the connection replaced, also encoded ones.
    func masked(_ text: String) -> String

    /// The bytes with every secret replaced.
    func masked(_ bytes: [UInt8]) -> [UInt8]
}
