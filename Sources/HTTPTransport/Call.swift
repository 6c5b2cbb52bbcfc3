import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RunCore

/// A checked request, ready to be sent.
struct Call: Sendable {
    /// Fails an answer whose body is over the limit.
    struct BodyTooLarge: Error {
        let limit: Int
    }

    let request: ProviderRequest
    let url: RequestURL
    let route: Route
    let settings: TransportSettings

    var reader: FailureReader {
        FailureReader(
            origin: url.origin,
            proxy: route.proxy,
            timeout: request.timeout,
            connectTimeout: settings.connectTimeout,
            concurrency: settings.concurrency
        )
    }

    /// The request as AsyncHTTPClient takes it.
    var message: HTTPClientRequest {
        var message = HTTPClientRequest(url: url.text)
        message.method = HTTPMethod(rawValue: request.method)
        for field in request.headers.fields {
            message.headers.add(name: field.name, value: field.value)
        }
        if !request.headers.contains("user-agent") {
            message.headers.add(name: "User-Agent", value: settings.userAgent)
        }
        if asksForIdentity { message.headers.replaceOrAdd(name: "Accept-Encoding", value: "identity") }
        if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
        return message
    }

    /// Whether the answer should come as it is.
    ///
    /// Of a download, lengths and ranges are those of the file only then; an answer without a body cannot be decoded;
    /// and nothing more than needed may fail after a start.
    private var asksForIdentity: Bool { route.use != .exchange || request.method == "HEAD" }

    /// Takes the whole body of an answer; `listener` hears each piece of a good one as it comes.
    func collect(
        _ response: HTTPClientResponse,
        upTo limit: Int,
        listener: (@Sendable ([UInt8]) -> Void)?
    ) async throws -> ProviderResponse {
        var answer = head(of: response)
        let isGood = (200..<300).contains(answer.status)
        for try await piece in response.body {
            guard answer.body.count + piece.readableBytes <= limit else { throw BodyTooLarge(limit: limit) }
            answer.body.append(contentsOf: piece.readableBytesView)
            if isGood { listener?(Array(piece.readableBytesView)) }
        }
        // A cancelled body may end as if it were whole.
        try Task.checkCancellation()
        return answer
    }

    /// Status and headers of an answer.
    func head(of response: HTTPClientResponse) -> ProviderResponse {
        ProviderResponse(
            status: Int(response.status.code),
            headers: RunCore.HTTPHeaders(response.headers.map { .init($0.name, $0.value) }),
            url: request.url
        )
    }
}
