import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Runs that a function of the plugin drives.
@Suite(.hangGuard)
struct ScriptedRunTests {
    @Test func scriptRunsToItsEnd() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        let run = try await bench.drive(over: service)
        #expect(run.state == .succeeded)
        #expect(run.result == ["pages": 2, "rows": 7, "job": "job-1"])
        #expect(run.artifacts.map(\.name) == ["part-1.csv", "part-2.csv"])
        #expect(bench.artifacts.files["part-2.csv"] == Array("two".utf8))
        #expect(run.polls == 3)
        #expect(service.created == 1)
        #expect(service.closed == 1)
    }

    @Test(arguments: [CrashingStore.Crash.Kind.before, .after, .powerCut])
    func crashAtAnySaveStartsNothingTwice(kind: CrashingStore.Crash.Kind) async throws {
        let undisturbed = try await ScriptBench()
        let counting = CrashingStore(undisturbed.storage)
        try await undisturbed.drive(over: BulkService(), store: counting)
        #expect(counting.saves > 15)
        for save in 1...counting.saves {
            let bench = try await ScriptBench()
            let service = BulkService()
            let crashing = CrashingStore(bench.storage, crash: .init(save: save, kind: kind))
            await #expect(throws: RunError.self) { try await bench.drive(over: service, store: crashing) }
            guard try await bench.isStored() else {
                // The power went before anything was written for good: then nothing had been sent either.
                #expect(service.requests.isEmpty, "save \(save)")
                continue
            }
            let run = try await bench.drive(over: service)
            #expect(service.created <= 1, "save \(save)")
            #expect(service.closed <= 1, "save \(save)")
            #expect(run.state == .succeeded || run.state == .unknown, "save \(save): \(run.reason ?? "")")
            if run.state == .succeeded { #expect(run.artifacts.count == 2, "save \(save)") }
        }
    }

    @Test func replayedCallsAreNotSentAgain() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        let crashing = CrashingStore(bench.storage, crash: .init(save: 8, kind: .after))
        await #expect(throws: RunError.self) { try await bench.drive(over: service, store: crashing) }
        try await bench.drive(over: service)
        #expect(service.requests.filter { $0 == "PUT /jobs/job-1/parts/1" }.count == 1)
        #expect(service.requests.filter { $0 == "POST /jobs" }.count == 1)
    }

    @Test func editedScriptThatAsksForAnotherStepIsStopped() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        let crashing = CrashingStore(bench.storage, crash: .init(save: 8, kind: .after))
        await #expect(throws: RunError.self) { try await bench.drive(over: service, store: crashing) }
        let edited = #"ctx.trigger { "POST /other", remote = { id = "json.id" } }"#
        let run = try await bench.drive(over: service, body: edited)
        #expect(run.state == .unknown)
        #expect(run.exitStatus == .pluginFault)
        let reason = try #require(run.reason)
        #expect(reason.contains("call 1 was ctx.trigger"))
        #expect(reason.contains("now it is ctx.trigger"))
        #expect(service.created == 1)
    }

    @Test func lostAnswerToTheStartIsUnknown() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        service.answerOnce("POST /jobs", with: Self.lost)
        #expect(try await bench.drive(over: service).exitStatus == .unknown)
        #expect(try await bench.drive(over: service).state == .unknown)
        #expect(service.created == 1)
    }

    @Test func adoptedStartGoesOnAfterTheTrigger() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        service.answerOnce("POST /jobs", with: Self.lost)
        try await bench.drive(over: service)
        let run = try await bench.drive(over: service, decision: .adopt(["id": "job-1"]))
        #expect(run.state == .succeeded)
        #expect(run.adopted)
        #expect(run.result["job"] == "job-1")
        #expect(service.created == 1)
    }

    @Test func lostAnswerToARequestThatMayNotBeRepeatedIsUnknown() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        service.answerOnce("POST /jobs/job-1/close", with: Self.lost)
        let run = try await bench.drive(over: service)
        #expect(run.exitStatus == .unknown)
        #expect(run.reason?.contains("may have taken effect") == true)
        #expect(try await bench.drive(over: service).state == .unknown)
        #expect(service.closed == 1)
    }

    @Test func retriggerSendsThatRequestAgainAndNotTheStart() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        service.answerOnce("POST /jobs/job-1/close", with: Self.lost)
        try await bench.drive(over: service)
        let run = try await bench.drive(over: service, decision: .retrigger)
        #expect(run.state == .succeeded)
        #expect(service.created == 1)
        #expect(service.closed == 2)
    }

    @Test func repeatableRequestIsRepeated() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        service.answerOnce("PUT /jobs/job-1/parts/1", with: Self.lost)
        #expect(try await bench.drive(over: service).state == .succeeded)
        #expect(service.requests.filter { $0 == "PUT /jobs/job-1/parts/1" }.count == 2)
    }

    @Test(arguments: ["PUT /jobs/job-1/parts/1", "POST /jobs/job-1/close"])
    func refusedCredentialsOfARequestAreNoFaultOfTheScript(request: String) async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        service.answerOnce(request, with: .answered(ProviderResponse(status: 401, url: "https://bulk.test/")))
        let run = try await bench.drive(over: service)
        #expect(run.state == .unwatched)
        #expect(run.exitStatus == .refusedCredentials)
        #expect(try await bench.drive(over: service).state == .succeeded)
        #expect(service.created == 1)
        // The service counts the one it refused, too.
        #expect(service.closed == (request.hasSuffix("close") ? 2 : 1))
    }

    @Test(arguments: [Self.lost, .answered(ProviderResponse(status: 503, url: "https://bulk.test/login"))])
    func loginThatFailsBeforeARequestIsNoFaultOfTheScript(outcome: Transmission) async throws {
        let login = #"""
            { type = "login", request = { "POST /login", form = { key = "{settings.token}" } }, token = "json.token" }
            """#
        let bench = try await ScriptBench(
            #"ctx.request { "POST /jobs/job-1/close" } \#(Self.start)"#,
            auth: login
        )
        let service = BulkService()
        service.answerOnce("POST /login", with: outcome)
        let run = try await bench.drive(over: service)
        #expect(run.state == .succeeded, "\(run.reason ?? "")")
        #expect(service.requests == ["POST /login", "POST /login", "POST /jobs/job-1/close", "POST /jobs"])
    }

    @Test func oneFailingPollDoesNotEndTheRun() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        let html = ProviderResponse(status: 502, body: Array("<html>".utf8), url: "https://bulk.test/jobs/job-1")
        service.answerOnce("GET /jobs/job-1", with: .answered(html))
        #expect(try await bench.drive(over: service).state == .succeeded)
    }

    // MARK: - Waits and limits

    @Test func waitThatTheProviderAskedForHoldsForTheNextProcessToo() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        let answer = ProviderResponse(status: 503, headers: ["Retry-After": "20"], url: "https://bulk.test/")
        service.answerOnce("PUT /jobs/job-1/parts/1", with: .answered(answer))
        var run = try await bench.drive(over: service, goal: .nextWait)
        let due = try #require(run.wakeAt)
        #expect(due - bench.clock.now() == .seconds(20))
        run = try await bench.drive(over: service, goal: .nextWait)
        #expect(run.wakeAt == due)
        #expect(service.requests.last == "PUT /jobs/job-1/parts/1")
        #expect(service.requests.count { $0 == "PUT /jobs/job-1/parts/1" } == 1)
        #expect(try await bench.drive(over: service).state == .succeeded)
    }

    @Test(arguments: [
        #"ctx.sleep("2h")"#,
        #"ctx.request { "GET /objects?name=Accounts" } ctx.sleep("30s") ctx.request { "GET /objects?name=Accounts" } ctx.sleep("2h")"#,
    ])
    func timeoutEndsTheWatchWhileTheScriptSleeps(rest: String) async throws {
        let bench = try await ScriptBench("\(Self.start)\n\(rest)", timeout: .seconds(60))
        let began = bench.clock.now()
        let run = try await bench.drive(over: BulkService())
        #expect(run.state == .unwatched)
        #expect(run.reason == "not ended within 1m (--timeout); the remote run goes on")
        #expect(bench.clock.now() - began == .seconds(60))
    }

    // MARK: - Targets by name

    private static let named = #"""
        resolve = function(ctx)
          local found = ctx.request { "GET /objects", query = { name = ctx.target } }
          return found.json.id and { id = found.json.id, name = ctx.target }
        end,
        """#

    @Test func nameIsLookedUpBeforeTheScriptBegins() async throws {
        let bench = try await ScriptBench(more: Self.named, target: RunTarget(lookingUp: "Accounts"))
        let service = BulkService()
        service.answerOnce("GET /objects?name=Accounts", with: Self.lost)
        let run = try await bench.drive(over: service)
        #expect(run.state == .succeeded)
        #expect(run.target == RunTarget(id: "Account", name: "Accounts", parts: ["": "Account"]))
        #expect(
            service.requests.prefix(3) == ["GET /objects?name=Accounts", "GET /objects?name=Accounts", "POST /jobs"]
        )
        #expect(service.created == 1)
    }

    @Test func scriptOfAnUnknownNameNeverBegins() async throws {
        let bench = try await ScriptBench(more: Self.named, target: RunTarget(lookingUp: "Nobody"))
        let service = BulkService()
        let run = try await bench.drive(over: service)
        #expect(run.state == .rejected)
        #expect(run.reasonClass == .notFound)
        #expect(service.created == 0)
    }

    @Test func crashAfterTheLookUpStartsNothingTwice() async throws {
        for save in 1...6 {
            let bench = try await ScriptBench(more: Self.named, target: RunTarget(lookingUp: "Accounts"))
            let service = BulkService()
            let crashing = CrashingStore(bench.storage, crash: .init(save: save, kind: .after))
            await #expect(throws: RunError.self) { try await bench.drive(over: service, store: crashing) }
            let run = try await bench.drive(over: service)
            #expect(service.created <= 1, "save \(save)")
            #expect(run.state == .succeeded || run.state == .unknown, "save \(save): \(run.reason ?? "")")
        }
    }

    private static let start =
        #"ctx.trigger { "POST /jobs", json = { object = ctx.target }, remote = { id = "json.id" } }"#

    private static let lost = Transmission.failed(TransportFailure(.timeout, "no answer", mayHaveArrived: true))
}
