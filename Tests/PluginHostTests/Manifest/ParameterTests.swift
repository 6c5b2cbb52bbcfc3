import RunCore
import Testing

@testable import PluginHost

struct ParameterTests {
    private func operation(_ params: String, target: String = "false") async throws -> OperationManifest {
        try await SamplePlugin.load(SamplePlugin.source("params = { \(params) }, target = \(target)")).manifest.sample()
    }

    private func problems(of body: () throws -> Void) -> [String] {
        let problems = #expect(throws: SettingProblems.self) { try body() }
        return (problems?.problems ?? []).map { "\($0.name): \($0.message)" }
    }

    @Test func textsAndValuesAreCheckedAlike() async throws {
        let operation = try await operation(#"n = { type = "integer" }, s = {}, d = { type = "integer", default = 4 }"#)
        #expect(try operation.params(fromTexts: ["n": "5", "s": "x"]) == ["n": 5, "s": "x", "d": 4])
        #expect(try operation.params(fromValues: ["n": 5, "s": "x"]) == ["n": 5, "s": "x", "d": 4])
    }

    @Test func missingUnknownAndWrongAreReportedTogether() async throws {
        let operation = try await operation(#"format = { required = true }, n = { type = "integer" }"#)
        let found = problems { _ = try operation.params(fromTexts: ["fromat": "csv", "zebra": "1", "n": "x"]) }
        #expect(
            found == [
                "format: the parameter is missing", "n: a whole number is expected, not 'x'",
                #"fromat: no such parameter, did you mean "format"?"#, "zebra: no such parameter; it takes format, n",
            ]
        )
    }

    @Test func operationWithoutParametersTakesNone() async throws {
        let operation = try await operation("")
        #expect(problems { _ = try operation.params(fromTexts: ["x": "1"]) } == ["x: no such parameter; it takes none"])
    }

    @Test func restTakesAllOthers() async throws {
        let operation = try await operation(#"n = { type = "integer" }, conf = { type = "json", rest = true }"#)
        #expect(try operation.params(fromTexts: ["n": "1", "a": "x"]) == ["n": 1, "conf": ["a": "x"]])
        #expect(try operation.params(fromValues: ["a": [1]]) == ["conf": ["a": [1]]])
        #expect(try operation.params(fromTexts: [:]) == ["conf": [:]])
    }

    @Test(
        arguments: [
            ("{}", "a/b c", ["": "a/b c"]), (#"{ type = "integer" }"#, "42", ["": 42]),
            (#"{ form = "system/profile", type = "integer" }"#, "1/2", ["system": 1, "profile": 2]),
            (#"{ form = "a/b/c" }"#, "x/y/z", ["a": "x", "b": "y", "c": "z"]),
        ] as [(String, String, [String: JSONValue])]
    )
    func targetIsReadByItsForm(target: String, text: String, parts: [String: JSONValue]) async throws {
        let read = try await operation("", target: target).target(text)
        #expect(read == RunTarget(id: text, parts: parts))
    }

    @Test(
        arguments: [
            (#"{ help = "Any id" }"#, nil, "a target is needed: TARGET (Any id)"),
            ("{}", "", "a target is needed: TARGET"),
            ("false", "x", "sample has no target, 'x' was given"),
            (#"{ type = "integer" }"#, "x1", "the target is a number, not 'x1'"),
            (#"{ type = "integer" }"#, "-1", "the target is a number, not '-1'"),
            (#"{ form = "system/profile" }"#, "1", "the form SYSTEM/PROFILE is expected, not '1'"),
            (#"{ form = "system/profile" }"#, "1/", "the form SYSTEM/PROFILE is expected, not '1/'"),
            (#"{ form = "system/profile" }"#, "1/2/3", "the form SYSTEM/PROFILE is expected, not '1/2/3'"),
            (
                #"{ form = "system/profile", type = "integer", help = "Ids" }"#, "1/x",
                "profile is a number, not 'x' (Ids)"
            ),
        ] as [(String, String?, String)]
    )
    func targetThatDoesNotFitSaysItsForm(target: String, text: String?, message: String) async throws {
        let operation = try await operation("", target: target)
        let problem = #expect(throws: SettingProblem.self) { try operation.target(text) }
        #expect(problem?.message == message)
    }

    @Test func operationWithoutTargetHasNone() async throws {
        #expect(try await operation("").target(nil) == nil)
    }
}
