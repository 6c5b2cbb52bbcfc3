import Foundation
import Lua
import Rehearsal
import RunCore
import Synchronization
import Testing

@testable import PluginHost

/// A server that repeats the credentials it got, in every place and form (H28, sandbox row 42).
struct EchoedSecretTests {
    private static let secret = #"s3cr&t/+"'<ü>-0123"#
    private static let settings = #"settings = { token = { type = "secret" }, user = { default = "ann" } },"#

    /// Ways in which servers write what they were sent.
    private static let forms: [String] = [
        secret, "Bearer \(secret)", "Basic \(Data("ann:\(secret)".utf8).base64EncodedString())",
        "Basic \(Data("someone-else:\(secret)".utf8).base64EncodedString())",
        Data(secret.utf8).base64EncodedString(),
        Data("x\(secret)y".utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_"),
        PercentEncoding.encode(secret), PercentEncoding.encode(secret).lowercased(),
        JSONValue.string(secret).text, #"s3cr&t\/+\"'<ü>-0123"#, #"s3cr\u0026t/+\"\u0027\u003c\u00fc\u003e-0123"#,
        #"s3cr&t/+\"'<\u00fc>-0123"#, "s3cr&amp;t/+&quot;'&lt;ü&gt;-0123", "s3cr&amp;t/+&#34;&#39;&lt;ü&gt;-0123",
    ]

    /// What of a secret in any form would let a reader recognize it.
    private static func shows(_ text: String) -> Bool {
        let parts = ["s3cr", "-0123", "czNjc", "M2Ny", "zM2NyJ"]
        return parts.contains { text.contains($0) }
    }

    private func bench(
        _ poll: String = SamplePlugin.poll,
        auth: String = #"{ type = "basic", user = "{settings.user}", secret = "token" }"#
    )
        async throws -> Bench
    {
        try await Bench(
            SamplePlugin.source(poll: poll, "auth = \(auth), \(Self.settings)"),
            secrets: ["token": Self.secret]
        )
    }

    @Test(arguments: forms) func answerThatRepeatsTheSecretIsMaskedBeforeAnybodySeesIt(form: String) async throws {
        let bench = try await bench()
        let answer = ProviderResponse(
            status: 500,
            headers: ["X-Echo": form, "X-\(form)": "1", "Location": "/a?\(form)"],
            body: Array("<html><h1>Error</h1>\(form)</html>".utf8),
            url: ""
        )
        let seen = Mutex<[Exchange]>([])
        let transport = FakeTransport([.answered(answer)])
        let courier = RequestCourier(credentials: bench.provider, transport: transport, clock: VirtualClock()) {
            exchange in
            seen.withLock { $0.append(exchange) }
        }
        let request = ProviderRequest(method: "POST", url: "https://api.example.com/x", purpose: "test")
        guard case .answered(let masked) = try await courier.send(request) else { throw Bench.Unexpected() }
        #expect(!Self.shows("\(masked.headers) \(String(decoding: masked.body, as: UTF8.self)) \(masked.url)"))
        #expect(!Self.shows("\(seen.withLock { $0 })"))
        #expect(transport.requests.allSatisfy { $0.headers.contains("authorization") })
    }

    @Test(arguments: forms) func reasonResultAndProgressOfARunHoldNoSecret(form: String) async throws {
        let bench = try await bench(
            """
            request = "GET /x", status = "json.s", states = { done = "succeeded", busy = "running" },
            reason = "json.m", result = { value = "json.m", all = "body" }, warnings = "json.m",
            progress = { message = "json.m" },
            """
        )
        for state in ["done", "busy", "odd"] {
            let body = JSONValue.object(["s": .string(state), "m": .string(form)]).text
            let transport = FakeTransport([.answer(200, body)])
            let courier = RequestCourier(credentials: bench.provider, transport: transport, clock: VirtualClock())
            let verdict = try await bench.provider.poll(bench.run(), through: courier)
            #expect(!Self.shows("\(verdict)"), "\(verdict)")
        }
    }

    @Test func secretInTheQueryOfARefusedRequestIsNotShown() async throws {
        let bench = try await bench(auth: #"{ type = "query", name = "key", secret = "token" }"#)
        let seen = Mutex<[Exchange]>([])
        let failure = TransportFailure(
            .refused,
            "cannot reach /x?key=\(PercentEncoding.encode(Self.secret))",
            mayHaveArrived: false
        )
        let courier = RequestCourier(
            credentials: bench.provider,
            transport: FailingTransport(failure: failure),
            clock: VirtualClock()
        ) { exchange in seen.withLock { $0.append(exchange) } }
        let request = ProviderRequest(method: "GET", url: "https://api.example.com/x", purpose: "test")
        let outcome = try await courier.send(request)
        #expect(!Self.shows("\(outcome) \(seen.withLock { $0 })"))
        #expect("\(outcome)".contains("key=[token]"))
    }

    @Test func whatAPluginLogsOfAnAnswerIsMasked() async throws {
        let lines = CapturedLog()
        let mask = LiveMask(secrets: ["token": Secret(Self.secret)])
        let log = PluginLog(logger: lines.logger, plugin: "sample", mask: mask)
        let state = try await SamplePlugin.load(SamplePlugin.source()).state()
        try await state.load(
            Array("return { f = function(x) agent.log.info('got ' .. x .. '\\27[2J\\nfaked') end }".utf8),
            as: "logs",
            chunkName: "logs.lua"
        )
        let call = LuaFunction(module: "logs", path: [.name("f")])
        _ = try await state.call(call, [.json(Array(JSONValue.string(Self.secret).text.utf8))])
        log.write(await state.takeLog())
        #expect(lines.text.hasPrefix(#"got [token]\u{1B}[2J\nfaked "#))
        #expect(!Self.shows(lines.text))
    }
}

/// Fails every request in the same way.
private struct FailingTransport: Transport {
    let failure: TransportFailure

    func send(_ request: ProviderRequest) async -> Transmission { .failed(failure) }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        .failed(failure)
    }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission { .failed(failure) }
}
