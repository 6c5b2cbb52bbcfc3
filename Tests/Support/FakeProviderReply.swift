/// What a fake provider does about a request.
package struct FakeProviderReply: Sendable {
    /// A part of a reply.
    package enum Piece: Sendable {
        case bytes([UInt8])
        /// Nothing until the signal is open.
        case wait(FakeProviderSignal)
        /// Opens the signal once all pieces before it were taken by the system.
        case open(FakeProviderSignal)
    }

    /// What becomes of the connection after a reply.
    package enum Ending: Sendable {
        /// It is kept for the next request.
        case keep
        /// It is closed in order (FIN).
        case close
        /// It is reset (RST).
        case reset
        /// Nothing more is done until the client leaves.
        case silence
    }

    package var pieces: [Piece]
    package var ending: Ending

    package init(_ pieces: [Piece], then ending: Ending) {
        self.pieces = pieces
        self.ending = ending
    }

    /// A whole answer, with its Content-Length.
    package static func answer(
        _ status: Int,
        headers: [(String, String)] = [],
        body: [UInt8] = []
    ) -> FakeProviderReply {
        let fields = headers + [("Content-Length", String(body.count))]
        return FakeProviderReply([.bytes(head(status, fields) + body)], then: .keep)
    }

    /// A whole answer of text, such as JSON.
    package static func answer(
        _ status: Int,
        headers: [(String, String)] = [("Content-Type", "application/json")],
        text: String
    ) -> FakeProviderReply {
        answer(status, headers: headers, body: Array(text.utf8))
    }

    /// Bytes as they are.
    package static func raw(_ text: String, then ending: Ending) -> FakeProviderReply {
        FakeProviderReply([.bytes(Array(text.utf8))], then: ending)
    }

    /// No byte.
    package static func nothing(then ending: Ending) -> FakeProviderReply {
        FakeProviderReply([], then: ending)
    }

    /// Status line and header fields, up to the empty line.
    package static func head(_ status: Int, _ fields: [(String, String)]) -> [UInt8] {
        let lines = ["HTTP/1.1 \(status) Fake"] + fields.map { "\($0): \($1)" } + ["", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
