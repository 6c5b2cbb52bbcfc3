import RunCore
import Testing

@testable import PluginHost

/// Answers that are made to break whoever reads them (H10, sandbox rows 39 and 46).
struct UnreadableAnswerTests {
    private static let bodies: [String] = [
        String(repeating: "[", count: 8 << 20), String(repeating: #"{"a":"#, count: 1 << 14),
        "[" + String(repeating: "1,", count: 1 << 14), String(repeating: "<a>", count: 1 << 14),
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<r>&lol9;</r>", String(repeating: "\u{0}", count: 1 << 16),
        "\"" + String(repeating: "\\u", count: 1 << 14), "-" + String(repeating: "9", count: 1 << 14) + "x",
    ]

    @Test(arguments: bodies) func pollIsUnreadableAndAskedAgain(body: String) async throws {
        for status in ["json.status", "xml.status", "json.status | xml.status"] {
            let bench = try await Bench(
                SamplePlugin.source(
                    poll: #"request = "GET /x", status = "\#(status)", states = { done = "succeeded" }"#
                )
            )
            let verdict = try await bench.poll(.answer(200, body))
            guard case .refused(let refusal) = verdict else {
                Issue.record("\(status): \(verdict)")
                continue
            }
            #expect(refusal.reasonClass == .unreadable)
            #expect(refusal.message.utf8.count < 500)
        }
    }

    @Test(arguments: bodies) func functionSeesThatThereIsNoBody(body: String) async throws {
        let bench = try await Bench(
            SamplePlugin.source(
                poll: """
                    request = "GET /x", classify = function(response)
                      local ok = pcall(function() return response.json.a.b or response.xml.a end)
                      return { state = "running", result = { ok = ok, json = response.json == nil } }
                    end
                    """
            )
        )
        let report = try await bench.poll(.answer(200, body))
        if case .report(let report) = report {
            #expect(report.result["ok"] == false)
        } else {
            guard case .refused(let refusal) = report else {
                Issue.record("\(report)")
                return
            }
            #expect(refusal.reasonClass == .unreadable)
        }
        // The next answer is read as ever.
        #expect(try await bench.report("{}").state == .running)
    }

    @Test(arguments: bodies) func startOfSuchAnAnswerIsUnsettled(body: String) async throws {
        let verdict = try await Bench(SamplePlugin.source()).verdict(201, body)
        guard case .unsettled = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }
}
