import Foundation
import Lua
package import RunCore

/// A plugin's offline stand-in for its provider: `simulator.lua`, run with a clock that is given.
package actor Simulator {
    /// Why there is no simulator, or why it could not answer.
    package struct Failure: Error, Sendable {
        /// What kind of failure it is.
        package enum Kind: Sendable { case noSimulator, broken, unknownOption }

        /// The kind of failure, by which the caller chooses its exit status.
        package let kind: Kind
        /// One sentence, with file and line where they are known.
        package let message: String
    }

    /// Values for the plugin's settings and secrets, as the simulator wants them.
    package nonisolated let settings: [String: JSONValue]
    /// The names and defaults of its options.
    package nonisolated let options: [String: JSONValue]
    /// What can be run, as the simulator writes it; nil if it says nothing of it.
    package nonisolated let runs: JSONValue?
    /// How many runs began by requests so far, as `sim.start` notes them.
    package private(set) var starts = 0
    private let state: LuaState
    private let routes: RouteTable
    private let clock: any AgentClock
    private let seed: Int64
    private let chosen: [String: JSONValue]

    private static let module = "simulator"
    private static let helper = "sim"

    /// Loads a plugin's simulator.
    ///
    /// The chosen options take the place of the simulator's own; unknown names are refused. Equal seeds give equal
    /// ids.
    package init(
        of plugin: Plugin,
        options chosen: [String: JSONValue] = [:],
        clock: any AgentClock,
        seed: Int64 = 1
    ) async throws(Failure) {
        guard let folder = plugin.folder else {
            throw Failure(kind: .noSimulator, message: "\(plugin.file) is a single file: a simulator needs a folder")
        }
        let file = "\(folder)/simulator.lua"
        guard let source = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
            throw Failure(kind: .noSimulator, message: "\(plugin.manifest.name) has no simulator: there is no \(file)")
        }
        var limits = LuaLimits()
        limits.callTime = .seconds(2)
        let state = LuaState(limits: limits, leafs: HostLibrary.leafs)
        let table: JSONValue
        do throws(LuaFailure) {
            try await state.load(Array(SimulatorPrelude.source.utf8), as: Self.helper, chunkName: "sim")
            try await state.load(Array(source), as: Self.module, chunkName: file)
            let manifest = try await state.manifest(of: Self.module)
            table = try HookResult.read(manifest)
        } catch {
            throw Failure(kind: .broken, message: error.fault(in: "simulator").summary)
        }
        routes = RouteTable(keys: (table["routes"]?.object ?? [:]).keys.sorted())
        settings = table["settings"]?.object ?? [:]
        options = table["options"]?.object ?? [:]
        runs = table["runs"]
        for name in chosen.keys.sorted() where options[name] == nil {
            let known = options.keys.sorted()
            let hint = Suggestion.hint(for: name, among: known)
            let list = known.isEmpty ? "none" : known.joined(separator: ", ")
            throw Failure(kind: .unknownOption, message: "the simulator has no option \(name)\(hint); it has \(list)")
        }
        self.chosen = options.merging(chosen) { _, chosen in chosen }
        self.state = state
        self.clock = clock
        self.seed = seed
    }

    /// Answers a request as the provider would, with a date as every server does.
    package func answer(_ request: SimulatorRequest) async -> ProviderResponse {
        var answer = await dateless(request)
        if !answer.headers.contains("date") { answer.headers.set("Date", clock.now().httpDate) }
        return answer
    }

    private func dateless(_ request: SimulatorRequest) async -> ProviderResponse {
        switch routes.match(method: request.method, path: request.path) {
        case .none: return Self.plain(404, "no route for \(request.path)", request)
        case .otherMethod: return Self.plain(405, "\(request.method) is not served at \(request.path)", request)
        case .route(let key, let values):
            do throws(LuaFailure) {
                return try await call(key, values, request)
            } catch {
                return Self.plain(500, error.fault(in: "simulator, \(key)").summary, request)
            }
        }
    }

    private func call(
        _ key: String,
        _ values: [String: String],
        _ request: SimulatorRequest
    ) async throws(LuaFailure) -> ProviderResponse {
        var fields = request.fields
        for (name, value) in values { fields[name] = .string(value) }
        let call: JSONValue = [
            "key": .string(key), "request": .object(fields), "settings": .object(settings),
            "options": .object(chosen), "seed": .integer(seed),
            "now": .seconds(Double(clock.now().milliseconds) / 1000),
        ]
        let function = LuaFunction(module: Self.helper, path: [.name("handle")])
        let results = try await state.call(function, [.module(Self.module), .json(Array(call.text.utf8))])
        let result = try HookResult.read(results)
        starts += result[1]?.int ?? 0
        return Self.response(result[0] ?? .null, to: request)
    }

    private static func response(_ value: JSONValue, to request: SimulatorRequest) -> ProviderResponse {
        guard let members = value.object else { return plain(500, "the route gave no answer", request) }
        var response = ProviderResponse(status: members["status"]?.int ?? 200, url: request.path)
        if let json = members["json"] {
            response.headers.set("Content-Type", "application/json; charset=utf-8")
            response.body = Array(json.text.utf8)
        } else if let body = members["body"] {
            response.body = body.bytes
        }
        for (name, value) in (members["headers"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            response.headers.set(name, value.plainText)
        }
        return response
    }

    private static func plain(_ status: Int, _ message: String, _ request: SimulatorRequest) -> ProviderResponse {
        ProviderResponse(
            status: status,
            headers: ["Content-Type": "text/plain; charset=utf-8"],
            body: Array(message.utf8),
            url: request.path
        )
    }
}
