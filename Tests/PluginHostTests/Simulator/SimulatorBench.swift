import AgentTesting
import Foundation
import PluginHost
import Rehearsal
import RunCore

/// A simulator written in a test, in a scratch folder, on a clock that stands still.
struct SimulatorBench {
    let clock = VirtualClock(.manual)
    let simulator: Simulator

    init(_ source: String, options: [String: JSONValue] = [:], seed: Int64 = 1) async throws {
        let folder = "\(ScratchFolder.path)/sample"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(source.utf8).write(to: URL(fileURLWithPath: "\(folder)/simulator.lua"))
        let plugin = try await PluginLoader.load(
            Array(SamplePlugin.source().utf8),
            name: "sample",
            file: "\(folder)/plugin.lua",
            folder: folder
        )
        simulator = try await Simulator(of: plugin, options: options, clock: clock, seed: seed)
    }

    /// Sends a request and gives the answer.
    func ask(
        _ line: String,
        _ headers: HTTPHeaders = [:],
        body: String = ""
    ) async -> ProviderResponse {
        let words = line.split(separator: " ").map(String.init)
        let request = SimulatorRequest(method: words[0], target: words[1], headers: headers, body: Array(body.utf8))
        return await simulator.answer(request)
    }

    /// Sends a request and gives status and body.
    func text(_ line: String, _ headers: HTTPHeaders = [:], body: String = "") async -> String {
        let answer = await ask(line, headers, body: body)
        return "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))"
    }
}
