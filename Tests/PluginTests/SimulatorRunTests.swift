import Foundation
import Logging
import PluginHost
import Rehearsal
import RunCore
import Testing

/// Every plugin against its own simulator, through the real engine, on a clock that jumps.
struct SimulatorRunTests {
    /// What simulators know in place of what the documents show.
    private static let targets = ["krenalis": "3mVx8QpLr2Ka"]
    private static let origin = "http://127.0.0.1:8080"

    @Test(arguments: PluginFolder.simulated)
    func runSucceedsAndKeepsItsSecrets(folder: PluginFolder) async throws {
        let plugin = try await folder.plugin()
        let clock = VirtualClock()
        let simulator = try await Simulator(of: plugin, clock: clock)
        let connection = try connection(of: plugin, to: simulator)
        let store = MemoryRunStore()
        let run = try await run(of: plugin, in: folder, createdAt: clock.now())
        try await store.create(run)

        let operation = try #require(plugin.operation(named: run.operation))
        let provider = try await PluginProvider.make(plugin, operation: operation, connection: connection)
        let engine = RunEngine(
            store: store,
            artifacts: MemoryArtifactStore(),
            clock: clock,
            randomness: SeededRandomness(seed: 1),
            observer: SilentObserver(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let ended = try await engine.drive(run.id, with: provider, over: SimulatorTransport(simulator))

        #expect(ended.state == .succeeded, "\(ended.reason ?? "no reason")")
        #expect(ended.warnings == [])
        #expect(ended.exitStatus == .success)
        for (name, secret) in connection.secrets {
            let kept = try await everythingKept(of: run.id, in: store)
            #expect(!kept.contains(secret.value), "the secret \(name) is in the store")
        }
    }

    private func connection(of plugin: Plugin, to simulator: Simulator) throws -> Connection {
        var settings = simulator.settings
        if plugin.manifest.settings.contains(where: { $0.name == "url" }) {
            settings["url"] = .string(Self.origin)
        } else {
            settings["base_url"] = .string(Self.origin + plugin.manifest.basePath)
        }
        var secrets: [String: Secret] = [:]
        for name in plugin.manifest.secrets {
            secrets[name] = settings.removeValue(forKey: name).map { Secret($0.plainText) }
        }
        return try plugin.connection(named: plugin.manifest.name, settings: settings, secrets: secrets)
    }

    /// A run with the operation, target and parameters of the plugin's case of a plain success.
    private func run(of plugin: Plugin, in folder: PluginFolder, createdAt: Timestamp) async throws -> Run {
        let randomness = SeededRandomness(seed: 7)
        let key = RunKey(random: (randomness.next(), randomness.next()))
        let recorded = try PluginCase(try folder.text("cases/success.json"), key: key)
        let operation = try #require(plugin.operation(named: recorded.operation))
        return Run(
            id: RunID(random: randomness.next()),
            key: key,
            plugin: plugin.reference,
            operation: operation.name,
            connection: plugin.manifest.name,
            target: try operation.target(Self.targets[folder.location.name] ?? recorded.target),
            params: try operation.params(fromValues: recorded.params),
            options: RunOptions(delivery: .folder("/")),
            createdAt: createdAt
        )
    }

    /// The stored run and its journal as JSON text.
    private func everythingKept(of id: RunID, in store: MemoryRunStore) async throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let stored = try #require(try await store.load(id))
        let journal = try await store.journal(of: id)
        #expect(!journal.isEmpty)
        return String(decoding: try encoder.encode(stored.run) + encoder.encode(journal), as: UTF8.self)
    }
}
