import RunCore

/// The origins (scheme, host, port) that a plugin's requests may go to.
package struct AllowedOrigins: Sendable {
    /// One origin.
    package struct Entry: Sendable, Hashable {
        /// As `https://jim.example.com:443`.
        package let origin: String
        /// Whether the connection's credentials go along to it.
        package let takesCredentials: Bool
        /// Whether the user's configuration names its host; else it comes from the plugin, at least in part.
        package let isConfigured: Bool
    }

    /// How a request may be sent.
    enum Access: Sendable { case withCredentials, withoutCredentials }

    /// The base URL's origin first, then the plugin's further hosts.
    package let entries: [Entry]

    init(entries: [Entry]) {
        self.entries = entries
    }

    /// Whether a request may be sent.
    ///
    /// - Throws: when its origin is not allowed, before anything is sent.
    func access(to request: ProviderRequest, place: String) throws(PluginFault) -> Access {
        guard let origin = URLText.origin(of: request.url) else {
            throw PluginFault("\(request.purpose): '\(request.url)' is no URL with a host", place: place)
        }
        guard let entry = entries.first(where: { $0.origin == origin }) else {
            let hosts = entries.map(\.origin).joined(separator: ", ")
            throw PluginFault(
                "\(request.purpose): \(origin) is not one of this plugin's hosts (\(hosts)); "
                    + "a plugin names further ones in hosts",
                place: place
            )
        }
        return entry.takesCredentials ? .withCredentials : .withoutCredentials
    }
}
