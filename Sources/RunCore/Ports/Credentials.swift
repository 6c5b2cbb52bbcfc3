/// Adds a connection's credentials to requests, and keeps them out of everything that is shown or stored.
package protocol Credentials: Sendable {
    /// Adds credentials to a request, if they may go to its host; gets them first where a login is needed.
    ///
    /// - Throws: when the plugin and the connection name no such host.
    func authorize(
        _ request: ProviderRequest,
        through courier: any Courier
    ) async throws(PluginFault) -> Authorization

    /// Gets new credentials in place of refused ones; false if there are none to be had.
    func renewCredentials(through courier: any Courier) async -> Bool

    /// The text with every secret of the connection replaced, also encoded ones.
    func masked(_ text: String) -> String

    /// The bytes with every secret replaced.
    func masked(_ bytes: [UInt8]) -> [UInt8]
}
