import AgentTesting
import Foundation
import HTTPTransport
import Logging
import PluginHost
import Rehearsal
import RunCore
import SimulatorServer
import Testing

/// A simulator over real HTTP on loopback.
@Suite(.hangGuard) struct SimulatorServiceTests {
    private static let plugins = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "plugins").path
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private static let start = "/api/v1/synchronisation/connected-systems/1/run-profiles/1/execute"

    /// Serves JIM's simulator on a free port for as long as `body` takes.
    private func serving(
        _ body: @escaping @Sendable (HTTPTransport, String, VirtualClock) async throws -> Void
    ) async throws {
        let folder = "\(Self.plugins)/jim"
        let location = PluginLocation(name: "jim", file: "\(folder)/plugin.lua", folder: folder)
        let clock = VirtualClock(.manual)
        let simulator = try await Simulator(of: PluginLoader.load(location), clock: clock)
        let (ports, found) = AsyncStream<Int>.makeStream()
        let service = SimulatorService(simulator, port: 0, logger: Self.logger) { found.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            let port = try #require(await ports.first { _ in true })
            let url = "http://127.0.0.1:\(port)"
            let origin = NetworkPolicy.Entry(try Origin(url: url), isConfigured: true)
            let settings = TransportSettings(policy: NetworkPolicy([origin]))
            let transport = try HTTPTransport(settings: settings, logger: Self.logger)
            defer { group.cancelAll() }
            do {
                try await body(transport, url, clock)
            } catch {
                await transport.shutdown()
                throw error
            }
            await transport.shutdown()
        }
    }

    /// The answer to a request; records an issue and throws if there is none.
    private func answer(_ outcome: Transmission) throws -> ProviderResponse {
        guard case .answered(let answer) = outcome else {
            Issue.record("no answer: \(outcome)")
            throw CancellationError()
        }
        return answer
    }

    private func request(_ method: String, _ url: String, key: String? = "jim_test") -> ProviderRequest {
        let headers = HTTPHeaders(key.map { [.init("X-Api-Key", $0)] } ?? [])
        return ProviderRequest(method: method, url: url, headers: headers, purpose: "test")
    }

    @Test func runGoesFromItsStartToItsEnd() async throws {
        try await serving { transport, url, clock in
            let started = try answer(await transport.start(request("POST", url + Self.start)))
            #expect(started.status == 202)
            #expect(started.headers["content-type"] == "application/json; charset=utf-8")
            let body = try JSONDecoder().decode(JSONValue.self, from: Data(started.body))
            let activity = try #require(body["activityId"]?.string)
            let progress = request("GET", "\(url)/api/v1/activities/\(activity)/progress")
            let busy = try answer(await transport.send(progress))
            #expect(String(decoding: busy.body, as: UTF8.self).contains(#""status":"InProgress""#))
            clock.advance(by: .seconds(4))
            let done = try answer(await transport.send(progress))
            #expect(String(decoding: done.body, as: UTF8.self).contains(#""status":"Complete""#))
        }
    }

    @Test func providersChecksAreKept() async throws {
        try await serving { transport, url, _ in
            let bare = try answer(await transport.send(request("POST", url + Self.start, key: nil)))
            #expect(bare.status == 401)
            let lost = try answer(await transport.send(request("GET", "\(url)/nowhere")))
            #expect(lost.status == 404)
            let otherMethod = try answer(await transport.send(request("GET", url + Self.start)))
            #expect(otherMethod.status == 405)
            let trailingSlash = try answer(await transport.send(request("POST", url + Self.start + "/")))
            #expect(trailingSlash.status == 404)
        }
    }

    @Test func queryReachesTheSimulator() async throws {
        try await serving { transport, url, _ in
            let systems = "\(url)/api/v1/synchronisation/connected-systems"
            let first = try answer(await transport.send(request("GET", "\(systems)?page=2&pageSize=1")))
            let body = try JSONDecoder().decode(JSONValue.self, from: Data(first.body))
            #expect(body["items"]?.array?.map { $0["name"]?.string } == ["HR"])
        }
    }

    @Test func takenPortIsAnError() async throws {
        try await withFakeProvider { fake in
            let folder = "\(Self.plugins)/jim"
            let location = PluginLocation(name: "jim", file: "\(folder)/plugin.lua", folder: folder)
            let simulator = try await Simulator(of: PluginLoader.load(location), clock: VirtualClock())
            let service = SimulatorService(simulator, port: fake.port, logger: Self.logger) { _ in }
            await #expect(throws: (any Error).self) { try await service.run() }
        }
    }
}
