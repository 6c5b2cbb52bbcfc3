import RunCore
import Testing

@testable import PluginHost

struct LinkReaderTests {
    private func bench(_ artifacts: String, _ more: String = "") async throws -> Bench {
        try await Bench(SamplePlugin.source("download = { artifacts = \(artifacts), \(more) }"))
    }

    private func links(_ artifacts: String, _ body: String) async throws -> [ArtifactLink] {
        try await bench(artifacts).report(body).links
    }

    @Test(arguments: [
        (#"{"status":"done","u":"/f/1.csv"}"#, ["https://api.example.com/f/1.csv"]),
        (
            #"{"status":"done","u":["1.csv","../2.csv","https://s3.example.com/3?sig=a%2Fb"]}"#,
            [
                "https://api.example.com/v1/runs/1.csv", "https://api.example.com/v1/2.csv",
                "https://s3.example.com/3?sig=a%2Fb",
            ]
        ),
        (#"{"status":"done","u":[]}"#, []), (#"{"status":"done","u":[null,""]}"#, []), (#"{"status":"done"}"#, []),
    ])
    func linksAreResolvedAgainstTheAnswer(body: String, urls: [String]) async throws {
        let found = try await links(#""json.u""#, body)
        #expect(found.map(\.request?.url) == urls)
        #expect(found.allSatisfy { $0.request?.headers["accept"] == "*/*" && $0.request?.method == "GET" })
    }

    @Test func elementsOfTableTellWhatTheyAre() async throws {
        let found = try await links(
            #"{ each = "json.files[*]", url = "link.href", name = "name", "#
                + #"bytes = "size", sha256 = "sum", records = "n" }"#,
            #"{"status":"done","files":[{"link":{"href":"/a"},"name":"a.csv","size":12,"sum":"ff","n":3},"#
                + #"{"link":{"href":"/b"}}]}"#
        )
        #expect(found.map(\.name) == ["a.csv", nil])
        #expect(found.map(\.bytes) == [12, nil])
        #expect(found.map(\.sha256) == ["ff", nil])
        #expect(found.map(\.records) == [3, nil])
        #expect(found.map(\.request?.url) == ["https://api.example.com/a", "https://api.example.com/b"])
    }

    @Test func oneTableIsOneFile() async throws {
        let found = try await links(#"{ each = "json.file", url = "url" }"#, #"{"status":"done","file":{"url":"/a"}}"#)
        #expect(found.map(\.request?.url) == ["https://api.example.com/a"])
    }

    @Test func requestsKnownBeforehandAreFilled() async throws {
        let found = try await links(
            #"{ "GET /runs/{remote.id}/log", "#
                + #"{ "POST /export", json = { id = "{remote.id}" }, name = "run-{remote.id}.csv", "#
                + #"optional = true } }"#,
            #"{"status":"done"}"#
        )
        #expect(
            found.map(\.request?.url) == ["https://api.example.com/v1/runs/7/log", "https://api.example.com/v1/export"]
        )
        #expect(found.map(\.name) == [nil, "run-7.csv"])
        #expect(found.map(\.isOptional) == [false, true])
        #expect(found.last?.request?.body.map { String(decoding: $0, as: UTF8.self) } == #"{"id":7}"#)
        #expect(found.last?.request?.headers["accept"] == "*/*")
    }

    @Test func functionMakesLinksRequestsAndTexts() async throws {
        let found = try await links(
            #"""
            function(response, ctx)
              return {
                "/a.csv",
                { url = "/b.csv", name = "b.csv", bytes = 5, md5 = "0f", optional = true, auth = false },
                { "GET /files/{remote.id}", name = "c-{remote.id}.csv" },
                { "GET /d" },
                { text = response.json.inline, name = "d.txt" },
              }
            end
            """#,
            #"{"status":"done","inline":"hello {remote.id}"}"#
        )
        #expect(
            found.map(\.request?.url) == [
                "https://api.example.com/a.csv", "https://api.example.com/b.csv",
                "https://api.example.com/v1/files/7", "https://api.example.com/v1/d", nil,
            ]
        )
        #expect(found.map(\.name) == [nil, "b.csv", "c-{remote.id}.csv", nil, "d.txt"])
        #expect(found[1].request?.credentials == ProviderRequest.Credentials.none)
        #expect(found[1].isOptional && found[1].md5 == "0f")
        #expect(found[4].text == "hello {remote.id}")
    }

    @Test(arguments: ["nil", "{}", "agent.json.array {}"])
    func functionMayFindNothing(result: String) async throws {
        let found = try await links("function() return \(result) end", #"{"status":"done"}"#)
        #expect(found.isEmpty)
    }

    @Test(arguments: [
        (#""json.n""#, "download.artifacts: 5 is no link"),
        (#"function() return "/a" end"#, #"download.artifacts returned "/a"; a list of links or requests is expected"#),
        (
            #"function() return { { name = "a" } } end"#,
            "download.artifacts: a file needs a url, a request or a text, this has name"
        ),
        (
            #"function() return { { url = "/a", nmae = "a" } } end"#,
            #"download.artifacts: a file has the unknown key nmae, did you mean "name"?"#
        ),
        (#"function() return { { text = "a" } } end"#, "download.artifacts: a file given as text needs a name"),
        ("function(r) return { r.json.a.b } end", "download.artifacts: attempt to index a nil value (field 'a')"),
        (#"function(r) return { { "FETCH /a" } } end"#, "download.artifacts returned no request: "),
    ])
    func whatIsNoFileIsFault(artifacts: String, message: String) async throws {
        let bench = try await bench(artifacts)
        let fault = try await bench.fault { try await bench.poll(.answer(200, #"{"status":"done","n":5}"#)) }
        #expect(fault.message.hasPrefix(message))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    // MARK: - What is known of them

    @Test func filesSayWhatTheyAre() async throws {
        let table = try await links(
            #"{ each = "json.f[*]", url = "u", md5 = "m", records = "n", format = "csv" }"#,
            #"{"status":"done","f":[{"u":"/a","m":"AB","n":"12","format":"zip"}]}"#
        )
        #expect(table.map(\.md5) == ["AB"])
        #expect(table.map(\.records) == [12])
        #expect(table.map(\.format) == [.csv])
        let requests = try await links(#"{ { "GET /a", name = "a.zip", format = "zip" } }"#, #"{"status":"done"}"#)
        #expect(requests.map(\.format) == [.zip])
        let made = try await links(
            #"function() return { { url = "/a", format = "zip", md5 = "x" } } end"#,
            #"{"status":"done"}"#
        )
        #expect(made.map(\.format) == [.zip])
        let bench = try await bench(#"function() return { { url = "/a", format = "tar" } } end"#)
        let fault = try await bench.fault { try await bench.poll(.answer(200, #"{"status":"done"}"#)) }
        #expect(fault.message == "download.artifacts: \"tar\" is no format: csv, zip")
    }

    @Test(
        arguments: [
            (#""json.n""#, 1343), (#""json.text""#, 1343), ("function(r) return r.json.n + 1 end", 1344),
            (#""json.gone""#, nil),
            (#""json.status""#, nil),
        ] as [(String, Int64?)]
    )
    func allFilesTogetherHoldSoMany(records: String, count: Int64?) async throws {
        let bench = try await bench(#""json.u""#, "records = \(records)")
        let links = try await bench.report(#"{"status":"done","u":["/a","/b"],"n":1343,"text":"1343"}"#).links
        #expect(links.map(\.allRecords) == [count, count])
    }

    @Test func filesOfAFunctionHoldSoManyToo() async throws {
        let poll = #"""
            request = "GET /x",
            classify = function(r) return { state = "succeeded", artifacts = { "/a" } } end
            """#
        let source = SamplePlugin.source(poll: poll, #"download = { artifacts = "json.u", records = "json.n" }"#)
        #expect(try await Bench(source).report(#"{"n":5}"#).links.map(\.allRecords) == [5])
    }

    @Test func filesAreFoundInXML() async throws {
        let source = SamplePlugin.source(
            poll:
                #"request = "GET /x", status = "xml.status", states = { done = "succeeded" }, progress = { percent = "xml.p" }"#,
            """
            download = { records = "xml.n",
              artifacts = { each = "xml.files.file[*]", url = "href", bytes = "@size", records = "n" } }
            """
        )
        let bench = try await Bench(source)
        let one = try await bench.report(
            "<r><status>done</status><p>100</p><n>7</n><files><file size='12'><href>/a</href><n>3</n></file></files></r>"
        )
        #expect(one.progress?.percent == 100)
        #expect(one.links.map(\.request?.url) == ["https://api.example.com/a"])
        #expect(one.links.map(\.bytes) == [12])
        #expect(one.links.map(\.records) == [3])
        #expect(one.links.map(\.allRecords) == [7])
        let two = try await bench.report(
            "<r><status>done</status><files><file><href>/a</href></file><file><href>/b</href></file></files></r>"
        )
        #expect(two.links.map(\.request?.url) == ["https://api.example.com/a", "https://api.example.com/b"])
        #expect(try await bench.report("<r><status>done</status><files/></r>").links.isEmpty)
        #expect(try await bench.refusal(200, "<r>")?.message == "the answer is no XML (HTTP 200, no content type)")
        #expect(try await bench.refusal(200, "<r/>")?.message == "the answer has no xml.status")
    }

    @Test func filesAreLookedForOnlyAfterTheEndsThatWereNamed() async throws {
        let poll =
            #"request = "GET /x", status = "json.s", states = { ok = "succeeded", bad = "failed", run = "running" }"#
        let source = SamplePlugin.source(poll: poll, #"download = { artifacts = "json.u", on = { "failed" } }"#)
        let bench = try await Bench(source)
        #expect(bench.provider.downloadsAfter == [.failed])
        #expect(try await bench.report(#"{"s":"bad","u":"/log"}"#).links.count == 1)
        #expect(try await bench.report(#"{"s":"ok","u":"/log"}"#).links.isEmpty)
        #expect(try await bench.report(#"{"s":"run","u":"/log"}"#).links.isEmpty)
    }

    @Test func functionThatClassifiesMayNameTheFiles() async throws {
        let poll = #"""
            request = "GET /x",
            classify = function(r) return { state = "succeeded", artifacts = { { url = r.json.u, name = "a" } } } end
            """#
        let report = try await Bench(SamplePlugin.source(poll: poll)).report(#"{"u":"/a?b=1"}"#)
        #expect(report.links.map(\.request?.url) == ["https://api.example.com/a?b=1"])
        #expect(report.links.map(\.name) == ["a"])
    }

    @Test func refusedDownloadIsJudgedByItsRules() async throws {
        let bench = try await bench(#""json.u""#, #"errors = { [404] = "busy" }"#)
        let refusal = try await bench.provider.refusal(ofDownload: .sample(404, ""), of: bench.run())
        #expect(refusal == Refusal(.busy, "HTTP 404"))
        #expect(try await bench.provider.refusal(ofDownload: .sample(200, "<html>"), of: bench.run()) == nil)
    }
}
