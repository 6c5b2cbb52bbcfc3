import Lua
import Synchronization
import Testing

/// C code that hangs costs its thread and its plugin, and nothing else.
@Suite(.timeLimit(.minutes(20)))
struct WatchdogTests {
    @Test func aCallThatHangsIsGivenUpAndTheOthersGoOn() async throws {
        let watched = Watched()
        let neighbour = try await Scratch("return { f = function() return 1 end }", on: watched.thread)
        let (failure, scratch) = try await watched.hang("-- hangs once")
        #expect(failure?.kind == .hung)
        #expect(failure?.message.contains("did not come back") == true)
        // Nothing touches the state any more.
        #expect(await scratch.state.takeLog().isEmpty)
        #expect(await scratch.state.statistics.memory == 0)
        #expect(try await neighbour.call("f") == "[1]")
    }

    @Test func aPluginWhoseCallHungIsRefusedAtOnce() async throws {
        let watched = Watched()
        let source = Watched.source("-- hangs and is refused")
        let before = try await Scratch(source, leafs: watched.spin.leafs)
        #expect(try await before.call("g") == "[2]")
        let (_, scratch) = try await watched.hang("-- hangs and is refused")
        for state in [scratch, before] {
            let failure = await #expect(throws: LuaFailure.self) { try await state.call("g") }
            #expect(failure?.kind == .hung)
            #expect(failure?.message.contains("until the program is restarted") == true)
        }
        let failure = await #expect(throws: LuaFailure.self) { try await Scratch(source) }
        #expect(failure?.kind == .hung)
        // Another version of it is another plugin.
        #expect(try await Scratch(source + "\n").call("g") == "[2]")
    }

    @Test func aThreadThatGetsNoTimeOfTheProcessorIsNotGivenUp() async throws {
        let watched = Watched()
        let scratch = try await watched.scratch("-- starves")
        let result = Task { try await scratch.call("f") }  // ended by the spin's end
        await watched.spin.begun.wait()
        watched.set(Watched.limit + .seconds(2) - .nanoseconds(1))
        for _ in 0..<100 { await watched.look() }
        watched.spin.stop()
        #expect(try await result.value == "[1]")
        #expect(try await scratch.call("g") == "[2]")
    }

    @Test func fourThatHangMakeTheProcessUnhealthy() async throws {
        let watched = Watched()
        for i in 1...4 {
            #expect(watched.watchdog.isHealthy)
            _ = try await watched.hang("-- hangs as number \(i)")
        }
        #expect(!watched.watchdog.isHealthy)
        #expect(try await Scratch("return { f = function() return 1 end }", on: watched.thread).call("f") == "[1]")
    }

    @Test func whatComesBackTooLateEndsItsThreadOnly() async throws {
        let watched = Watched()
        let (failure, _) = try await watched.hang("-- comes back too late")
        #expect(failure?.kind == .hung)
        watched.spin.stop()
        for _ in 0..<10 {
            #expect(try await Scratch("return { f = function() return 1 end }", on: watched.thread).call("f") == "[1]")
        }
    }

    @Test func aThreadThatTheSystemDoesNotGiveIsAnError() async throws {
        let thread = LuaThread(label: "none", stackSize: 1 << 60)
        let failure = await #expect(throws: LuaFailure.self) { try await Scratch("return {}", on: thread) }
        #expect(failure?.kind == .memory)
        #expect(failure?.message.hasPrefix("the system has no thread for Lua") == true)
    }
}

/// A thread whose watchdog looks when it is told to, at a clock that is set by hand.
private final class Watched: Sendable {
    /// More than a spin that is not given up can use before it is told to stop.
    static let limit = Duration.seconds(3600)

    let spin = Spin()
    let watchdog: Watchdog
    let thread: LuaThread
    private let clock: FakeThreadClock

    init() {
        let clock = FakeThreadClock()
        self.clock = clock
        watchdog = Watchdog(time: { _ in clock.time }, pause: { await clock.pause() })
        thread = LuaThread(label: "watched", watchdog: watchdog)
    }

    deinit { spin.stop() }

    static func source(_ comment: String) -> String {
        "\(comment)\nreturn { f = function() return agent.test.spin() end, g = function() return 2 end }"
    }

    func set(_ time: Duration) { clock.set(time) }
    func look() async { await clock.look() }

    func scratch(_ comment: String) async throws -> Scratch {
        var limits = LuaLimits()
        limits.callTime = Self.limit
        return try await Scratch(Self.source(comment), limits: limits, on: thread, leafs: spin.leafs)
    }

    /// Calls what hangs, and has the watchdog look when its time is over.
    func hang(_ comment: String) async throws -> (LuaFailure?, Scratch) {
        set(.zero)
        let scratch = try await scratch(comment)
        let result = Task { await #expect(throws: LuaFailure.self) { try await scratch.call("f") } }
        await spin.begun.wait()
        set(Self.limit + .seconds(2))
        await look()
        return (await result.value, scratch)
    }
}

/// The watchdog's time and its pauses.
private final class FakeThreadClock: Sendable {
    private let now = Mutex(Duration.zero)
    private let looked = AsyncStream<Void>.makeStream()
    private let told = AsyncStream<Void>.makeStream()

    var time: Duration { now.withLock { $0 } }

    func set(_ time: Duration) { now.withLock { $0 = time } }

    /// What the watchdog does between two looks.
    func pause() async {
        looked.continuation.yield()
        for await _ in told.stream { return }
    }

    /// Comes back after the watchdog has looked.
    func look() async {
        for await _ in looked.stream { break }
        told.continuation.yield()
        for await _ in looked.stream { break }
        // The next look begins here again.
        looked.continuation.yield()
    }
}
