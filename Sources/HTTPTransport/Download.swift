import AsyncHTTPClient
import NIOCore
import RunCore

/// Passes the body of one answer on to a receiver, piece by piece, at the receiver's pace.
struct Download: Sendable {
    /// How much of an unwanted body comes back with the answer.
    static let unwantedBody = 1 << 20

    let call: Call
    let client: HTTPClient
    let receiver: any DownloadReceiver

    /// The time limit bounds the wait for the head and for each piece after it, not the whole.
    func run(within timeLimit: TimeLimit) async -> Result<Transmission, ArtifactError> {
        do {
            let response = try await client.execute(call.message, deadline: .distantFuture)
            timeLimit.pause()
            let head = call.head(of: response)
            guard try await receiver.accept(head) else {
                timeLimit.restart()
                return .success(.answered(try await beginning(of: response)))
            }
            try await passOn(response, within: timeLimit)
            return .success(.answered(head))
        } catch let error as ArtifactError {
            return .failure(error)
        } catch {
            let failure = call.reader.failure(
                for: error,
                isExpired: timeLimit.isExpired,
                mayHaveArrived: FailureReader.mayHaveArrived(error)
            )
            return .success(.failed(failure))
        }
    }

    private func passOn(_ response: HTTPClientResponse, within timeLimit: TimeLimit) async throws {
        let limit = call.settings.maximumDownload
        var count = 0
        var pieces = response.body.makeAsyncIterator()
        timeLimit.restart()
        while let piece = try await pieces.next() {
            timeLimit.pause()
            count += piece.readableBytes
            guard count <= limit else { throw Call.BodyTooLarge(limit: limit) }
            try await receiver.receive(Array(piece.readableBytesView))
            timeLimit.restart()
        }
        // A cancelled body may end as if it were whole.
        try Task.checkCancellation()
    }

    private func beginning(of response: HTTPClientResponse) async throws -> ProviderResponse {
        var answer = call.head(of: response)
        for try await piece in response.body {
            answer.body.append(contentsOf: piece.readableBytesView.prefix(Self.unwantedBody - answer.body.count))
            if answer.body.count == Self.unwantedBody { return answer }
        }
        try Task.checkCancellation()
        return answer
    }
}
