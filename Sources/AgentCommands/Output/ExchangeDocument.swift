import Foundation
import RunCore

/// A kept exchange as JSON.
enum ExchangeDocument {
    static func json(of kept: KeptExchange) -> JSONValue {
        [
            "number": .integer(Int64(kept.number)),
            "kind": .string(kept.kind.rawValue),
            "purpose": .string(kept.purpose),
            "sent_at": .string(kept.sentAt.rfc3339),
            "milliseconds": .integer(kept.milliseconds),
            "request": [
                "method": .string(kept.method), "url": .string(kept.url), "headers": json(kept.headers),
                "body": kept.body.map(json) ?? .null,
            ],
            "answer": kept.answer.map { answer in
                [
                    "status": .integer(Int64(answer.status)), "headers": json(answer.headers),
                    "body": json(answer.body),
                ]
            } ?? .null,
            "failure": kept.failure.map { failure in
                [
                    "kind": .string(failure.kind.rawValue), "message": .string(failure.message),
                    "may_have_arrived": .bool(failure.mayHaveArrived),
                ]
            } ?? .null,
            "file": kept.file.map(json) ?? .null,
            "curl": .string(TraceText.curl(kept.exchange.request)),
        ]
    }

    private static func json(_ headers: HTTPHeaders) -> JSONValue {
        .array(headers.fields.map { ["name": .string($0.name), "value": .string($0.value)] })
    }

    /// Bytes that are no text stand in Base64.
    private static func json(_ body: KeptBody) -> JSONValue {
        let text = String(validating: body.bytes, as: UTF8.self)
        return [
            "text": text.map { .string($0) } ?? .null,
            "base64": text == nil ? .string(Data(body.bytes).base64EncodedString()) : .null,
            "size": .integer(Int64(body.size)), "cut": .bool(body.isCut),
        ]
    }

    private static func json(_ file: KeptFile) -> JSONValue {
        [
            "bytes": file.content.map { .integer($0.bytes) } ?? .null,
            "sha256": file.content.map { .string($0.sha256) } ?? .null,
            "problem": file.problem.map { .string($0) } ?? .null,
        ]
    }
}
