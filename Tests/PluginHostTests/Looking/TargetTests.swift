import RunCore
import Testing

@testable import PluginHost

/// What can be run, and what a name of it stands for.
struct TargetTests {
    private static let list =
        #"targets = { request = "GET /flows", each = "json.flows[*]", id = "id", name = "name", "#
        + #"note = "info.owner" }"#
    private static let flows = Transmission.answer(
        200,
        #"""
        {"flows":[{"id":1,"name":"2","info":{"owner":"ann"}},{"id":"2","name":"Daily"},{"id":3,"name":"daily"},
          {"id":4,"name":"Weekly"},{"id":5,"name":"WEEKLY"},{"id":6},{"name":"no id"}]}
        """#
    )

    @Test func elementsAreListedWithWhatTheyHave() async throws {
        let targets = try await ListBench(Self.list).reply(FakeCourier([Self.flows]))
        guard case .given(let list) = targets else { throw Bench.Unexpected() }
        #expect(list.map(\.id) == ["1", "2", "3", "4", "5", "6"])
        #expect(list[0] == TargetCandidate(id: "1", name: "2", note: "ann"))
        #expect(list[5] == TargetCandidate(id: "6"))
    }

    @Test(arguments: [
        (#"{ "a", "b" }"#, [TargetCandidate(id: "a"), TargetCandidate(id: "b")]),
        (#"{ { id = 7, name = "N", note = "x" } }"#, [TargetCandidate(id: "7", name: "N", note: "x")]),
        ("{}", []), ("nil", []),
    ])
    func functionListsTextsOrTables(value: String, targets: [TargetCandidate]) async throws {
        let bench = try await ListBench("targets = function(ctx) return \(value) end")
        #expect(try await bench.reply(FakeCourier([])) == .given(targets))
    }

    @Test(arguments: [
        (#""a""#, #"targets returned "a"; a list is expected"#),
        (#"{ { name = "a" } }"#, "targets: an element has no id: "),
    ])
    func functionThatListsOtherThingsIsAFault(value: String, message: String) async throws {
        let bench = try await ListBench("targets = function(ctx) return \(value) end")
        let fault = try await bench.bench.fault { try await bench.reply(FakeCourier([])) }
        #expect(fault.message.hasPrefix(message))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    @Test func operationWithoutAListListsNothing() async throws {
        let bench = try await Bench(SamplePlugin.source())
        let provider = bench.provider
        #expect(try await provider.connected.targets(of: provider.operation, through: FakeCourier([])) == nil)
        #expect(!provider.operation.listsTargets)
    }

    // MARK: - Names in a list

    @Test(arguments: [
        ("1", "1"), ("2", "2"), ("Daily", "2"), ("daily", "3"), ("WEEKLY", "5"), ("6", "6"),
    ])
    func idComesBeforeNameBeforeNameInOtherCase(name: String, id: String) async throws {
        let bench = try await ListBench(Self.list + #", resolve = { list = "targets" }"#)
        guard case .given(.one(let target)) = try await bench.resolve(name, Self.flows) else {
            throw Bench.Unexpected()
        }
        #expect(target.id == id)
        #expect(target.parts == ["": .string(id)])
        #expect(!target.isName)
    }

    @Test(arguments: [("DAILY", ["2", "3"]), ("weekly", ["4", "5"]), ("hourly", [])])
    func nameOfSeveralIsAmbiguous(name: String, ids: [String]) async throws {
        let bench = try await ListBench(Self.list + #", resolve = { list = "targets" }"#)
        guard case .given(.candidates(let found)) = try await bench.resolve(name, Self.flows) else {
            throw Bench.Unexpected()
        }
        #expect(found.map(\.id) == ids)
    }

    @Test func nameIsKeptBesideTheID() async throws {
        let bench = try await ListBench(Self.list + #", resolve = { list = "targets" }"#)
        let expected = RunTarget(id: "2", name: "Daily", parts: ["": "2"])
        #expect(try await bench.resolve("Daily", Self.flows) == .given(.one(expected)))
    }

    @Test func refusedListIsARefusedLookUp() async throws {
        let bench = try await ListBench(Self.list + #", resolve = { list = "targets" }"#)
        #expect(try await bench.resolve("Daily", .answer(403, "")) == .refused(Refusal(.forbidden, "HTTP 403")))
        let lost = TransportFailure(.timeout, "no answer", mayHaveArrived: true)
        #expect(try await bench.resolve("Daily", .failed(lost)) == .unanswered(lost.harmless))
    }

    @Test func namesMayBeListedByAFunction() async throws {
        let bench = try await ListBench(
            #"targets = function(ctx) return { { id = 9, name = "Daily" } } end, resolve = { list = "targets" }"#
        )
        let expected = RunTarget(id: "9", name: "Daily", parts: ["": "9"])
        #expect(try await bench.resolve("daily") == .given(.one(expected)))
    }

    // MARK: - Numbers and forms

    @Test func numberIsNeverLookedUp() async throws {
        let more = #"target = { type = "integer" }, resolve = { list = "targets" }, "# + Self.list
        let operation = try await ListBench(more).bench.provider.operation
        #expect(try operation.target("12") == RunTarget(id: "12", parts: ["": 12]))
        #expect(try operation.target("Daily")?.isName == true)
        #expect(try operation.target("-1")?.isName == true)
    }

    @Test func formOfNumbersIsNeverLookedUp() async throws {
        let more =
            #"target = { form = "system/profile", type = "integer" }, resolve = { list = "targets" }, "#
            + "targets = function() end"
        let operation = try await ListBench(more).bench.provider.operation
        #expect(try operation.target("1/2") == RunTarget(id: "1/2", parts: ["system": 1, "profile": 2]))
        #expect(try operation.target("1")?.isName == true)
        #expect(try operation.target("1/x")?.isName == true)
    }

    @Test func textIsLookedUpWhereNamesAre() async throws {
        let named = try await ListBench(Self.list + #", resolve = { list = "targets" }"#).bench.provider.operation
        #expect(try named.target("12")?.isName == true)
        let plain = try await Bench(SamplePlugin.source()).provider.operation
        #expect(try plain.target("Daily") == RunTarget(id: "Daily", parts: ["": "Daily"]))
    }

    @Test func partsAreReadFromTheIDThatWasFound() async throws {
        let more =
            #"target = { form = "system/profile", type = "integer" }, resolve = { list = "targets" }, "#
            + #"targets = function() return { { id = "1/2", name = "Daily" } } end"#
        let expected = RunTarget(id: "1/2", name: "Daily", parts: ["system": 1, "profile": 2])
        #expect(try await ListBench(more).resolve("Daily") == .given(.one(expected)))
    }

    @Test func targetOfAnEnumIsOneOfItsValues() async throws {
        let more = #"target = { type = "enum", values = { "update", "regenerate" } }"#
        let operation = try await ListBench(more).bench.provider.operation
        #expect(try operation.target("update")?.id == "update")
        #expect(operation.target?.form == "update|regenerate")
        let problem = #expect(throws: SettingProblem.self) { try operation.target("updte") }
        #expect(
            problem?.message == #"one of update, regenerate is expected, not 'updte', did you mean "update"?"#
        )
    }

    // MARK: - Names by a function

    @Test(
        arguments: [
            (#"{ id = 7, name = "Daily" }"#, .one(RunTarget(id: "7", name: "Daily", parts: ["": "7"]))),
            (#"{ id = ctx.target }"#, .one(RunTarget(id: "Daily", parts: ["": "Daily"]))), ("nil", .candidates([])),
            ("nil, {}", .candidates([])), (#"nil, { "a" }"#, .candidates([TargetCandidate(id: "a")])),
            (
                #"nil, { { id = 1, name = "Daily" }, { id = 2 } }"#,
                .candidates([TargetCandidate(id: "1", name: "Daily"), TargetCandidate(id: "2")])
            ),
        ] as [(String, TargetChoice)]
    )
    func functionGivesOneOrCandidates(value: String, choice: TargetChoice) async throws {
        let bench = try await ListBench("resolve = function(ctx) return \(value) end")
        #expect(try await bench.resolve("Daily") == .given(choice))
    }

    @Test func functionAsksWhatItNeeds() async throws {
        let bench = try await ListBench(
            #"""
            resolve = function(ctx)
              local found = ctx.request { "GET /flows", query = { name = ctx.target }, expect = { 404 } }
              if found.status == 404 then return nil end
              return { id = found.json.id, name = found.json.name }
            end
            """#
        )
        let courier = FakeCourier([.answer(200, #"{"id":7,"name":"Daily import"}"#)])
        let expected = RunTarget(id: "7", name: "Daily import", parts: ["": "7"])
        #expect(try await bench.resolve("Daily import", through: courier) == .given(.one(expected)))
        #expect(courier.requests.map(\.url) == ["https://api.example.com/v1/flows?name=Daily%20import"])
        #expect(try await bench.resolve("x", .answer(404, "{}")) == .given(.candidates([])))
        #expect(try await bench.resolve("x", .answer(503, "{}")) == .refused(Refusal(.unavailable, "HTTP 503")))
    }

    @Test(arguments: [
        (#""7""#, #"resolve returned "7"; a table with id, or nil and candidates, are expected"#),
        ("{ name = 7 }", "resolve returned "), ("nil, 5", "resolve returned 5; a list is expected"),
        (#"{ id = "" }"#, "resolve gave the id '', which does not fit: the form TARGET is expected"),
        (#"nil + 1"#, "resolve: attempt to perform arithmetic on a nil value"),
    ])
    func functionThatSaysNothingUsefulIsAFault(value: String, message: String) async throws {
        let bench = try await ListBench("resolve = function(ctx) return \(value) end")
        let fault = try await bench.bench.fault { try await bench.resolve("Daily") }
        #expect(fault.message.hasPrefix(message))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    @Test(arguments: ["PUT", "DELETE", "PATCH"]) func lookUpChangesNothing(method: String) async throws {
        let bench = try await ListBench(#"resolve = function(ctx) ctx.request { "\#(method) /flows" } end"#)
        let courier = FakeCourier([.answer(200, "{}")])
        let fault = try await bench.bench.fault { try await bench.resolve("x", through: courier) }
        #expect(fault.message.contains("\(method) changes things, and this function may only look"))
        #expect(courier.requests == [])
    }

    @Test func lookUpMayPost() async throws {
        let bench = try await ListBench(
            #"resolve = function(ctx) return { id = ctx.request({ "POST /find", json = {} }).json.id } end"#
        )
        #expect(try await bench.resolve("x", .answer(200, #"{"id":1}"#)) != .given(.candidates([])))
    }
}
