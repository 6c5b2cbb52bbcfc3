/// Where a request goes: scheme, host and port, compared as browsers compare origins.
package struct Origin: Sendable, Hashable {
    /// One of `http`, `https`, `http+unix`, `https+unix`.
    package let scheme: String
    /// In lower case, without the brackets of an IPv6 address; of a Unix socket its path.
    package let host: String
    /// 0 of a Unix socket.
    package let port: Int

    /// An origin from parts already in the form the properties describe.
    package init(scheme: String, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Reads the origin of a URL, whatever path follows it.
    package init(url: String) throws(RequestURLError) {
        self = try RequestURL(url).origin
    }

    /// Whether it is a Unix socket, which has no address.
    package var isSocket: Bool { scheme.hasSuffix("+unix") }

    /// Whether requests are encrypted.
    package var usesTLS: Bool { scheme.hasPrefix("https") }

    /// Host and port as people write them.
    package var authority: String {
        if isSocket { return host }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

extension Origin: CustomStringConvertible {
    /// The origin as a URL without path; a default port is left out.
    package var description: String {
        if isSocket { return "\(scheme)://\(host)" }
        let bracketed = host.contains(":") ? "[\(host)]" : host
        let isDefault = port == (usesTLS ? 443 : 80)
        return "\(scheme)://\(bracketed)" + (isDefault ? "" : ":\(port)")
    }
}
