import Crypto
import Foundation
package import RunCore
import Synchronization

/// A transport that does to downloads what bad networks and servers do; all else passes.
package final class FaultyDownloads: Transport {
    /// A file as it is served at one moment.
    private struct Version {
        let tag: String?
        let bytes: [UInt8]
    }

    private struct State {
        /// How often each file was asked for.
        var requests: [String: Int] = [:]
        /// Whether anything else was asked for since the first download.
        var isPolled = false
        var sent: [ProviderRequest] = []
        var bytes = 0
    }

    private let inner: any Transport
    private let fault: DownloadFault
    private let state = Mutex(State())

    /// The origin of `DownloadFault.foreign`.
    package static let foreignOrigin = "https://storage.invalid"

    /// A transport that gives what `inner` gives, with this fault in every file.
    package init(_ inner: any Transport, _ fault: DownloadFault) {
        self.inner = inner
        self.fault = fault
    }

    /// The requests for files, as they left.
    package var downloads: [ProviderRequest] { state.withLock { $0.sent } }

    /// How many bytes of files went over the line.
    package var bytes: Int { state.withLock { $0.bytes } }

    /// Passes the start on.
    package func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        await inner.start(request, listener: listener)
    }

    /// Passes the request on.
    package func send(_ request: ProviderRequest) async -> Transmission {
        state.withLock { $0.isPolled = !$0.sent.isEmpty }
        return await inner.send(request)
    }

    /// Serves the file that the other transport gives.
    package func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        let (number, isPolled) = note(request)
        if let refusal = refusal(request, number, isPolled) {
            _ = try await receiver.accept(refusal)
            return .answered(refusal)
        }
        var plain = request
        plain.headers = HTTPHeaders(request.headers.fields.filter { !["Range", "If-Range"].contains($0.name) })
        if fault == .foreign { plain.url = Self.home(request.url) }
        let outcome = await inner.send(plain)
        guard case .answered(let answer) = outcome, answer.status == 200 else { return outcome }
        return try await serve(answer, request, number, to: receiver)
    }

    private func note(_ request: ProviderRequest) -> (number: Int, isPolled: Bool) {
        state.withLock { state in
            state.sent.append(request)
            let key = Self.home(request.url)
            state.requests[key, default: 0] += 1
            return (state.requests[key] ?? 1, state.isPolled)
        }
    }

    private func refusal(_ request: ProviderRequest, _ number: Int, _ isPolled: Bool) -> ProviderResponse? {
        switch fault {
        case .expired where !isPolled: ProviderResponse(status: 403, url: request.url)
        case .unavailable where number < 3: ProviderResponse(status: 503, url: request.url)
        case .foreign where !request.url.hasPrefix(Self.foreignOrigin):
            ProviderResponse(status: 302, headers: ["Location": Self.away(request.url)], url: request.url)
        default: nil
        }
    }

    private func serve(
        _ answer: ProviderResponse,
        _ request: ProviderRequest,
        _ number: Int,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        let version = version(of: answer.body, number)
        var head = answer
        head.body = []
        head.url = request.url
        let first = firstByte(for: request, version)
        if let first {
            head.status = 206
            head.headers.set("Content-Range", "bytes \(first)-\(version.bytes.count - 1)/\(version.bytes.count)")
        }
        let rest = Array(version.bytes.dropFirst(first ?? 0))
        head.headers.set("Content-Length", String(rest.count))
        if let tag = version.tag { head.headers.set("ETag", tag) }
        let digest = Data(SHA256.hash(data: answer.body)).base64EncodedString()
        if fault == .damaged { head.headers.set("Repr-Digest", "sha-256=:\(digest):") }
        guard try await receiver.accept(head) else { return .answered(head) }
        let count = cut(rest.count, number)
        state.withLock { $0.bytes += count ?? rest.count }
        try await receiver.receive(Array(rest.prefix(count ?? rest.count)))
        guard count == nil else {
            return .failed(TransportFailure(.connectionLost, "the connection was lost", mayHaveArrived: true))
        }
        return .answered(head)
    }

    /// What is served at the number-th request for a file: at first another content, where the fault says so.
    private func version(of body: [UInt8], _ number: Int) -> Version {
        switch fault {
        case .changed where number == 1, .changedUnnoticed where number == 1, .damaged where number == 1:
            Version(tag: "\"old\"", bytes: body.map { $0 ^ 1 })
        case .unvalidated: Version(tag: nil, bytes: body)
        default: Version(tag: "\"new\"", bytes: body)
        }
    }

    /// Where the answer begins; nil for the whole file.
    private func firstByte(for request: ProviderRequest, _ version: Version) -> Int? {
        guard fault != .rangeIgnored, let range = request.headers["range"],
            let first = Int(range.dropFirst("bytes=".count).dropLast()), first < version.bytes.count
        else { return nil }
        return fault == .changedUnnoticed || request.headers["if-range"] == version.tag ? first : nil
    }

    /// After how many bytes the connection ends; nil if the transfer is whole.
    private func cut(_ count: Int, _ number: Int) -> Int? {
        switch fault {
        case .cut, .rangeIgnored, .changed, .changedUnnoticed, .unvalidated: number == 1 && count > 1 ? count / 2 : nil
        case .cutOften: count > 7 ? 7 : nil
        case .damaged, .expired, .unavailable, .foreign: nil
        }
    }

    private static func away(_ url: String) -> String { "\(foreignOrigin)/?of=\(Data(url.utf8).base64EncodedString())" }

    private static func home(_ url: String) -> String {
        guard url.hasPrefix(foreignOrigin), let mark = url.range(of: "?of="),
            let data = Data(base64Encoded: String(url[mark.upperBound...]))
        else { return url }
        return String(decoding: data, as: UTF8.self)
    }
}
