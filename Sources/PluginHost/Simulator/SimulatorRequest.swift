import Foundation
import Lua
package import RunCore

/// A request as a simulator sees it.
package struct SimulatorRequest: Sendable {
    /// The HTTP method, which routes are matched by.
    package let method: String
    /// Path from the origin's root, percent-encoded, without the query.
    package let path: String
    private let query: [String: JSONValue]
    private let headers: HTTPHeaders
    private let body: [UInt8]

    /// Takes a request apart, whose `target` is path and query as they stand in the request line.
    package init(method: String, target: String, headers: HTTPHeaders, body: [UInt8]) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = parts.count > 1 ? Self.fields(of: parts[1]) : [:]
        self.headers = headers
        self.body = body
    }

    /// The request as routes get it.
    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "method": .string(method), "path": .string(path), "query": .object(query),
            "body": .string(String(decoding: body, as: UTF8.self)),
        ]
        fields["headers"] = .object(
            Dictionary(headers.fields.map { ($0.name.lowercased(), .string($0.value)) }) { first, _ in first }
        )
        if let json = try? JSONReader.read(body, as: JSONValue.self) { fields["json"] = json }
        if headers["content-type"]?.hasPrefix("application/x-www-form-urlencoded") == true {
            fields["form"] = .object(Self.fields(of: String(decoding: body, as: UTF8.self)[...]))
        }
        return fields
    }

    private static func fields(of text: Substring) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields[decoded(parts[0])] = .string(parts.count > 1 ? decoded(parts[1]) : "")
        }
        return fields
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}
