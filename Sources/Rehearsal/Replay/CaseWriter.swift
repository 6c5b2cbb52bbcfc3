import Foundation
import Lua
import PluginHost
package import RunCore

/// Writes a run's recording as a case of its plugin.
package struct CaseWriter {
    /// Why a recording makes no case.
    package struct Problem: Error, Sendable {
        /// One sentence for a person.
        package let message: String
    }

    private let run: Run
    private let recording: Recording

    /// A writer for a run that has ended.
    package init(_ run: Run, _ recording: Recording) {
        self.run = run
        self.recording = recording
    }

    /// The case as JSON text, the run's key replaced by its placeholder.
    ///
    /// - Throws: when the run cannot be played from what is kept of it.
    package func text() throws(Problem) -> String {
        try check()
        var exchanges: [JSONValue] = []
        for (index, kept) in recording.exchanges.enumerated() {
            exchanges.append(try exchange(kept, isLast: index == recording.exchanges.count - 1))
        }
        let connection = recording.connection
        var settings = connection.settings
        if let url = connection.baseURL { settings["base_url"] = .string(url) }
        let secrets = connection.secrets.map { ($0, JSONValue.string("invented-\($0)")) }
        let members: [(String, JSONValue)] = [
            (
                "summary",
                .string("Recorded from run \(run.id), \(run.createdAt.rfc3339.prefix(10)): \(run.state.rawValue).")
            ),
            ("operation", .string(run.operation)), ("target", target), ("params", .object(run.params)),
            ("settings", .object(settings)),
            ("secrets", .object(Dictionary(secrets) { first, _ in first })),
            ("options", .object(options)), ("exchanges", .array(exchanges)), ("expect", .object(expected)),
        ]
        let lines = members.map { "  \(JSONValue.string($0).text): \(Self.pretty($1))" }
        let text = "{\n\(lines.joined(separator: ",\n"))\n}\n"
        return text.replacing(run.key.text, with: "{run.key}")
    }

    private func check() throws(Problem) {
        if run.cancelRequested || run.adopted {
            throw Problem(message: "the run was cancelled or adopted by hand, which a recorded case cannot repeat")
        }
        if run.state.isOpen || run.reasonClass == .interrupted {
            throw Problem(message: "the run has not ended")
        }
        if recording.exchanges.isEmpty { throw Problem(message: "no exchanges of it are kept") }
    }

    private var target: JSONValue {
        (recording.connection.lookedUp ?? run.target?.id).map { .string($0) } ?? .null
    }

    private var options: [String: JSONValue] {
        var options: [String: JSONValue] = [:]
        if let choice = run.options.ifRunning { options["if_running"] = .string(choice.rawValue) }
        if run.options.strict { options["strict"] = true }
        return options
    }

    private var expected: [String: JSONValue] {
        let document = RunDocument.json(of: run).object ?? [:]
        let names: Set<String> = [
            "state", "reason", "reason_class", "remote", "result", "warnings", "target", "exit_status",
        ]
        return document.filter { names.contains($0.key) }
    }

    // MARK: - Exchanges

    private func exchange(_ kept: KeptExchange, isLast: Bool) throws(Problem) -> JSONValue {
        if kept.isCut { throw Problem(message: "of exchange \(kept.number) not the whole body is kept") }
        var members: [String: JSONValue] = ["request": .object(request(kept))]
        if isLast, run.state == .unwatched { members["repeat"] = true }
        if let answer = kept.answer {
            if kept.file != nil {
                let message = "exchange \(kept.number) brought a file, whose content is not kept"
                throw Problem(message: message)
            }
            members["response"] = .object(try response(answer, kept.number))
        } else if let failure = kept.failure {
            members["failure"] = [
                "kind": .string(failure.kind.rawValue), "message": .string(failure.message),
                "may_have_arrived": .bool(failure.mayHaveArrived),
            ]
        }
        return .object(members)
    }

    private func request(_ kept: KeptExchange) -> [String: JSONValue] {
        var request: [String: JSONValue] = ["method": .string(kept.method), "url": .string(kept.url)]
        request["headers"] = .object(Self.headers(kept.headers))
        guard let bytes = kept.body?.bytes else { return request.merging(["body": .null]) { old, _ in old } }
        if let json = try? JSONReader.read(bytes, as: JSONValue.self) {
            request["json"] = json
        } else if let text = String(validating: bytes, as: UTF8.self) {
            request["body"] = .string(text)
        }
        return request
    }

    private func response(_ answer: KeptExchange.Answer, _ number: Int) throws(Problem) -> [String: JSONValue] {
        var response: [String: JSONValue] = ["status": .integer(Int64(answer.status))]
        // The length is that of the body as it was sent, not as it is written here.
        response["headers"] = .object(Self.headers(answer.headers).filter { $0.key.lowercased() != "content-length" })
        let bytes = answer.body.bytes
        if bytes.isEmpty { return response }
        if let json = try? JSONReader.read(bytes, as: JSONValue.self), json.object != nil || json.array != nil {
            response["json"] = json
        } else if let text = String(validating: bytes, as: UTF8.self) {
            response["body"] = .string(text)
        } else {
            throw Problem(message: "the answer of exchange \(number) is no text")
        }
        return response
    }

    private static func headers(_ headers: HTTPHeaders) -> [String: JSONValue] {
        Dictionary(headers.fields.map { ($0.name, .string($0.value)) }) { first, _ in first }
    }

    /// Indented as a member of the case.
    private static func pretty(_ value: JSONValue) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Every JSON value can be encoded; its compact form is as good.
        guard let data = try? encoder.encode(value) else { return value.text }
        return String(decoding: data, as: UTF8.self).replacing("\n", with: "\n  ")
    }
}
