import AgentTesting
import Rehearsal
import Synchronization
import Testing

@testable import RunCore

/// Which exchanges of a run are kept, and what is left of them.
@Suite(.hangGuard)
struct ExchangeKeepingTests {
    /// A log that counts, and fails when it is told to.
    private final class CountingLog: ExchangeLog {
        private let inner: any ExchangeLog
        private let isBroken: Bool
        private let count = Mutex(0)
        var appends: Int { count.withLock { $0 } }

        init(_ inner: any ExchangeLog, isBroken: Bool = false) {
            self.inner = inner
            self.isBroken = isBroken
        }

        func append(
            _ exchanges: [KeptExchange],
            of run: RunID,
            over connection: RecordedConnection,
            limit: Int
        ) async throws(RunError) {
            count.withLock { $0 += 1 }
            if isBroken { throw RunError(.store, "no room") }
            try await inner.append(exchanges, of: run, over: connection, limit: limit)
        }

        func recording(of run: RunID) async throws(RunError) -> Recording? { try await inner.recording(of: run) }
        func removeExchanges(before time: Timestamp, limit: Int) async throws(RunError) -> Int { 0 }
    }

    @Test func startAndEndAreKeptAndUnchangedPollsAreNot() async throws {
        let bench = try await EngineBench()
        let idle = Array(repeating: Transmission.answer(200, "running"), count: 50)
        try await bench.drive(over: ScriptedTransport(polls: idle + [.answer(200, "succeeded")]))
        let kept = try await bench.exchanges()
        // The first poll says since when the run is watched.
        #expect(kept.map(\.kind) == [.start, .poll, .poll])
        #expect(kept.map(\.number) == [1, 2, 52])
        #expect(kept.map(\.purpose) == ["trigger.request", "poll.request", "poll.request"])
        #expect(kept.last?.answer?.body.bytes == Array("succeeded".utf8))
    }

    @Test func unchangedPollsDoNotTouchTheLog() async throws {
        var appends: [Int] = []
        for polls in [3, 300] {
            let bench = try await EngineBench()
            let log = CountingLog(bench.storage.open())
            let idle = Array(repeating: Transmission.answer(200, "running"), count: polls)
            let transport = ScriptedTransport(polls: idle + [.answer(200, "succeeded")])
            let engine = bench.engine(exchanges: ExchangeKeeping(in: log))
            _ = try await engine.drive(bench.id, with: FakeProvider(), over: transport)
            appends.append(log.appends)
        }
        #expect(appends[0] == appends[1])
    }

    @Test func lastUnchangedPollIsKeptWhenTheWatchingEnds() async throws {
        let bench = try await EngineBench { $0.timeout = .seconds(60) }
        let idle = (1...100).map { Transmission.answer(200, "running", headers: ["X-Number": "\($0)"]) }
        let run = try await bench.drive(over: ScriptedTransport(polls: idle))
        #expect(run.state == .unwatched)
        let kept = try await bench.exchanges()
        #expect(kept.map(\.kind) == [.start, .poll, .poll])
        #expect(kept.last?.answer?.headers["X-Number"] == "\(run.polls)")
        #expect(kept.last?.number == run.polls + 1)
    }

    @Test func failingPollIsKept() async throws {
        let bench = try await EngineBench()
        let polls: [Transmission] = [
            .answer(200, "running"), .lost, .answer(200, "running"), .answer(503), .answer(200, "succeeded"),
        ]
        try await bench.drive(over: ScriptedTransport(polls: polls))
        let kept = try await bench.exchanges()
        #expect(kept.contains { $0.failure?.kind == .timeout })
        #expect(kept.contains { $0.answer?.status == 503 })
    }

    @Test func lostStartIsKept() async throws {
        let bench = try await EngineBench()
        try await bench.drive(over: ScriptedTransport(starts: [.lost]))
        let kept = try await bench.exchanges()
        #expect(kept.map(\.kind) == [.start])
        #expect(kept.first?.failure?.mayHaveArrived == true)
    }

