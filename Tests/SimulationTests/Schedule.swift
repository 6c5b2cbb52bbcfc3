import AgentTesting
import Foundation
import Logging
import PluginHost
import Rehearsal
import RunCore
import Synchronization

/// One run, driven by one process after the other through whatever a seed wills.
struct Schedule {
    let scenario: Scenario
    let seed: UInt64
    private let plugin: Plugin
    private let chaos: Chaos
    private let clock = VirtualClock()
    private let storage = MemoryRunStorage()
    private let artifacts = MemoryArtifactStore()
    private let observer = Listener()
    private let transport: ChaosTransport
    private let connection: Connection
    private let run: Run

    /// After so many processes nothing goes wrong any more.
    private static let troubled = 25
    private static let origin = "http://127.0.0.1:8080"

    init(_ scenario: Scenario, plugin: Plugin, seed: UInt64) async throws {
        self.scenario = scenario
        self.plugin = plugin
        self.seed = seed
        chaos = Chaos(seed: seed)
        let simulator = try await Simulator(
            of: plugin,
            options: scenario.options,
            clock: clock,
            seed: Int64(truncatingIfNeeded: seed)
        )
        transport = ChaosTransport(simulator, clock: clock, chaos: chaos)
        connection = try Self.connection(of: plugin, to: simulator, with: scenario.settings)
        run = try Self.run(of: plugin, scenario, seed, clock.now())
    }

    /// What came of it: the run as it was saved last, what truly happened, and what must not have been.
    struct Outcome {
        let run: Run
        let breaches: [String]
    }

