import AgentTesting
import HTTPTransport
import Logging
import RunCore

/// Runs a transport that may reach these origins, named by the configuration, and shuts it down.
func withTransport<Result>(
    to urls: String...,
    configure: (inout TransportSettings) throws -> Void = { _ in },
    _ body: (HTTPTransport) async throws -> Result
) async throws -> Result {
    let entries = try urls.map { NetworkPolicy.Entry(try Origin(url: $0), isConfigured: true) }
    var settings = TransportSettings(policy: NetworkPolicy(entries))
    try configure(&settings)
    let transport = try HTTPTransport(settings: settings, logger: Logger(label: "test"))
    do {
        let result = try await body(transport)
        await transport.shutdown()
        return result
    } catch {
        await transport.shutdown()
        throw error
    }
}

extension ProviderRequest {
    /// A POST of a small body, as a start is.
    static func post(_ url: String, timeout: Duration = .seconds(20)) -> ProviderRequest {
        ProviderRequest(
            method: "POST",
            url: url,
            headers: ["Content-Type": "application/json"],
            body: Array(#"{"go":true}"#.utf8),
            timeout: timeout,
            purpose: "trigger.request"
        )
    }

    static func get(_ url: String, headers: HTTPHeaders = [:], timeout: Duration = .seconds(20)) -> ProviderRequest {
        ProviderRequest(method: "GET", url: url, headers: headers, timeout: timeout, purpose: "poll.request")
    }
}

extension Transmission {
    var response: ProviderResponse? {
        if case .answered(let response) = self { response } else { nil }
    }

    var failure: TransportFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}

/// The parts of a failure that tables compare.
struct Fate: Sendable, Equatable {
    let kind: TransportFailure.Kind
    let mayHaveArrived: Bool

    static func notSent(_ kind: TransportFailure.Kind) -> Fate { Fate(kind: kind, mayHaveArrived: false) }
    static func ambiguous(_ kind: TransportFailure.Kind) -> Fate { Fate(kind: kind, mayHaveArrived: true) }
}

extension TransportFailure {
    var fate: Fate { Fate(kind: kind, mayHaveArrived: mayHaveArrived) }
}
