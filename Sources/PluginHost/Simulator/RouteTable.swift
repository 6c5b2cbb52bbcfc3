import Foundation

/// Finds the route of a simulator that serves a request.
struct RouteTable: Sendable {
    enum Match: Equatable {
        case route(key: String, values: [String: String])
        /// The path is served, with other methods.
        case otherMethod
        case none
    }

    private struct Route: Sendable {
        let key: String
        let method: String
        let segments: [String]
    }

    /// The key of a route that takes what no other does.
    private static let catchAll = "* *"

    private let routes: [Route]
    private let hasCatchAll: Bool

    /// - Parameter keys: e.g. `POST /v2/sources/{id}/start`.
    init(keys: [String]) {
        hasCatchAll = keys.contains(Self.catchAll)
        // Fixed segments before placeholders, so that `/runs/latest` wins over `/runs/{id}`.
        routes = keys.filter { $0 != Self.catchAll }.compactMap { key in
            let words = key.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { return nil }
            return Route(key: key, method: String(words[0]), segments: Self.segments(of: String(words[1])))
        }.sorted { $0.segments.filter(Self.isPlaceholder).count < $1.segments.filter(Self.isPlaceholder).count }
    }

    func match(method: String, path: String) -> Match {
        let segments = Self.segments(of: path)
        var found = Match.none
        for route in routes {
            guard let values = Self.values(of: segments, in: route) else { continue }
            if route.method == method { return .route(key: route.key, values: values) }
            found = .otherMethod
        }
        return hasCatchAll ? .route(key: Self.catchAll, values: [:]) : found
    }

    private static func values(of segments: [String], in route: Route) -> [String: String]? {
        guard segments.count == route.segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, pattern) in zip(segments, route.segments) {
            if isPlaceholder(pattern) {
                guard !segment.isEmpty, let decoded = segment.removingPercentEncoding else { return nil }
                values[String(pattern.dropFirst().dropLast())] = decoded
            } else if segment.removingPercentEncoding != pattern {
                return nil
            }
        }
        return values
    }

    /// Segments with the empty ones kept: a trailing slash makes another path.
    private static func segments(of path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    private static func isPlaceholder(_ segment: String) -> Bool { segment.hasPrefix("{") && segment.hasSuffix("}") }
}
