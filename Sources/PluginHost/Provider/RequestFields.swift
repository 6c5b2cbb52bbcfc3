import Foundation
import Lua
import RunCore

/// Changes single fields of a request that is made already.
enum RequestFields {
    /// The request with a field in its JSON body, its form, or its query, wherever it has its fields.
    static func setting(
        _ name: String,
        to value: JSONValue,
        in request: ProviderRequest,
        inQuery: Bool = false
    ) throws(PluginFault) -> ProviderRequest {
        var request = request
        let type = request.headers["content-type"]?.lowercased() ?? ""
        if !inQuery, let body = request.body, type.hasPrefix("application/json") {
            guard var members = (try? JSONReader.read(body, as: JSONValue.self))?.object else {
                throw PluginFault("\(request.purpose): \(name) goes into the body, which is no JSON object")
            }
            members[name] = value
            request.body = Array(JSONValue.object(members).text.utf8)
        } else if !inQuery, let body = request.body, type.hasPrefix("application/x-www-form-urlencoded") {
            request.body = Array(replacing(name, value, in: String(decoding: body, as: UTF8.self)).utf8)
        } else {
            let parts = request.url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            request.url = "\(parts[0])?\(replacing(name, value, in: parts.count > 1 ? String(parts[1]) : ""))"
        }
        return request
    }

    /// Fields of a form or query with one of them replaced, or added at the end.
    private static func replacing(_ name: String, _ value: JSONValue, in fields: String) -> String {
        let pair = PercentEncoding.form([(name, value.plainText)])
        let key = pair.prefix { $0 != "=" }
        let others = fields.split(separator: "&").filter { $0.prefix { $0 != "=" } != key }
        return (others.map(String.init) + [pair]).joined(separator: "&")
    }
}
