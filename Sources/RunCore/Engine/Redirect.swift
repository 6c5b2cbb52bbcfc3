import Foundation

/// Decides where a redirected request goes.
///
/// Only requests that change nothing are followed.
enum Redirect {
    /// How many redirects in a row are followed.
    static let limit = 5

    /// The request that follows a redirect, without the headers that were meant for another origin; nil if the
    /// answer is no redirect that may be followed.
    static func next(after answer: ProviderResponse, to request: ProviderRequest) -> ProviderRequest? {
        guard request.credentials != .login, request.method == "GET" || request.method == "HEAD",
            [301, 302, 303, 307, 308].contains(answer.status),
            !request.expected.contains(answer.status), let location = answer.headers["location"],
            let url = resolve(location, against: request.url)
        else { return nil }
        var next = request
        next.url = url
        if origin(of: url) != origin(of: request.url) {
            // Headers a plugin set for its provider are not another host's business; neither are credentials.
            next.headers = [:]
            next.credentials = .none
        }
        return next
    }

    /// An absolute URL for a link found at `base`.
    static func resolve(_ link: String, against base: String) -> String? {
        guard let base = URL(string: base), let url = URL(string: link, relativeTo: base) else { return nil }
        return url.absoluteString
    }

    static func tooMany(_ request: ProviderRequest) -> TransportFailure {
        TransportFailure(
            .malformed,
            "more than \(limit) redirects, the last to \(request.url)",
            mayHaveArrived: true
        )
    }

    private static func origin(of url: String) -> String? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host else {
            return nil
        }
        let port = parts.port ?? (scheme.lowercased() == "https" ? 443 : 80)
        return "\(scheme.lowercased())://\(host.lowercased()):\(port)"
    }
}
