import Lua
import RunCore

/// An answer as paths look at it: its body is decoded when something first asks for it.
final class AnswerView {
    let response: ProviderResponse
    /// Makes an inner value the answer's `json`, when the plugin says `unwrap`.
    private let unwrap: AnswerPath?
    private var decoded: JSONValue??

    init(_ response: ProviderResponse, unwrap: AnswerPath? = nil) {
        self.response = response
        self.unwrap = unwrap
    }

    /// The decoded body; nil if it is no JSON, whatever its content type says.
    var json: JSONValue? {
        if let decoded { return decoded }
        var value = try? JSONReader.read(response.body, as: JSONValue.self)
        if let unwrap, let whole = value, (200..<300).contains(response.status) {
            value = AnswerPath.follow(unwrap.routes[0].steps[...], from: whole)
        }
        decoded = .some(value)
        return value
    }

    /// Whether the body is there but is no JSON.
    var isUndecodable: Bool { json == nil }

    func root(_ name: String, steps: [AnswerPath.Step]) -> JSONValue? {
        switch name {
        case "status": return .integer(Int64(response.status))
        case "url": return .string(response.url)
        case "body": return .string(String(decoding: response.body, as: UTF8.self))
        case "json": return json
        case "header":
            guard case .key(let field)? = steps.first else { return nil }
            return response.headers[field].map { .string($0) }
        default: return nil
        }
    }

    /// The answer as functions of a plugin get it; `json` is decoded there when they ask for it.
    var luaArgument: LuaArgument {
        var headers: [String: JSONValue] = [:]
        for field in response.headers.fields {
            let name = field.name.lowercased()
            headers[name] = .array((headers[name]?.array ?? []) + [.string(field.value)])
        }
        var head: [String: JSONValue] = [
            "status": .integer(Int64(response.status)), "headers": .object(headers), "url": .string(response.url),
        ]
        if unwrap != nil, let json { head["json"] = json }
        return .response(head: Array(JSONValue.object(head).text.utf8), body: response.body)
    }
}