    @Test func numbersCountOnAfterARestart() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport()
        try await bench.drive(over: transport, goal: .started)
        try await bench.drive(over: transport)
        #expect(try await bench.exchanges().map(\.number) == [1, 2])
    }

    @Test func secretsAreReplacedInAllParts() async throws {
        let bench = try await EngineBench()
        let echo = Transmission.answer(200, "succeeded s3cret", headers: ["X-Echo": "s3cret"])
        try await bench.drive(over: ScriptedTransport(starts: [.answer(202, "r1 s3cret")], polls: [echo]))
        let kept = try await bench.exchanges()
        #expect(kept.first?.headers["Authorization"] == "Bearer ***")
        #expect(!"\(kept)".contains("s3cret"))
        #expect(kept.first?.answer?.body.bytes == Array("r1 ***".utf8))
    }

    @Test func longBodiesAreCut() async throws {
        let bench = try await EngineBench()
        let long = String(repeating: "x", count: 70_000)
        try await bench.drive(over: ScriptedTransport(starts: [.answer(400, long)]))
        let body = try #require(try await bench.exchanges().first?.answer?.body)
        #expect(body.isCut)
        #expect(body.bytes.count == 65_536)
        #expect(body.size == 70_000)
    }

    @Test func ofAFileSizeAndDigestAreKept() async throws {
        let bench = try await EngineBench()
        let url = "https://fake.test/files/a.csv?signature=0123456789abcdef"
        let link = ArtifactLink(request: ProviderRequest(method: "GET", url: url, purpose: "download"))
        let content = "content that is not kept"
        try await bench.drive(
            FakeProvider(links: [link]),
            over: ScriptedTransport([url: [.answer(200, content)]])
        )
        let file = try #require(try await bench.exchanges().last)
        #expect(file.kind == .download)
        #expect(file.answer?.body.bytes == [])
        #expect(file.file?.content?.bytes == Int64(content.utf8.count))
        #expect(file.file?.content?.sha256 == SHA256Digest.hex(of: Array(content.utf8)))
        #expect(file.url == "https://fake.test/files/a.csv?link-not-kept")
    }

    @Test func linkInAnAnswerIsNotKept() {
        let link = "https://files.test/a?X-Amz-Signature=0123456789abcdef&b=c/d"
        for text in [link, link.replacing("&", with: "\\u0026"), link.replacing("/", with: "\\/")] {
            let request = ProviderRequest(method: "GET", url: "https://x.test/", purpose: "poll.request")
            let answer = ProviderResponse(status: 200, body: Array(#"{"url": "\#(text)"}"#.utf8), url: request.url)
            let exchange = Exchange(
                request: request,
                outcome: .answered(answer),
                sentAt: Timestamp(milliseconds: 0),
                took: .zero
            )
            let kept = KeptExchange(exchange, number: 1, kind: .poll, limit: 1000).hiding(linksTo: [link])
            let body = String(decoding: kept.answer?.body.bytes ?? [], as: UTF8.self)
            #expect(!body.contains("0123456789abcdef"))
        }
    }

    @Test func logThatCannotBeWrittenIsNotTheRunsTrouble() async throws {
        let bench = try await EngineBench()
        let log = CountingLog(bench.storage.open(), isBroken: true)
        let engine = bench.engine(exchanges: ExchangeKeeping(in: log))
        let run = try await engine.drive(bench.id, with: FakeProvider(), over: ScriptedTransport())
        #expect(run.state == .succeeded)
        #expect(log.appends > 0)
    }

    @Test func requestToEndARunIsKept() async throws {
        let bench = try await EngineBench()
        try await bench.cancel(over: ScriptedTransport())
        let other = try await EngineBench(state: .running, remote: ["id": "r1"])
        let run = try #require(try await other.stored())
        let cancel = ["https://fake.test/runs/r1/cancel": [Transmission.answer(204)]]
        _ = try await other.engine().requestCancel(of: run, with: FakeProvider(), over: ScriptedTransport(cancel))
        #expect(try await other.exchanges().map(\.purpose) == ["cancel.request"])
    }
}
