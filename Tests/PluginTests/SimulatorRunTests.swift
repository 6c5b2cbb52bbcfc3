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

    /// What came of a run.
    private struct Outcome {
        let run: Run
        let files: [String: [UInt8]]
        let store: MemoryRunStore
        let secrets: [String: Secret]
    }

    /// The plugins whose runs have files that are downloaded, and a case that has some.
    private static let downloads = [("altcraft", "success"), ("rudder", "archive-all")]

    @Test(arguments: PluginFolder.simulated)
    func runSucceedsAndKeepsItsSecrets(folder: PluginFolder) async throws {
        let outcome = try await drive(folder, "success") { $0 }
        let ended = outcome.run
        #expect(ended.state == .succeeded, "\(ended.reason ?? "no reason")")
        #expect(ended.warnings == [])
        #expect(ended.exitStatus == .success)
        for (name, secret) in outcome.secrets {
            let kept = try await everythingKept(of: ended.id, in: outcome.store)
            #expect(!kept.contains(secret.value), "the secret \(name) is in the store")
        }
    }

    @Test(arguments: downloads, DownloadFault.allCases)
    func filesArriveWholeOrNotAtAll(download: (plugin: String, name: String), fault: DownloadFault) async throws {
        let folder = try #require(PluginFolder.all.first { $0.location.name == download.plugin })
        let undisturbed = try await drive(folder, download.name) { $0 }
        #expect(!undisturbed.files.isEmpty)
        let outcome = try await drive(folder, download.name) { FaultyDownloads($0, fault) }
        // The host of `foreign` is not one of the plugin; a script's link is its own, and cannot be renewed.
        if fault == .foreign || fault == .expired && download.plugin == "rudder" {
            #expect(outcome.run.state != .succeeded)
            #expect(outcome.files == [:])
        } else {
            #expect(outcome.run.state == .succeeded, "\(outcome.run.reason ?? "no reason")")
            #expect(outcome.files == undisturbed.files)
        }
    }

    /// Drives the run of a case against the plugin's simulator.
    private func drive(
        _ folder: PluginFolder,
        _ name: String,
        over transport: (SimulatorTransport) -> any Transport
    ) async throws -> Outcome {
        let plugin = try await folder.plugin()
        let clock = VirtualClock()
        let simulator = try await Simulator(of: plugin, clock: clock)
        let connection = try simulator.connection(for: plugin, at: Self.origin)
        let store = MemoryRunStore()
        let run = try await run(of: plugin, in: folder, name, createdAt: clock.now())
        try await store.create(run)

        let operation = try #require(plugin.operation(named: run.operation))
        let provider = try await PluginProvider.make(
            plugin,
            operation: operation,
            connection: connection,
            tokens: .fetched(clock)
        )
        let artifacts = MemoryArtifactStore()
        let engine = RunEngine(
            store: store,
            artifacts: artifacts,
            clock: clock,
            randomness: SeededRandomness(seed: 1),
            observer: SilentObserver(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let ended = try await engine.drive(run.id, with: provider, over: transport(SimulatorTransport(simulator)))
        #expect(artifacts.temporaryNames == [] || ended.state == .unwatched)
        return Outcome(run: ended, files: artifacts.files, store: store, secrets: connection.secrets)
    }

    /// A run with the operation, target and parameters of a case of the plugin.
    private func run(of plugin: Plugin, in folder: PluginFolder, _ name: String, createdAt: Timestamp) async throws
        -> Run
    {
        let randomness = SeededRandomness(seed: 7)
        let key = RunKey(random: (randomness.next(), randomness.next()))
        let recorded = try PluginCase(try folder.text("cases/\(name).json"), key: key)
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
