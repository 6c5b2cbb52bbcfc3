import AgentTesting
import Rehearsal
import RunCore
import Synchronization
import Testing

/// The start of a script whose answer was lost.
@Suite(.hangGuard) struct ScriptedStartTests {
    @Test func idsOfOursAreStoredBeforeTheStartIsSent() async throws {
        let bench = try await ScriptBench(Self.script(#"client_id = { tag = "agent-{run.key}" }"#))
        let service = WatchedStarts([]) { try await bench.stored().remote["tag"] }
        #expect(try await bench.drive(over: service).state == .succeeded)
        let key = try await bench.stored().key.text
        #expect(service.seen == [.string("agent-\(key)")])
        #expect(service.bodies == [#"{"tag":"agent-\#(key)"}"#])
    }

    @Test func startThatGivesTheSameRunIsSentAgain() async throws {
        let bench = try await ScriptBench(Self.script(#"repeated = "same""#))
        let service = WatchedStarts([Self.lost, .answered(Self.created)])
        let run = try await bench.drive(over: service)
        #expect(run.state == .succeeded, "\(run.reason ?? "")")
        #expect(!run.adopted)
        #expect(service.bodies.count == 2)
        #expect(Set(service.bodies).count == 1)
    }

    @Test func duplicateOfAStartIsOurOwn() async throws {
        let more = #"client_id = { id = "job-1" }, repeated = "refused", errors = { [409] = "duplicate" }"#
        let bench = try await ScriptBench(Self.script(more))
        let refused = ProviderResponse(status: 409, body: Array("{}".utf8), url: "https://bulk.test/jobs")
        let service = WatchedStarts([Self.lost, .answered(refused)])
        let run = try await bench.drive(over: service)
        #expect(run.state == .succeeded, "\(run.reason ?? "")")
        #expect(run.remote["id"] == "job-1")
        #expect(service.bodies.count == 2)
    }

    @Test func refusedStartWithoutIdsOfOursIsAFault() async throws {
        let bench = try await ScriptBench(Self.script(#"repeated = "refused""#))
        let service = WatchedStarts([])
        let run = try await bench.drive(over: service)
        #expect(run.exitStatus == .pluginFault)
        #expect(run.reason?.contains("client_id is missing") == true)
        #expect(service.bodies == [])
    }

    // MARK: - Parts

    private static func script(_ more: String) -> String {
        """
        ctx.trigger { "POST /jobs", json = { tag = "agent-" .. ctx.run.key }, remote = { id = "json.id?" }, \(more) }
        ctx.poll { request = "GET /jobs/job-1", status = "json.state",
          states = { InProgress = "running", Done = "succeeded" } }
        """
    }

    private static let created = ProviderResponse(
        status: 201,
        body: Array(#"{"id": "job-1"}"#.utf8),
        url: "https://bulk.test/jobs"
    )
    private static let lost = Transmission.failed(TransportFailure(.connectionLost, "reset", mayHaveArrived: true))
}

/// A service of bulk jobs that notes what is known when a start arrives.
private final class WatchedStarts: Transport {
    private let service = BulkService()
    private let look: @Sendable () async throws -> JSONValue?
    private let storage: Mutex<(outcomes: [Transmission], bodies: [String], seen: [JSONValue?])>

    var bodies: [String] { storage.withLock { $0.bodies } }
    var seen: [JSONValue?] { storage.withLock { $0.seen } }

    /// Gives these outcomes to the first starts.
    init(_ outcomes: [Transmission], _ look: @escaping @Sendable () async throws -> JSONValue? = { nil }) {
        storage = Mutex((outcomes, [], []))
        self.look = look
    }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        let known = try? await look()
        let outcome: Transmission? = storage.withLock { storage in
            storage.bodies.append(String(decoding: request.body ?? [], as: UTF8.self))
            storage.seen.append(known)
            return storage.outcomes.isEmpty ? nil : storage.outcomes.removeFirst()
        }
        if let outcome { return outcome }
        return await service.start(request, listener: listener)
    }

    func send(_ request: ProviderRequest) async -> Transmission { await service.send(request) }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        try await service.download(request, to: receiver)
    }
}
