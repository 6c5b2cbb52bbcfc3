/// Sends the requests of a plugin that looks for itself: credentials added, answers masked, exchanges recorded.
package protocol Courier: Sendable {
    func send(_ request: ProviderRequest) async throws(PluginFault) -> Transmission
}
