import Lua
import RunCore

/// An answer as paths look at it: its body is decoded when something first asks for it.
final class AnswerView {
    let response: ProviderResponse
    /// Makes an inner value the answer's `json`, when the plugin says `unwrap`.
    private let unwrap: AnswerPath?
    private lazy var bare = AnswerView(response)
    private lazy var body = try? JSONReader.read(response.body, as: JSONValue.self)
    private lazy var markup = try? XMLReader.read(response.body)
    private lazy var inner = unwrap?.value(in: bare)

    init(_ response: ProviderResponse, unwrap: AnswerPath? = nil) {
        self.response = response
        self.unwrap = (200..<300).contains(response.status) ? unwrap : nil
    }

    /// The answer as rules for errors see it: they look before its inner value is taken.
    var whole: AnswerView { unwrap == nil ? self : bare }

    /// The decoded body or its inner value; nil if it is no JSON, whatever its content type says, or has none.
    var json: JSONValue? { unwrap == nil ? body : inner }

    /// The decoded body below its root element; nil if it is no XML, whatever its content type says.
    var xml: JSONValue? { markup }

    /// Why a path cannot look into the body at all; nil if it can.
    func obstacle(to path: AnswerPath) -> String? {
        let wanted = path.isXML ? (path.isJSON ? "JSON or XML" : "XML") : "JSON"
        let isReadable = path.isXML && xml != nil || (path.isJSON || !path.isXML) && !isUndecodable
        let type = response.headers["content-type"] ?? "no content type"
        return isReadable ? nil : "the answer is no \(wanted) (HTTP \(response.status), \(type))"
    }

    /// Whether the body is no JSON.
    var isUndecodable: Bool { whole.body == nil }

    /// How long the provider asks to wait; a date without the answer's own `Date` says nothing, as clocks differ.
    var retryAfter: Duration? {
        let isDate = response.headers["retry-after"].flatMap(RetryAfter.httpDate) != nil
        if isDate, !response.headers.contains("date") { return nil }
        return RetryAfter.delay(in: response.headers, receivedAt: Timestamp(milliseconds: 0))
    }

    func root(_ name: String, steps: [AnswerPath.Step]) -> JSONValue? {
        switch name {
        case "status": return .integer(Int64(response.status))
        case "url": return .string(response.url)
        case "body": return .string(String(decoding: response.body, as: UTF8.self))
        case "json": return json
        case "xml": return xml
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
        if unwrap != nil, !isUndecodable { head["json"] = json ?? .null }
        return .response(head: Array(JSONValue.object(head).text.utf8), body: response.body)
    }
}
