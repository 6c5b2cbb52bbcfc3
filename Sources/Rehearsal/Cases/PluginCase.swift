import Foundation
import Lua
import PluginHost
package import RunCore

/// A recorded conversation with a provider, and what must come of it: one file of a plugin's `cases` folder.
package struct PluginCase: Sendable {
    /// A request that must come, and what it is answered with.
    package struct Step: Sendable {
        /// The HTTP method that must be sent.
        package let method: String
        /// The whole URL that must be sent, in which a secret stands as its name in brackets.
        package let url: String
        /// The headers that are compared; a secret stands as its name in brackets.
        package let headers: [String: String]
        /// What the body must be; nil leaves it unchecked.
        package let body: ExpectedBody?
        /// What the recorded provider answers, or how the request fails.
        package let outcome: Transmission
        /// Whether the request may come any number of times in a row.
        package let isRepeated: Bool
    }

    /// What a request's body must be.
    package enum ExpectedBody: Sendable {
        case absent
        case json(JSONValue)
        case text(String)
    }

    /// A case file that cannot be used.
    package struct Problem: Error, Sendable {
        /// What is wrong with the file, in one sentence.
        package let message: String
    }

    /// What the case shows, in one line.
    package let summary: String
    /// Name of the operation that is run; nil for the plugin's default one.
    package let operation: String?
    /// Name of the action that is called in place of a run; nil for none.
    package let action: String?
    /// Name of the operation whose targets are listed in place of a run; nil for none.
    package let targets: String?
    /// Whether the connection is checked in place of a run.
    package let checks: Bool
    /// Whether the run is cancelled as soon as it is started.
    package let cancels: Bool
    /// The target as a user writes it; nil for none.
    package let target: String?
    /// Parameters by name, checked as on the command line.
    package let params: [String: JSONValue]
    /// The connection's settings by name.
    package let settings: [String: JSONValue]
    /// The connection's secrets by name, invented ones.
    package let secrets: [String: JSONValue]
    /// `if_running` and `strict`, where they differ from the defaults.
    package let options: [String: JSONValue]
    /// The exchanges in the order they must come.
    package let steps: [Step]
    /// Members of the run's document that are compared.
    package let expected: [String: JSONValue]

    private static let texts: Set<String> = ["summary", "operation", "action", "targets", "target"]
    private static let flags: Set<String> = ["check", "cancel"]
    private static let tables: Set<String> = ["params", "settings", "secrets", "options", "expect"]

    /// Reads a case from its JSON text, in which `{run.key}` stands for the run's key.
    package init(_ text: String, key: RunKey) throws(Problem) {
        let filled = text.replacingOccurrences(of: "{run.key}", with: key.text)
        let json: JSONValue
        do {
            json = try JSONReader.read(Array(filled.utf8), as: JSONValue.self)
        } catch {
            throw Problem(message: "no JSON: \(error.message), at byte \(error.offset)")
        }
        try self.init(json)
    }

    private init(_ json: JSONValue) throws(Problem) {
        let known = Self.texts.union(Self.tables).union(Self.flags).union(["exchanges"])
        let members = try Self.members(of: json, known: known)
        for (key, value) in members.sorted(by: { $0.key < $1.key }) where value != .null {
            if !Self.isFit(value, for: key) {
                throw Problem(message: "\(key) is \(value.text), which is of another kind than it must be")
            }
        }
        _ = try Self.members(of: members["options"] ?? [:], known: ["if_running", "strict"])
        summary = members["summary"]?.string ?? ""
        operation = members["operation"]?.string
        action = members["action"]?.string
        targets = members["targets"]?.string
        checks = members["check"]?.bool ?? false
        cancels = members["cancel"]?.bool ?? false
        target = members["target"]?.string
        params = members["params"]?.object ?? [:]
        settings = members["settings"]?.object ?? [:]
        secrets = members["secrets"]?.object ?? [:]
        options = members["options"]?.object ?? [:]
        guard let expected = members["expect"]?.object, !expected.isEmpty else {
            throw Problem(message: "expect says nothing: a case needs an outcome")
        }
        self.expected = expected
        var steps: [Step] = []
        for (index, exchange) in (members["exchanges"]?.array ?? []).enumerated() {
            do throws(Problem) {
                steps.append(try Self.step(exchange))
            } catch {
                throw Problem(message: "exchange \(index + 1): \(error.message)")
            }
        }
        self.steps = steps
    }

    private static func isFit(_ value: JSONValue, for key: String) -> Bool {
        if texts.contains(key) { return value.string != nil }
        if flags.contains(key) { return value.bool != nil }
        return tables.contains(key) ? value.object != nil : value.array != nil
    }

    /// The members of an object that has no others than the known ones.
    private static func members(of json: JSONValue, known: Set<String>) throws(Problem) -> [String: JSONValue] {
        guard let members = json.object else { throw Problem(message: "a JSON object is expected, not \(json.text)") }
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw Problem(message: "unknown key \(unknown)\(Suggestion.hint(for: unknown, among: known.sorted()))")
        }
        return members
    }

    private static func step(_ json: JSONValue) throws(Problem) -> Step {
        _ = try members(of: json, known: ["request", "response", "failure", "repeat"])
        _ = try members(of: json["request"] ?? [:], known: ["method", "url", "headers", "json", "body"])
        _ = try members(of: json["response"] ?? [:], known: ["status", "headers", "json", "body"])
        _ = try members(of: json["failure"] ?? [:], known: ["kind", "message", "may_have_arrived"])
        guard let request = json["request"], let method = request["method"]?.string, let url = request["url"]?.string
        else { throw Problem(message: "a request with method and url is expected") }
        return Step(
            method: method,
            url: url,
            headers: (request["headers"]?.object ?? [:]).mapValues(\.plainText),
            body: expectedBody(request),
            outcome: try outcome(json, url: url),
            isRepeated: json["repeat"]?.bool ?? false
        )
    }

    private static func expectedBody(_ request: JSONValue) -> ExpectedBody? {
        if let json = request["json"] { return .json(json) }
        switch request["body"] {
        case nil: return nil
        case .null: return .absent
        case let text?: return .text(text.plainText)
        }
    }

    private static func outcome(_ json: JSONValue, url: String) throws(Problem) -> Transmission {
        if let failure = json["failure"] {
            guard let kind = failure["kind"]?.string.flatMap(TransportFailure.Kind.init(rawValue:)) else {
                let kinds = TransportFailure.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(message: "the failure's kind is none of \(kinds)")
            }
            let message = failure["message"]?.string ?? kind.rawValue
            return .failed(TransportFailure(kind, message, mayHaveArrived: failure["may_have_arrived"]?.bool ?? true))
        }
        guard let response = json["response"], let status = response["status"]?.int else {
            throw Problem(message: "a response with a status, or a failure, is expected")
        }
        var headers = HTTPHeaders(
            (response["headers"]?.object ?? [:]).sorted { $0.key < $1.key }.map { .init($0.key, $0.value.plainText) }
        )
        var body = response["body"].map { Array($0.plainText.utf8) } ?? []
        if let json = response["json"] {
            body = Array(json.text.utf8)
            if !headers.contains("content-type") { headers.set("Content-Type", "application/json") }
        }
        return .answered(ProviderResponse(status: status, headers: headers, body: body, url: url))
    }
}
