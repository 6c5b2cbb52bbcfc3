import AgentTesting
import Rehearsal
import RunCore
import Testing

/// What becomes of other runs, and of other plugins, while one does harm (H24 of the hostile cases).
@Suite(.hangGuard)
struct HostileNeighbourTests {
    /// The first costs the 5 seconds of CPU that a script has.
    static let harm = [
        "while true do end", "local s = 'x' while true do s = s .. s end",
        "local t = {} for i = 1, 1e9 do t[i] = { i } end", "local function f() return 1 + f() end f()",
        "return (('a'):rep(40)):find(('a?'):rep(40) .. ('a'):rep(40))", "while true do agent.log.info('x') end",
        "while true do pcall(ctx.request, { 'GET http://169.254.169.254/' }) end", "error({})", "local n = nil + 1",
        "setmetatable(_G, {}) string.rep = nil getmetatable('').__index = nil",
    ]

    /// Another plugin's run, and another run of the hostile plugin itself, end as they would alone.
    @Test(arguments: harm) func faultOfOneRunIsNoOtherRuns(body: String) async throws {
        let storage = MemoryRunStorage()
        let start = #"ctx.trigger { "POST /jobs", remote = { id = "json.id" } }"#
        let hostile = try await ScriptBench("\(start) if ctx.run.id ~= nil then \(body) end", storage: storage)
        let sibling = try await ScriptBench("\(start) ctx.sleep('1h') return {}", storage: storage, number: 2)
        let other = try await ScriptBench(storage: storage, number: 3)
        let services = [BulkService(), BulkService(), BulkService()]
        async let harmed = hostile.drive(over: services[0])
        async let second = sibling.drive(over: services[1])
        async let third = other.drive(over: services[2])
        let runs = (try await harmed, try await second, try await third)
        #expect(runs.0.exitStatus == .pluginFault, "\(runs.0.reason ?? "")")
        #expect(runs.0.remote == ["id": "job-1"])
        #expect(runs.1.state == .succeeded)
        #expect(runs.2.state == .succeeded)
        #expect(runs.2.result == ["pages": 2, "rows": 7, "job": "job-1"])
        #expect(services.map(\.created) == [1, 1, 1])
        #expect(services[2].closed == 1)
    }

    /// A run that waits for its next poll finds everything as it was.
    @Test func runBetweenTwoPollsIsUndisturbed() async throws {
        let storage = MemoryRunStorage()
        let clock = VirtualClock(.manual)
        let quiet = try await ScriptBench(clock: clock, storage: storage)
        let service = BulkService()
        let driving = Task { try await quiet.drive(over: service) }
        await clock.waitForSleepers()
        for (index, body) in Self.harm.dropFirst().enumerated() {
            let hostile = try await ScriptBench(body, storage: storage, number: UInt64(index) + 2)
            #expect(try await hostile.drive(over: BulkService()).exitStatus == .pluginFault)
        }
        let ticking = Task {
            while !Task.isCancelled {
                clock.advance(by: .seconds(10))
                await clock.waitForSleepers()
            }
        }
        let run = try await driving.value
        ticking.cancel()
        #expect(run.state == .succeeded)
        #expect(run.result["rows"] == 7)
    }
}
