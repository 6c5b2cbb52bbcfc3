/// An exchange of a run as it is kept: secrets replaced, long bodies cut.
package struct KeptExchange: Sendable, Hashable, Codable {
    /// What it was for, as far as its keeping is concerned.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// It may have started something; never given up for room.
        case start
        /// A look at the run; given up first, the oldest before the others.
        case poll
        case download
        case other
    }

    /// Counts the exchanges of a run from 1, those too that are not kept: a gap is what was left out.
    package var number: Int
    package let kind: Kind
    /// When the request was handed to the transport.
    package let sentAt: Timestamp
    /// Time from then until the whole answer, or the failure, was there, in milliseconds.
    package let milliseconds: Int64
    /// What the plugin made the request for, such as `poll.request`.
    package let purpose: String
    package let method: String
    package internal(set) var url: String
    package let headers: HTTPHeaders
    /// Nil for a request without a body.
    package let body: KeptBody?
    /// Nil where no whole answer came.
    package internal(set) var answer: Answer?
    /// Nil where an answer came.
    package let failure: TransportFailure?
    /// What is known of the file that the answer brought; nil for any other answer.
    package var file: KeptFile?

    /// An answer as it is kept.
    package struct Answer: Sendable, Hashable, Codable {
        package let status: Int
        package internal(set) var headers: HTTPHeaders
        package internal(set) var body: KeptBody
        /// The URL that links in it are resolved against.
        package internal(set) var url: String
    }

    /// Keeps an exchange; of a body no more than `limit` bytes.
    package init(_ exchange: Exchange, number: Int, kind: Kind, limit: Int) {
        self.number = number
        self.kind = kind
        sentAt = exchange.sentAt
        milliseconds = exchange.took.inMilliseconds
        purpose = exchange.request.purpose
        method = exchange.request.method
        url = exchange.request.url
        headers = exchange.request.headers
        body = exchange.request.body.map { KeptBody($0, limit: limit) }
        switch exchange.outcome {
        case .failed(let failure):
            answer = nil
            self.failure = failure
        case .answered(let response):
            answer = Answer(
                status: response.status,
                headers: response.headers,
                body: KeptBody(response.body, limit: limit),
                url: response.url
            )
            failure = nil
        }
    }

    /// The exchange as far as it was kept.
    package var exchange: Exchange {
        Exchange(
            request: ProviderRequest(method: method, url: url, headers: headers, body: body?.bytes, purpose: purpose),
            outcome: outcome,
            sentAt: sentAt,
            took: .milliseconds(milliseconds)
        )
    }

    /// What came of the request, as far as it was kept.
    package var outcome: Transmission {
        if let answer {
            return .answered(
                ProviderResponse(
                    status: answer.status,
                    headers: answer.headers,
                    body: answer.body.bytes,
                    url: answer.url
                )
            )
        }
        return .failed(failure ?? TransportFailure(.malformed, "nothing was kept of it", mayHaveArrived: true))
    }

    /// Whether the end of a body is missing.
    package var isCut: Bool { body?.isCut == true || answer?.body.isCut == true }
}
