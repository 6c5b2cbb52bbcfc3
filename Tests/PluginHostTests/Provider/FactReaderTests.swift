import RunCore
import Testing

@testable import PluginHost

struct FactReaderTests {
    private func bench(_ facts: String) async throws -> Bench {
        let states = #"states = { run = "running", done = "succeeded", bad = "failed" }"#
        let poll = #"request = "GET /runs/{remote.id}", status = "json.s", \#(states), \#(facts)"#
        return try await Bench(SamplePlugin.source(poll: poll))
    }

    @Test func pathsFindFacts() async throws {
        let bench = try await bench(
            """
            reason = "json.why", warnings = "json.notes[*].text", result = { rows = "json.rows", none = "json.none" },
            progress = { percent = "json.p", done = "json.d", message = "json.m", steps = "json.n", unit = "json.u" },
            """
        )
        let report = try await bench.report(
            #"{"s":"done","why":{"a":1},"notes":[{"text":"one"},{"text":"one"},{}],"#
                + #""rows":5,"p":"12 %","d":2.5,"m":7,"n":3.0,"u":9}"#
        )
        #expect(report.reason == #"{"a":1}"#)
        #expect(report.warnings == ["one", "one"])
        #expect(report.result == ["rows": 5])
        #expect(report.progress == Progress(done: 2.5, message: "7", steps: 3))
    }

    @Test func numbersOfXMLAreTexts() async throws {
        let poll = #"""
            request = "GET /x", status = "xml.s", states = { run = "running" },
            progress = { percent = "xml.p", done = "xml.d", total = "xml.t", step = "xml.n", steps = "xml.none" }
            """#
        let bench = try await Bench(SamplePlugin.source(poll: poll))
        let report = try await bench.report("<r><s>run</s><p> 12.5 </p><d>3</d><t>nan</t><n>2</n><none/></r>")
        #expect(report.progress == Progress(percent: 12.5, done: 3, step: 2))
    }

    @Test(arguments: [
        (#"{"status":"run","eta":90,"rate":2.5}"#, Progress(remaining: 90, rate: 2.5)),
        (#"{"status":"run","eta":"90"}"#, Progress(remaining: 90)),
        (#"{"status":"run","eta":-1,"rate":-2}"#, Progress(remaining: 0, rate: 0)),
        (#"{"status":"run","eta":"soon","rate":0}"#, Progress(rate: 0)),
    ])
    func restOfTimeAndRateAreRead(body: String, progress: Progress) async throws {
        let poll = #"progress = { remaining = "json.eta", rate = "json.rate" }, states = { run = "running" }"#
        let bench = try await Bench(
            SamplePlugin.source(poll: #"request = "GET /runs/{remote.id}", status = "json.status", \#(poll)"#)
        )
        #expect(try await bench.report(body).progress == progress)
    }

    @Test func functionsFindFacts() async throws {
        let bench = try await bench(
            """
            warnings = function(r, ctx) return { "run " .. ctx.remote.id } end,
            result = function(r) return { twice = r.json.n * 2 } end,
            progress = { done = function(r) return r.json.n end },
            """
        )
        let report = try await bench.report(#"{"s":"done","n":4}"#)
        #expect(report.warnings == ["run 7"])
        #expect(report.result == ["twice": 8])
        #expect(report.progress == Progress(done: 4))
    }

    @Test(arguments: [
        (#"result = function() return "text" end"#, #"poll.result returned "text"; a table is expected"#),
        ("reason = function(r) return r.json.a.b end", "poll.reason: attempt to index a nil value (field 'a')"),
    ])
    func factThatFunctionSpoilsIsFault(facts: String, message: String) async throws {
        let bench = try await bench(facts)
        let fault = try await bench.fault { try await bench.poll(.answer(200, #"{"s":"done"}"#)) }
        #expect(fault.message.hasPrefix(message))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    @Test func waitThatTheAnswerAsksForIsKept() async throws {
        let report = try await bench("").report(#"{"s":"run"}"#, ["Retry-After": "9"])
        #expect(report.retryAfter == .seconds(9))
    }

    // MARK: - The end's details

    private static let ended = """
        reason = "json.why", result = { rows = "json.rows" },
        ended = { request = "GET /runs/{remote.id}/log", reason = "json.cause", warnings = "json.notes",
          result = { rows = "json.rows", files = "json.files" } },
        """

    @Test func furtherRequestAddsToTheEnd() async throws {
        let bench = try await bench(Self.ended)
        let courier = FakeCourier([
            .answer(200, #"{"s":"bad","why":"first","rows":1}"#),
            .answer(200, #"{"cause":"second","notes":["n"],"rows":2,"files":3}"#),
        ])
        guard case .report(let report) = try await bench.provider.poll(bench.run(), through: courier) else {
            throw Bench.Unexpected()
        }
        #expect(courier.requests.map(\.url).last == "https://api.example.com/v1/runs/7/log")
        #expect(report.reason == "second")
        #expect(report.warnings == ["n"])
        #expect(report.result == ["rows": 1, "files": 3])
    }

    @Test(arguments: [(404, "{}"), (500, ""), (302, "")])
    func detailsThatCannotBeReadAreWorthOneWord(status: Int, body: String) async throws {
        let bench = try await bench(Self.ended)
        let verdict = try await bench.poll(.answer(200, #"{"s":"bad","why":"first"}"#), .answer(status, body))
        guard case .report(let report) = verdict else { throw Bench.Unexpected() }
        #expect(report.state == .failed)
        #expect(report.reason == "first")
        #expect(report.warnings == ["the details of the end could not be read"])
    }

    @Test func detailsThatAreErrorInsideSuccessAreNotRead() async throws {
        let bench = try await bench(Self.ended + #"errors = { code = "json.error", codes = { ["*"] = "invalid" } }"#)
        let verdict = try await bench.poll(.answer(200, #"{"s":"done"}"#), .answer(200, #"{"error":5,"files":1}"#))
        guard case .report(let report) = verdict else { throw Bench.Unexpected() }
        #expect(report.result.isEmpty)
        #expect(report.warnings == ["the details of the end could not be read"])
    }

    @Test func runThatGoesOnIsNotAskedForItsEnd() async throws {
        let bench = try await bench(Self.ended)
        let courier = FakeCourier([.answer(200, #"{"s":"run"}"#)])
        _ = try await bench.provider.poll(bench.run(), through: courier)
        #expect(courier.requests.count == 1)
    }
}
