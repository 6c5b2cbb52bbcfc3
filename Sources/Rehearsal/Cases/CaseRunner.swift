import Foundation
import Logging
package import PluginHost
package import RunCore

/// Runs a plugin's cases: the real engine, recorded answers, a virtual clock.
package struct CaseRunner: Sendable {
    /// The plugin whose `cases` folder is run.
    package let plugin: Plugin

    /// A runner for one plugin, which need not have any cases.
    package init(plugin: Plugin) {
        self.plugin = plugin
    }

    /// What came of one case.
    package struct Report: Sendable, Hashable {
        /// The file's name.
        package let name: String
        /// The case's own summary; empty if the case could not be read.
        package let summary: String
        /// What differed from what was recorded and expected; empty if nothing did.
        package let differences: [String]
    }

    /// Runs all cases of the plugin's folder, in the order of their names.
    package func runAll() async -> [Report] {
        var reports: [Report] = []
        for name in Self.names(in: plugin.folder) { reports.append(await run(name)) }
        return reports
    }

    /// The names of the case files of a plugin's folder, sorted.
    package static func names(in folder: String?) -> [String] {
        let names = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: "\($0)/cases") } ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted()
    }

    /// Runs one case of the plugin's folder.
    package func run(_ name: String) async -> Report {
        let file = "\(plugin.folder ?? ".")/cases/\(name)"
        do {
            return await run(
                String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self),
                as: name
            )
        } catch {
            return Report(name: name, summary: "", differences: ["cannot be read: \(error.localizedDescription)"])
        }
    }

    /// Runs a case given as JSON text.
    package func run(_ text: String, as name: String) async -> Report {
        let randomness = SeededRandomness(seed: 1)
        let key = RunKey(random: (randomness.next(), randomness.next()))
        do {
            let recorded = try PluginCase(text, key: key)
            let differences = try await play(recorded, key: key, randomness)
            return Report(name: name, summary: recorded.summary, differences: differences)
        } catch let problem as PluginCase.Problem {
            return Report(name: name, summary: "", differences: [problem.message])
        } catch let problems as SettingProblems {
            let texts = problems.problems.map { "\($0.name): \($0.message)" }
            return Report(name: name, summary: "", differences: texts)
        } catch let problem as SettingProblem {
            return Report(name: name, summary: "", differences: ["\(problem.name): \(problem.message)"])
        } catch let fault as PluginFault {
            return Report(name: name, summary: "", differences: [fault.summary])
        } catch {
            return Report(name: name, summary: "", differences: ["\(error)"])
        }
    }

    private func play(_ recorded: PluginCase, key: RunKey, _ randomness: SeededRandomness) async throws -> [String] {
        let connection = try plugin.connection(
            named: plugin.manifest.name,
            settings: recorded.settings,
            secrets: recorded.secrets.mapValues { Secret($0.plainText) }
        )
        let connected = try await PluginConnection.make(plugin, connection, tokens: .invented)
        let transport = RecordedTransport(recorded.steps, masking: connected)
        if recorded.action != nil || recorded.targets != nil || recorded.checks {
            let document = try await CaseCall(recorded, connected, transport, randomness).document()
            return transport.differences + Self.compare(document, with: recorded.expected)
        }
        guard let operation = plugin.operation(named: recorded.operation) else {
            return ["\(plugin.manifest.name) has no operation \(recorded.operation ?? "without a name")"]
        }
        let provider = PluginProvider(operation, on: connected)
        let clock = VirtualClock()
        var run = Run(
            id: RunID(random: randomness.next()),
            key: key,
            plugin: plugin.reference,
            operation: operation.name,
            connection: connection.name,
            target: try operation.target(recorded.target),
            params: try operation.params(fromValues: recorded.params),
            options: RunOptions(delivery: .folder("/")),
            createdAt: clock.now()
        )
        run.options.ifRunning = recorded.options["if_running"]?.string.flatMap(RunOptions.IfRunning.init)
        run.options.strict = recorded.options["strict"]?.bool ?? false
        let store = MemoryRunStore()
        try await store.create(run)
        let engine = RunEngine(
            store: store,
            artifacts: MemoryArtifactStore(),
            clock: clock,
            randomness: randomness,
            observer: SilentObserver(),
            // A case says in which order the requests come.
            transfers: Slots(1),
            logger: Logger(label: "case", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        var ended = try await engine.drive(
            run.id,
            with: provider,
            over: transport,
            goal: recorded.cancels ? .started : .end
        )
        if recorded.cancels { ended = try await engine.cancel(run.id, with: provider, over: transport).run }
        return transport.differences + Self.compare(RunDocument.json(of: ended), with: recorded.expected)
    }

    private static func compare(_ document: JSONValue, with expected: [String: JSONValue]) -> [String] {
        expected.keys.sorted().compactMap { key in
            guard let wanted = expected[key] else { return nil }
            guard let actual = document[key] else {
                let known = (document.object ?? [:]).keys
                return "expect: the document has no \(key)\(Suggestion.hint(for: key, among: known))"
            }
            return fits(actual, wanted) ? nil : "\(key) is \(actual.text), not \(wanted.text)"
        }
    }

    /// Whether a value has all that is expected of it; only artifacts may have more.
    private static func fits(_ actual: JSONValue, _ wanted: JSONValue) -> Bool {
        guard let actuals = actual.array, let wanteds = wanted.array, wanteds.contains(where: { $0.object != nil })
        else {
            return actual == wanted
        }
        return actuals.count == wanteds.count
            && zip(actuals, wanteds).allSatisfy { actual, wanted in
                (wanted.object ?? [:]).allSatisfy { actual[$0.key] == $0.value }
            }
    }
}

/// Hears nothing.
package struct SilentObserver: RunObserver {
    /// An observer for runs that nobody watches.
    package init() {}
    /// Lets the change pass.
    package func run(_ run: Run, did change: RunChange) {}
}
