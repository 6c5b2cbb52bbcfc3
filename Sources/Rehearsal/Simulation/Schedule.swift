import Foundation
import Logging
package import PluginHost
package import RunCore
import Synchronization

/// One run against a plugin's simulator, driven by one process after the other through whatever a plan wills.
package struct Schedule: Sendable {
    private let simulated: SimulatedRun
    private let plugin: Plugin
    private let operation: OperationManifest
    private let plan: any FaultPlan
    private let seed: UInt64
    private let clock = VirtualClock()
    private let storage = MemoryRunStorage()
    private let artifacts = MemoryArtifactStore()
    private let observer = Listener()
    private let masks = Masks()
    private let simulator: Simulator
    private let transport: FaultyService
    private let connection: Connection
    private let run: Run

    /// After so many processes nothing goes wrong any more.
    private static let troubled = 25
    private static let origin = "http://127.0.0.1:8080"

    /// A schedule; equal seeds give equal ids and delays.
    ///
    /// - Throws: when the simulator, the settings or the target are not fit for it.
    package init(_ simulated: SimulatedRun, plugin: Plugin, plan: any FaultPlan, seed: UInt64) async throws {
        guard let operation = plugin.operation(named: simulated.operation) else {
            throw SimulatedRun.Problem(message: "no operation \(simulated.operation ?? "without a name")")
        }
        self.simulated = simulated
        self.plugin = plugin
        self.operation = operation
        self.plan = plan
        self.seed = seed
        simulator = try await Simulator(
            of: plugin,
            options: simulated.options,
            clock: clock,
            seed: Int64(truncatingIfNeeded: seed)
        )
        let masks = self.masks
        transport = FaultyService(
            simulator,
            at: Self.origin,
            clock: clock,
            plan: plan,
            holdsSecret: { masks.findSecret(in: $0) }
        )
        connection = try simulator.connection(for: plugin, at: Self.origin, with: simulated.settings)
        run = try Self.run(of: plugin, operation, simulated, seed, clock.now())
    }

    /// What came of a schedule.
    package struct Outcome: Sendable {
        /// The run as it was saved last.
        package let run: Run
        /// How many runs the provider truly started.
        package let starts: Int
        /// What must not have been.
        package let breaches: [String]
        /// How often the first process saved.
        package let saves: Int
        /// What happened, for a schedule that is looked into: the journal, the requests, and what was told.
        package let log: [String]
    }

    /// Drives the run until it has ended, or nothing can be done about it.
    package func play() async throws -> Outcome {
        try await storage.open().create(run)
        let isDecided = plan.hasPerson()
        var saves: Int?
        for number in 1...(Self.troubled + 15) {
            if number > Self.troubled { transport.calmDown() }
            let stored = try await stored()
            if stored.state.isTerminal || stored.finishedAt != nil { break }
            if number > Self.troubled + 1, stored.state == .unknown { break }
            var decision: StartDecision?
            if stored.state == .unknown, isDecided {
                await transport.settle()
                decision = try await truth(of: stored)
            }
            let count = try await drive(decision, isCalm: number > Self.troubled)
            saves = saves ?? count
        }
        await transport.settle()
        let run = try await stored()
        let starts = await countStarts()
        return Outcome(
            run: run,
            starts: starts,
            breaches: try await breaches(of: run, starts: starts),
            saves: saves ?? 0,
            log: try await log()
        )
    }

    /// Runs that the provider started.
    ///
    /// A simulator that notes none of them tells by its answers: the same answer is about the same run.
    private func countStarts() async -> Int {
        let noted = await simulator.starts
        return noted > 0 ? noted : Set(transport.known.accepted.map(\.body)).count
    }

    // MARK: - Processes

    /// Drives in a process of its own.
    ///
    /// - Returns: how often it saved.
    private func drive(_ decision: StartDecision?, isCalm: Bool) async throws -> Int {
        let store = CrashingStore(storage, crash: isCalm ? nil : plan.crash())
        let provider = try await provider()
        masks.add(provider.connected)
        let engine = RunEngine(
            store: store,
            artifacts: files(of: store, isCalm: isCalm),
            clock: clock,
            randomness: SeededRandomness(seed: seed),
            observer: observer,
            exchanges: ExchangeKeeping(in: store.inner),
            logger: Logger(label: "simulation", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let (id, transport, storage) = (run.id, transport, storage)
        let ending = Ending()
        // Before the process begins: its first request may be its last.
        transport.onEnd { fault in
            if case .crash = fault { storage.kill(store.inner.process) }
            ending.end()
        }
        let task = Task {
            try await engine.drive(id, with: provider, over: transport, decision: decision)
        }
        ending.take(task)
        // A process that was killed ends in an error, and another one follows.
        _ = try? await task.value
        storage.kill(store.inner.process)
        return store.saves
    }

    /// The place for files, as a process sees it: it dies at one of them at times, and a power cut takes what was not
    /// on disk.
    private func files(of store: CrashingStore, isCalm: Bool) -> FaultyArtifacts {
        let (storage, artifacts, process) = (storage, artifacts, store.inner.process)
        let hasPowerCut = plan.cutsPower()
        let end: @Sendable () -> Void = {
            storage.kill(process)
            if hasPowerCut { artifacts.cutPower() }
        }
        return FaultyArtifacts(inner: artifacts, plan: plan, end: isCalm ? nil : end)
    }

    /// What a person finds out about a start.
    private func truth(of run: Run) async throws -> StartDecision {
        guard let answer = transport.known.accepted.first else {
            return await countStarts() == 0 ? .retrigger : .giveUp
        }
        let provider = try await provider()
        let answers = try await scriptAnswers()
        do {
            // Only at the call that starts does a script know what an answer to it means.
            if provider.isScripted { _ = try await provider.step(of: run, after: answers) }
            guard case .accepted(let acceptance) = try await provider.verdict(onStart: answer, of: run) else {
                return .giveUp
            }
            return .adopt(acceptance.remote)
        } catch {
            return .giveUp
        }
    }

    private func scriptAnswers() async throws -> [ScriptAnswer] {
        try await storage.open().journal(of: run.id).compactMap { entry -> ScriptAnswer? in
            if case .scriptAnswered(let answer) = entry.fact { answer } else { nil }
        }
    }

    private func provider() async throws -> PluginProvider {
        try await PluginProvider.make(
            plugin,
            operation: operation,
            connection: connection,
            tokens: .fetched(clock)
        )
    }

    private func stored() async throws -> Run {
        if let stored = try await storage.open().load(run.id) { return stored.run }
        // The power went before anything was sent: nobody knows of the run, and it is asked for again.
        guard transport.known.accepted.isEmpty else {
            throw RunError(.noSuchRun, "the run is lost")
        }
        try await storage.open().create(run)
        return run
    }

    private func log() async throws -> [String] {
        let journal = try await storage.open().journal(of: run.id).map(Self.json)
        return journal + transport.log + observer.texts
    }

    // MARK: - What must never be

    private func breaches(of run: Run, starts: Int) async throws -> [String] {
        let truth = transport.known
        var breaches = truth.breaches
        if starts > 1 { breaches.append("\(starts) runs were started") }
        switch run.state {
        case .succeeded, .failed:
            if starts == 0 { breaches.append("\(run.state.rawValue), but nothing was started") }
            let isSpoilt = plan.spoilsFiles && run.reasonClass == .artifacts && simulated.end == .succeeded
            if run.state != simulated.end, !isSpoilt {
                breaches.append("\(run.state.rawValue) (\(run.reason ?? "")), but it ended \(simulated.end.rawValue)")
            }
            if run.state == .succeeded, let files = simulated.files, run.artifacts.count != files {
                breaches.append("\(run.artifacts.count) of \(files) files")
            }
            let published = artifacts.files
            for artifact in run.artifacts where !truth.files.contains(published[artifact.name] ?? []) {
                breaches.append("\(artifact.name) is not what the provider has")
            }
        case .rejected: if starts > 0 { breaches.append("rejected (\(run.reason ?? "")), but a run was started") }
        case .unknown: break
        case .cancelled, .pending, .triggering, .running, .downloading, .unwatched:
            breaches.append("still \(run.state.rawValue): \(run.reason ?? "no reason")")
        }
        if masks.findSecret(in: try await everythingKept()) { breaches.append("a secret was kept or told") }
        return breaches
    }

    /// The stored run, its journal, its exchanges, and all that was told, as text; what comes again stands there once.
    private func everythingKept() async throws -> String {
        let store = storage.open()
        var texts = Set(observer.texts)
        texts.insert(try Self.json(try await stored()))
        texts.formUnion(try await store.journal(of: run.id).map(Self.json))
        if let recording = try await store.recording(of: run.id) {
            texts.insert(try Self.json(recording.connection))
            texts.formUnion(recording.exchanges.flatMap(\.texts))
        }
        return texts.joined(separator: "\n")
    }

    // MARK: - Parts

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func run(
        of plugin: Plugin,
        _ operation: OperationManifest,
        _ simulated: SimulatedRun,
        _ seed: UInt64,
        _ now: Timestamp
    ) throws -> Run {
        let randomness = SeededRandomness(seed: seed)
        var run = Run(
            id: RunID(random: randomness.next()),
            key: RunKey(random: (randomness.next(), randomness.next())),
            plugin: plugin.reference,
            operation: operation.name,
            connection: plugin.manifest.name,
            target: try operation.target(simulated.target),
            params: try operation.params(fromValues: simulated.params),
            options: RunOptions(delivery: .folder("/")),
            createdAt: now
        )
        if randomness.next() % 4 == 0 { run.options.adopt = .certain }
        return run
    }
}

/// Ends the task of a process, also one that has yet to begin.
private final class Ending: Sendable {
    private struct State {
        var task: Task<Run, any Error>?
        var isEnded = false
    }

    private let state = Mutex(State())

    func take(_ task: Task<Run, any Error>) {
        state.withLock { state in
            state.task = task
            if state.isEnded { task.cancel() }
        }
    }

    func end() {
        state.withLock { state in
            state.isEnded = true
            state.task?.cancel()
        }
    }
}

/// What the processes know of secrets.
private final class Masks: Sendable {
    private let connections = Mutex<[PluginConnection]>([])

    /// Adds what a process knows: where no tokens are got on the way, all know the same.
    func add(_ connection: PluginConnection) {
        connections.withLock { connections in
            if connections.isEmpty || connection.getsTokens { connections.append(connection) }
        }
    }

    /// Whether a text has a secret in it, in any form.
    func findSecret(in text: String) -> Bool {
        let all = connections.withLock { $0 }
        return all.contains { $0.masked(text) != text }
    }
}

/// Keeps all that is told of a run.
private final class Listener: RunObserver {
    private let heard = Mutex<[String]>([])

    /// What was told, piece by piece; bodies as text.
    var texts: [String] { heard.withLock { $0 } }

    func run(_ run: Run, did change: RunChange) {
        let texts: [String] = if case .exchange(let exchange) = change { exchange.texts } else { ["\(change)"] }
        heard.withLock { $0 += texts }
    }
}
