import Foundation
import Logging
package import PluginHost
package import RunCore

/// Drives a run again from its recording: the real engine, recorded answers, a virtual clock, no network.
package struct RunReplay: Sendable {
    /// What came of it.
    package struct Report: Sendable {
        /// Whether it came out as recorded.
        package enum Verdict: String, Sendable {
            case same, otherwise
            /// The recording is not whole enough to tell.
            case incomplete
        }

        /// The run as the replay left it.
        package let run: Run
        /// Requests in their order, then members of the document.
        package let differences: [ReplayDifference]
        /// Why something cannot be told.
        package let gaps: [String]
        /// How many recorded exchanges answered a request.
        package let used: Int

        /// What the exit status says.
        package var verdict: Verdict {
            if !differences.isEmpty { return .otherwise }
            return gaps.isEmpty ? .same : .incomplete
        }
    }

    private let recorded: Run
    private let recording: Recording
    private let journal: [JournalEntry]
    private let plugin: Plugin

    /// A replay of a run with a plugin: the one it started with, or an edited one.
    package init(_ recorded: Run, _ recording: Recording, journal: [JournalEntry], plugin: Plugin) {
        self.recorded = recorded
        self.recording = recording
        self.journal = journal
        self.plugin = plugin
    }

    /// Drives it.
    ///
    /// - Throws: `SettingProblems` when the plugin wants settings or parameters that the run did not have,
    ///   `PluginFault` when no request can be made, `RunError` for what must not happen.
    package func play(_ operation: OperationManifest, settings: [String: JSONValue] = [:]) async throws -> Report {
        let connected = try await PluginConnection.make(plugin, try connection(settings), tokens: .invented)
        let provider = PluginProvider(operation, on: connected)
        let clock = VirtualClock(now: recorded.createdAt)
        let matcher = ReplayMatcher(recording, repeatsLast: isGivenUp)
        let transport = ReplayTransport(matcher, masking: connected, clock: clock)
        let store = MemoryRunStore()
        let run = try run(operation)
        try await store.create(run)
        let engine = RunEngine(
            store: store,
            artifacts: transport.files,
            clock: clock,
            randomness: SeededRandomness(seed: 1),
            observer: SilentObserver(),
            transfers: Slots(1),
            logger: Logger(label: "replay", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let driver = ReplayDriver(
            engine: engine,
            run: run.id,
            provider: provider,
            transport: transport,
            reason: recorded.exitStatus == .terminated ? .terminate : .interrupt
        )
        let (ended, halt) = try await driver.drive(decisions: decisions)
        return report(on: ended, halt, transport.matcher)
    }

    // MARK: - Before

    /// The run as it was before anything was sent.
    private func run(_ operation: OperationManifest) throws -> Run {
        var run = Run(
            id: recorded.id,
            key: recorded.key,
            plugin: plugin.reference,
            operation: operation.name,
            connection: recorded.connection,
            target: recording.connection.lookedUp.map(RunTarget.init(lookingUp:)) ?? recorded.target,
            params: try operation.params(fromValues: recorded.params),
            options: recorded.options,
            createdAt: recorded.createdAt
        )
        guard !isGivenUp else { return run }
        // A run that ended went on after every limit that was reached on the way.
        run.options.timeout = nil
        run.options.queueTimeout = nil
        run.options.noProgressTimeout = nil
        run.options.unreadableFor = .seconds(864_000_000)
        run.options.unknownFor = .seconds(864_000_000)
        return run
    }

    /// Recorded settings under those given; secrets whose values are what masking puts in their place.
    private func connection(_ given: [String: JSONValue]) throws -> Connection {
        let declared = Set(plugin.manifest.settings.map(\.name))
        var settings = recording.connection.settings.filter { declared.contains($0.key) }
        if let url = recording.connection.baseURL { settings["base_url"] = .string(url) }
        settings.merge(given) { _, new in new }
        let names = plugin.manifest.settings.filter { schema in
            schema.kind == .secret && (schema.isRequired || recording.connection.secrets.contains(schema.name))
        }.map(\.name)
        let secrets = names.map { ($0, Secret("[\($0)]")) }
        return try plugin.connection(
            named: recorded.connection,
            settings: settings,
            secrets: Dictionary(secrets) { first, _ in first }
        )
    }

    /// Whether it is over because a time was over: then what was answered last was answered until then.
    private var isGivenUp: Bool {
        switch recorded.reasonClass {
        case .timeout: true
        case .unknownStatus, .unreadable, .gone: recorded.state == .unwatched
        case .unreachable, .busy, .rateLimited: recorded.state == .rejected
        default: false
        }
    }

    /// What persons decided on unsettled starts, in their order.
    private var decisions: [StartDecision] {
        journal.compactMap { entry in
            guard case .decision(let text) = entry.fact else { return nil }
            if text == StartDecision.retrigger.text { return .retrigger }
            return text == StartDecision.giveUp.text ? .giveUp : .adopt(recorded.remote)
        }
    }

    // MARK: - After

    private static let members = [
        "target", "state", "reason", "reason_class", "remote", "result", "warnings", "artifacts", "adopted",
        "cancel_requested", "exit_status",
    ]
    /// What says where a run stands; not to be compared where the recording only ends.
    private static let ends: Set<String> = ["state", "reason", "reason_class", "exit_status"]

    private func report(on run: Run, _ halt: ReplayTransport.Halt?, _ matcher: ReplayMatcher) -> Report {
        var differences = matcher.differences
        // Where an answer is not known, what follows from it is not either.
        if halt != .unknown { differences += outcome(of: run, endsWithRecording: halt == .ended) }
        return Report(run: run, differences: differences, gaps: matcher.gaps, used: matcher.used)
    }

    private func outcome(of run: Run, endsWithRecording: Bool) -> [ReplayDifference] {
        let (old, new) = (Self.facts(of: recorded), Self.facts(of: run))
        let wasLeft = recorded.state.isOpen || recorded.reasonClass == .interrupted
        if endsWithRecording, !wasLeft {
            return [.member("state", recorded: old["state"] ?? .null, now: "not ended where the recording ends")]
        }
        return Self.members.compactMap { name in
            if endsWithRecording, Self.ends.contains(name) { return nil }
            let (recorded, now) = (old[name] ?? .null, new[name] ?? .null)
            return recorded == now ? nil : .member(name, recorded: recorded, now: now)
        }
    }

    /// The run's document, of its files only what they are.
    private static func facts(of run: Run) -> JSONValue {
        guard var members = RunDocument.json(of: run).object else { return .null }
        // Where in the plugin a fault was changes with the plugin's name and lines.
        if run.reasonClass == .plugin, let reason = run.reason, let place = reason.range(of: " (", options: .backwards)
        {
            members["reason"] = .string(String(reason[..<place.lowerBound]))
        }
        members["artifacts"] = .array(
            run.artifacts.map {
                ["name": .string($0.name), "bytes": .integer($0.bytes), "sha256": .string($0.sha256)]
            }
        )
        return .object(members)
    }
}