    /// Drives the run until it has ended, or nothing can be done about it.
    func play() async throws -> Outcome {
        try await storage.open().create(run)
        let isDecided = chaos.below(2) == 0
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
            try await drive(decision, isCalm: number > Self.troubled)
        }
        await transport.settle()
        let run = try await stored()
        if ProcessInfo.processInfo.environment["SIMULATION_SHOWN"] != nil { try await show() }
        return Outcome(run: run, breaches: try await breaches(of: run))
    }

    // MARK: - Processes

    private func drive(_ decision: StartDecision?, isCalm: Bool) async throws {
        let store = CrashingStore(storage, crash: isCalm ? nil : chaos.crash())
        let operation = plugin.operation(named: scenario.operation)
        guard let operation else { throw RunError(.noSuchRun, "no operation") }
        let provider = try await PluginProvider.make(
            plugin,
            operation: operation,
            connection: connection,
            tokens: .fetched(clock)
        )
        let engine = RunEngine(
            store: store,
            artifacts: files(of: store, isCalm: isCalm),
            clock: clock,
            randomness: SeededRandomness(seed: seed),
            observer: observer,
            logger: Logger(label: "simulation", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let (id, transport, storage) = (run.id, transport, storage)
        let task = Task {
            try await engine.drive(id, with: provider, over: transport, decision: decision)
        }
        transport.onEnd { fault in
            if case .crash = fault { storage.kill(store.inner.process) }
            task.cancel()
        }
        // A process that was killed ends in an error, and another one follows.
        _ = try? await task.value
        storage.kill(store.inner.process)
    }

    /// The place for files, as a process sees it: it dies at one of them at times, and a power cut takes what was not
    /// on disk.
    private func files(of store: CrashingStore, isCalm: Bool) -> ChaosArtifacts {
        let (storage, artifacts, process) = (storage, artifacts, store.inner.process)
        let hasPowerCut = chaos.below(3) == 0
        let end: @Sendable () -> Void = {
            storage.kill(process)
            if hasPowerCut { artifacts.cutPower() }
        }
        return ChaosArtifacts(inner: artifacts, chaos: chaos, end: isCalm ? nil : end)
    }

    /// What a person finds out about a start.
    private func truth(of run: Run) async throws -> StartDecision {
        guard let answer = transport.known.accepted.first else { return .retrigger }
        guard let operation = plugin.operation(named: scenario.operation) else { return .giveUp }
        let provider = try await PluginProvider.make(
            plugin,
            operation: operation,
            connection: connection,
            tokens: .fetched(clock)
        )
        if provider.isScripted { return .adopt(["id": .string("agent-\(run.key.text)")]) }
        guard case .accepted(let acceptance) = try await provider.verdict(onStart: answer, of: run) else {
            return .giveUp
        }
        return .adopt(acceptance.remote)
    }

    private func stored() async throws -> Run {
        if let stored = try await storage.open().load(run.id) { return stored.run }
        // The power went before anything was sent: nobody knows of the run, and it is asked for again.
        guard transport.known.accepted.isEmpty else { throw RunError(.noSuchRun, "the run is lost") }
        try await storage.open().create(run)
        return run
    }

    /// Writes down what happened, for a schedule that is looked into.
    private func show() async throws {
        for entry in try await storage.open().journal(of: run.id) { print(entry.at.rfc3339, entry.fact) }
        print(transport.log.joined(separator: "\n"))
        print(observer.text)
    }

    // MARK: - What must never be

    private func breaches(of run: Run) async throws -> [String] {
        let truth = transport.known
        let starts = Set(truth.accepted.map(\.body)).count
        var breaches = truth.breaches
        if starts > 1 { breaches.append("\(starts) runs were started") }
        switch run.state {
        case .succeeded, .failed:
            if starts == 0 { breaches.append("\(run.state.rawValue), but nothing was started") }
            let isFetching = run.reasonClass == .artifacts
            if run.state != scenario.end, !(isFetching && scenario.end == .succeeded) {
                breaches.append("\(run.state.rawValue) (\(run.reason ?? "")), but it ended \(scenario.end.rawValue)")
            }
            if run.state == .succeeded, let files = scenario.files, run.artifacts.count != files {
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
        let kept = try await everythingKept()
        for (name, secret) in connection.secrets where kept.contains(secret.value) {
            breaches.append("the secret \(name) was kept or told")
        }
        return breaches
    }

    /// The stored run, its journal, and all that was told, as text.
    private func everythingKept() async throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let store = storage.open()
        let journal = try await store.journal(of: run.id)
        let stored = try await encoder.encode(stored()) + encoder.encode(journal)
        return String(decoding: stored, as: UTF8.self) + observer.text
    }

    // MARK: - Parts

    private static func connection(
        of plugin: Plugin,
        to simulator: Simulator,
        with chosen: [String: JSONValue]
    ) throws -> Connection {
        var settings = simulator.settings.merging(chosen) { _, chosen in chosen }
        if plugin.manifest.settings.contains(where: { $0.name == "url" }) {
            settings["url"] = .string(plugin.manifest.name == "rudder" ? "\(origin)/rudder" : origin)
        } else {
            settings["base_url"] = .string(origin + plugin.manifest.basePath)
        }
        var secrets: [String: Secret] = [:]
        for name in plugin.manifest.secrets {
            secrets[name] = settings.removeValue(forKey: name).map { Secret($0.plainText) }
        }
        return try plugin.connection(named: plugin.manifest.name, settings: settings, secrets: secrets)
    }

    private static func run(of plugin: Plugin, _ scenario: Scenario, _ seed: UInt64, _ now: Timestamp) throws -> Run {
        let randomness = SeededRandomness(seed: seed)
        guard let operation = plugin.operation(named: scenario.operation) else {
            throw RunError(.noSuchRun, "\(plugin.manifest.name) has no such operation")
        }
        var run = Run(
            id: RunID(random: randomness.next()),
            key: RunKey(random: (randomness.next(), randomness.next())),
            plugin: plugin.reference,
            operation: operation.name,
            connection: plugin.manifest.name,
            target: try operation.target(scenario.target),
            params: try operation.params(fromValues: scenario.params),
            options: RunOptions(delivery: .folder("/")),
            createdAt: now
        )
        if randomness.next() % 4 == 0 { run.options.adopt = .certain }
        return run
    }
}

/// Keeps all that is told of a run.
private final class Listener: RunObserver {
    private let heard = Mutex<[String]>([])

    var text: String { heard.withLock { $0.joined(separator: "\n") } }

    func run(_ run: Run, did change: RunChange) {
        heard.withLock { $0.append("\(change)") }
    }
}
