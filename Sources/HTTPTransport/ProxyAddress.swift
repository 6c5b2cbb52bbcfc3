/// A proxy and the credentials it asks for.
package struct ProxyAddress: Sendable, Hashable {
    /// How a proxy is spoken to.
    package enum Kind: Sendable, Hashable {
        /// `CONNECT` over HTTP, for http and https targets alike.
        case http
        /// SOCKS 5, without credentials; names are resolved by the proxy.
        case socks
    }

    /// The protocol spoken to it.
    package let kind: Kind
    /// Its host, in lower case, without the brackets of an IPv6 address.
    package let host: String
    /// Its port; 80 or, for SOCKS, 1080 where the text gave none.
    package let port: Int
    /// Shown in no message.
    package let credentials: Credentials?

    /// A user name and password.
    package struct Credentials: Sendable, Hashable {
        /// The user name, percent-decoded.
        package let user: String
        /// The password, percent-decoded.
        package let password: String

        /// Credentials for an HTTP proxy's `Proxy-Authorization`.
        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Reads `http://[user:password@]host[:port]` or `socks5://host[:port]`; the scheme may be left out.
    ///
    /// `setting` is where the text comes from, named in the error.
    init(_ text: String, setting: String) throws(TransportSettingsError) {
        let separator = text.firstRange(of: "://")
        let scheme = separator.map { text[..<$0.lowerBound].lowercased() } ?? "http"
        switch scheme {
        case "http": kind = .http
        case "socks5", "socks5h": kind = .socks
        default: throw TransportSettingsError(setting, "a proxy's scheme is http or socks5, not \(scheme.prefix(20))")
        }
        var rest = separator.map { text[$0.upperBound...] } ?? text[...]
        rest = rest.prefix { $0 != "/" }
        credentials = try Self.takeCredentials(from: &rest, setting: setting)
        guard kind == .http || credentials == nil else {
            throw TransportSettingsError(setting, "a socks5 proxy with a password is not supported")
        }
        let defaultPort = kind == .http ? "80" : "1080"
        let hasPort = rest.last != "]" && rest.contains(":")
        let url = "http://\(rest)\(hasPort ? "" : ":\(defaultPort)")"
        guard let origin = try? Origin(url: url) else {
            throw TransportSettingsError(setting, "a proxy is written http://host:port")
        }
        host = origin.host
        port = origin.port
    }

    private static func takeCredentials(
        from rest: inout Substring,
        setting: String
    ) throws(TransportSettingsError) -> Credentials? {
        guard let at = rest.lastIndex(of: "@") else { return nil }
        let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        rest = rest[rest.index(after: at)...]
        guard parts.count == 2, let user = PercentEncoding.decoded(parts[0]),
            let password = PercentEncoding.decoded(parts[1])
        else {
            throw TransportSettingsError(setting, "a proxy's credentials are written user:password@host")
        }
        return Credentials(user: user, password: password)
    }
}

extension ProxyAddress: CustomStringConvertible, CustomDebugStringConvertible {
    /// The address as a URL, credentials left out.
    package var description: String { "\(kind == .http ? "http" : "socks5")://\(host):\(port)" }
    /// The same text, so that no debugger's output shows the credentials.
    package var debugDescription: String { description }
}
