import AgentTesting
import Foundation
import RunCore
import Testing

@testable import PluginHost

struct MultipartTests {
    private func start(
        _ parts: String,
        params: [String: JSONValue] = [:],
        settings: [String: JSONValue] = [:]
    ) async throws -> ProviderRequest {
        try await bench(parts, settings).start(params: params)
    }

    private func bench(_ parts: String, _ settings: [String: JSONValue] = [:]) async throws -> Bench {
        let source = SamplePlugin.source(
            trigger: "request = { \"POST /x\", multipart = { \(parts) } }, remote = { id = \"json.id\" }",
            "params = { file = { type = \"file\" }, text = {} }, settings = { cert = { type = \"file\" }, name = {} }"
        )
        return try await Bench(source, settings: settings)
    }

    private func file(_ name: String, _ content: [UInt8]) throws -> String {
        let path = "\(ScratchFolder.path)/\(name)"
        try Data(content).write(to: URL(filePath: path))
        return path
    }

    @Test(.scratchFolder) func partsAreWrittenInTheOrderOfTheirNames() async throws {
        let path = try file("a \"1\"é.zip", [0x50, 0x4B, 0xFF])
        let request = try await start(
            #"merge = "{params.text?}", list = { 1, true }, archive = { file = "{params.file}", type = "application/zip" }, name = "x{target}""#,
            params: ["file": .string(path)]
        )
        let type = try #require(request.headers["content-type"])
        let boundary = try #require(type.split(separator: "boundary=").last)
        #expect(type == "multipart/form-data; boundary=\(boundary)")
        #expect(boundary.wholeMatch(of: /agent-[0-9a-f]{32}/) != nil)
        func part(_ head: String, _ content: [UInt8]) -> [UInt8] {
            Array("--\(boundary)\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8) + content + [13, 10]
        }
        let expected =
            part("name=\"archive\"; filename=\"a %221%22é.zip\"\r\nContent-Type: application/zip", [0x50, 0x4B, 0xFF])
            + part("name=\"list\"", Array("1".utf8)) + part("name=\"list\"", Array("true".utf8))
            + part("name=\"name\"", Array("x42".utf8)) + Array("--\(boundary)--\r\n".utf8)
        #expect(request.body == expected)
    }

    @Test(.scratchFolder) func sameContentHasTheSameBody() async throws {
        let path = try file("a", [1])
        let parts = #"a = { file = "{params.file}" }"#
        let first = try await start(parts, params: ["file": .string(path)])
        #expect(try await start(parts, params: ["file": .string(path)]) == first)
        _ = try file("a", [2])
        #expect(try await start(parts, params: ["file": .string(path)]).headers != first.headers)
        #expect(
            String(decoding: first.body ?? [], as: UTF8.self).contains("Content-Type: application/octet-stream\r\n")
        )
    }

    @Test(.scratchFolder) func fileMayComeFromASettingOrBeAbsent() async throws {
        let path = try file("cert.pem", [1])
        let parts = #"cert = { file = "{settings.cert?}" }, text = "t""#
        let with = try await start(parts, settings: ["cert": .string(path)])
        #expect(String(decoding: with.body ?? [], as: UTF8.self).contains("filename=\"cert.pem\""))
        let without = try await start(parts)
        #expect(!String(decoding: without.body ?? [], as: UTF8.self).contains("name=\"cert\""))
    }

    @Test(.scratchFolder) func functionMayNameOnlyFilesOfTheUser() async throws {
        let path = try file("a", [7])
        func start(_ file: String) async throws -> ProviderRequest {
            let source = SamplePlugin.source(
                trigger: """
                    request = function(ctx) return { "POST /x", multipart = { a = { file = \(file) }, b = "{target}" } } end,
                    remote = { id = "json.id" }
                    """,
                "params = { file = { type = \"file\" } }"
            )
            return try await Bench(source).start(params: ["file": .string(path)])
        }
        let body = String(decoding: try await start("ctx.params.file").body ?? [], as: UTF8.self)
        #expect(body.contains("\r\n\r\n\u{7}\r\n"))
        #expect(body.contains("\r\n\r\n{target}\r\n"))
        for other in [#""/etc/passwd""#, #"ctx.params.file .. "/../x""#, #"ctx.params.file .. "x""#] {
            let fault = try #require(await #expect(throws: PluginFault.self) { _ = try await start(other) })
            #expect(fault.message.hasSuffix("' was given for no setting or parameter of the type file"))
        }
    }

    @Test func fileThatIsNotThereIsFault() async throws {
        let bench = try await bench(#"a = { file = "{params.file}" }"#)
        let fault = try await bench.fault { try await bench.start(params: ["file": "/nowhere"]) }
        #expect(fault.message.hasPrefix("trigger.request: multipart.a: '/nowhere' cannot be read: "))
    }

    @Test(.scratchFolder, .hangGuard) func whatIsNoFileIsFault() async throws {
        let pipe = ScratchFolder.path + "/pipe"
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        let bench = try await bench(#"a = { file = "{params.file}" }"#)
        for path in [pipe, ScratchFolder.path, "/dev/zero"] {
            let fault = try await bench.fault { try await bench.start(params: ["file": .string(path)]) }
            #expect(fault.message == "trigger.request: multipart.a: '\(path)' is no file")
        }
    }

    @Test(.scratchFolder) func fileOfMoreThan64MebibytesIsFault() async throws {
        let path = try file("big", [])
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: UInt64(MultipartReader.largest) + 1)
        try handle.close()
        let bench = try await bench(#"a = { file = "{params.file}" }"#)
        let fault = try await bench.fault { try await bench.start(params: ["file": .string(path)]) }
        #expect(fault.message == "trigger.request: multipart.a: more than 64 MiB cannot be sent")
    }

    @Test(arguments: [#"text = "{params.text?}""#, ""]) func bodyWithoutPartIsFault(parts: String) async throws {
        let bench = try await bench(parts)
        let fault = try await bench.fault { try await bench.start() }
        #expect(fault.message == "trigger.request: multipart has no part")
    }

    @Test(.scratchFolder) func contentTypeCannotEndItsLine() async throws {
        let path = try file("a", [1])
        let bench = try await bench(#"a = { file = "{params.file}", type = "{params.text}" }"#)
        let fault = try await bench.fault {
            try await bench.start(params: ["file": .string(path), "text": "a/b\r\nX: y"])
        }
        #expect(fault.message == "trigger.request: multipart.a: \"a/b\\r\\nX: y\" is no content type")
    }

    @Test func boundaryOccursInNoPart() {
        let parts = [
            MultipartBody.Part(name: "a", content: Array("x--wish--y".utf8)),
            MultipartBody.Part(name: "b\r\n\"", content: []),
        ]
        let body = MultipartBody(parts: parts)
        #expect(body.boundary("other") == "other")
        let boundary = body.boundary("wish")
        #expect(boundary.hasPrefix("agent-"))
        #expect(body.boundary("wish") == boundary)
        #expect(body.boundary("disposition") == "disposition")
        #expect(body.boundary("Disposition") != "Disposition")
        let text = String(decoding: body.bytes(boundary: boundary), as: UTF8.self)
        #expect(text.contains("name=\"b%0D%0A%22\""))
    }
}
