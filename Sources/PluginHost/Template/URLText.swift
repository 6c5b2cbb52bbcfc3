import Foundation

/// Checks and joins URLs given as text.
package enum URLText {
    /// Whether the text is an absolute http or https URL with a host, or a Unix socket (`unix:/path`).
    package static func isOrigin(_ text: String) -> Bool {
        if text.hasPrefix("unix:/") { return true }
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty, parts.user == nil else {
            return false
        }
        return ["http", "https"].contains(parts.scheme?.lowercased()) && parts.query == nil && parts.fragment == nil
    }

    /// What paths are appended to: the URL without a slash at its end, `http+unix://…` for a Unix socket.
    static func base(_ url: String) -> String {
        url.hasPrefix("unix:/") ? "http+unix://\(PercentEncoding.encode(url.dropFirst(5)))" : withoutTrailingSlash(url)
    }

    /// The text without the one slash at its end, so that a path can be appended.
    package static func withoutTrailingSlash(_ text: String) -> String {
        text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// Whether the path of a URL, or of a text that begins with a path, has a segment that stands for another.
    static func hasDotSegment(_ text: String) -> Bool {
        text.prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
            .contains { [".", ".."].contains($0.removingPercentEncoding ?? "") }
    }

    /// Whether the text begins with a scheme.
    static func isAbsolute(_ text: some StringProtocol) -> Bool {
        text.contains("://") && text.prefix { $0 != ":" }.allSatisfy { $0.isLetter || $0 == "+" }
    }

    /// An absolute URL for a link found at `base` (RFC 3986 section 5); nil if it is no link.
    static func resolve(_ link: String, against base: String) -> String? {
        guard let base = URL(string: base), let url = URL(string: link, relativeTo: base) else { return nil }
        return url.absoluteString
    }

    /// The host in lower case, or the path of a Unix socket; nil if the text has none.
    static func host(of url: String) -> String? {
        guard let host = URLComponents(string: base(url))?.encodedHost?.lowercased(), !host.isEmpty else { return nil }
        return host
    }

    /// Scheme, host and port as one text, such as `https://jim.example.com:443`, without a port that of a Unix socket;
    /// nil if it has no host.
    ///
    /// The host is as it is sent: two of them must not look the same because one was decoded.
    package static func origin(of url: String) -> String? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.encodedHost, !host.isEmpty, parts.user == nil
        else { return nil }
        if scheme.hasSuffix("+unix") { return socketOrigin(scheme, of: url) }
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(host.lowercased()):\(port)"
    }

    /// The path of a socket stands percent-encoded where a host would, and has no port.
    private static func socketOrigin(_ scheme: String, of url: String) -> String? {
        let authority = url.dropFirst(scheme.count + 3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains(where: { ":[]@".contains($0) }), let path = authority.removingPercentEncoding else {
            return nil
        }
        return "\(scheme)://\(PercentEncoding.encode(path))"
    }
}
