import RunCore

/// Says which origins a plugin's requests may go to, and at which of them private addresses are expected.
package struct NetworkPolicy: Sendable {
    /// An origin that requests may go to.
    package struct Entry: Sendable, Hashable {
        /// The origin that is allowed, path and query left out.
        package let origin: Origin
        /// Whether the user's configuration named it, not only the plugin: only then may it be a Unix socket, or
        /// resolve to an address that is loopback, private, link-local or multicast.
        package let isConfigured: Bool

        /// Allows an origin, named by the user's configuration or only by the plugin.
        package init(_ origin: Origin, isConfigured: Bool) {
            self.origin = origin
            self.isConfigured = isConfigured
        }
    }

    /// In the order they are listed in messages.
    package let entries: [Entry]

    /// Allows these origins and no others.
    package init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// Decides on a request before anything is connected.
    ///
    /// - Returns: whether the address that the host resolves to has to be checked as well.
    func checksPeer(of origin: Origin) throws(TransportFailure) -> Bool {
        let matching = entries.filter { $0.origin == origin }
        guard !matching.isEmpty else {
            let allowed = entries.map(\.origin.description).joined(separator: ", ")
            throw Self.refusal("host \(origin) is not one this plugin may reach: \(allowed.isEmpty ? "none" : allowed)")
        }
        if matching.contains(where: \.isConfigured) { return false }
        if origin.isSocket {
            throw Self.refusal("the socket \(origin.host) may be reached only if the configuration names it")
        }
        if let address = IPAddress(origin.host) { try Self.check(address, of: origin) }
        return true
    }

    /// Refuses a name that means an address of no public host wherever it is looked up: `localhost`, and numbers that
    /// resolvers take for addresses, such as `127.1` or `0x7f000001`.
    static func checkName(of origin: Origin) throws(TransportFailure) {
        let labels = origin.host.split(separator: ".")
        let isNumber = labels.last.map { $0.hasPrefix("0x") || $0.allSatisfy(\.isNumber) } ?? true
        guard labels.last == "localhost" || isNumber && IPAddress(origin.host) == nil else { return }
        throw refusal(
            "host \(origin) may be a private address, which a plugin may reach only if the configuration names it"
        )
    }

    /// Decides on the address that a host resolved to.
    static func check(_ address: IPAddress, of origin: Origin) throws(TransportFailure) {
        guard let restriction = address.restriction else { return }
        throw refusal(
            "host \(origin) is at a \(restriction) address, which a plugin may reach only if the configuration names it"
        )
    }

    private static func refusal(_ message: String) -> TransportFailure {
        TransportFailure(.forbidden, message, mayHaveArrived: false)
    }
}
