import AgentTesting
import ArgumentParser
import Foundation
import Rehearsal
import RunCore
import SQLiteRunStore
import Testing

@testable import AgentCommands

/// A made-up world for commands: real are only the store and the files of the test's scratch folder.
struct World: Sendable {
    /// What the simulators take for the credentials of a user.
    static let secrets = ["jim_test", "0123456789abcdef0123456789abcdef", "test-token"]

    /// The repository's own plugins.
    static let plugins = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "plugins").path

    var environment: [String: String]
    var workingDirectory: String
    var isTerminal = false
    var usesColour = false
    /// What a person says to each question; nil where nobody can be asked.
    var answer: String?
    var network: any Network
    let folder: String
    let clock: VirtualClock
    let randomness = SeededRandomness(seed: 7)
    let signals = ManualSignals()
    /// All that commands ever wrote here.
    let transcript = Capture()

    init(network: any Network, clock: VirtualClock) throws {
        self.network = network
        self.clock = clock
        folder = ScratchFolder.path
        workingDirectory = "\(folder)/work"
        try FileManager.default.createDirectory(atPath: workingDirectory, withIntermediateDirectories: true)
        environment = [
            "AGENT_HOME": "\(folder)/state", "HOME": "\(folder)/home", "PATH": "/usr/bin:/bin",
            "AGENT_PLUGINS": Self.plugins, "AGENT_JIM_URL": "https://jim.test", "AGENT_JIM_API_KEY": Self.secrets[0],
            "AGENT_ALTCRAFT_TOKEN": Self.secrets[1], "AGENT_RUDDERSTACK_PROFILES_TOKEN": Self.secrets[2],
        ]
    }

    /// The same world with other variables; nil takes one away.
    func setting(_ variables: [String: String?]) -> World {
        var world = self
        for (name, value) in variables { world.environment[name] = value }
        return world
    }

    /// Runs the command that the words stand for, as the binary would.
    func agent(_ words: String...) async -> Outcome { await agent(words) }

    func agent(_ words: [String]) async -> Outcome {
        let output = Capture(also: transcript), errors = Capture(also: transcript)
        let file = "\(folder)/standard-output"
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        let handle = FileHandle(forWritingAtPath: file)
        let console = Console(
            output: output,
            errors: errors,
            isTerminal: isTerminal,
            usesColour: usesColour,
            descriptor: handle?.fileDescriptor ?? -1,
            ask: person(errors)
        )
        let status: Int32
        do {
            let parsed = try Agent.parseAsRoot(words)
            if let command = parsed as? any AgentCommand {
                status = await command.execute(in: context(console)).rawValue
            } else {
                var group = parsed
                try group.run()
                status = 0
            }
        } catch {
            status = Agent.report(error, words, on: console)
        }
        let bytes = FileManager.default.contents(atPath: file) ?? Data()
        return Outcome(status: status, output: output.text, errors: errors.text, bytes: Array(bytes), world: self)
    }

    /// Shows questions as the binary does, and answers them; nil where nobody can be asked.
    private func person(_ errors: Capture) -> (@Sendable (String) -> String)? {
        guard let answer else { return nil }
        return { question in
            errors.write(question)
            return answer
        }
    }

    /// The store, opened as a process of its own.
    func store() throws -> SQLiteRunStore {
        try SQLiteRunStore(folder: "\(folder)/state", process: ProcessIdentity(startedAt: clock.now()))
    }

    /// Whether any command made a store.
    var hasStore: Bool { SQLiteRunStore.exists(in: "\(folder)/state") }

    private func context(_ console: Console) -> CommandContext {
        CommandContext(
            environment: environment,
            workingDirectory: workingDirectory,
            binaryFolder: nil,
            console: console,
            clock: clock,
            randomness: randomness,
            network: network,
            signals: signals
        )
    }
}

/// A world without a network; at its end no secret may show anywhere.
func withWorld(_ body: (World) async throws -> Void) async throws {
    let world = try World(network: NoNetwork(), clock: VirtualClock())
    try await body(world)
    try world.expectNoSecrets()
}

/// A world whose providers are the plugins' own simulators; at its end no secret may show anywhere.
///
/// The options are the simulators' own.
func withSimulators(
    _ options: [String: JSONValue] = [:],
    clock: VirtualClock = VirtualClock(),
    _ body: (World, SimulatedNetwork) async throws -> Void
) async throws {
    let network = SimulatedNetwork(options: options, folder: ScratchFolder.path, clock: clock)
    let world = try World(network: network, clock: clock)
    try await body(world, network)
    try world.expectNoSecrets()
}

extension World {
    /// Looks for the secrets in all that was written, and in the store's files.
    fileprivate func expectNoSecrets() throws {
        for secret in Self.secrets {
            #expect(!transcript.text.contains(secret), "a command wrote the secret \(secret)")
        }
        let state = "\(folder)/state"
        let names = FileManager.default.enumerator(atPath: state)?.allObjects.compactMap { $0 as? String } ?? []
        for name in names {
            guard let data = FileManager.default.contents(atPath: "\(state)/\(name)") else { continue }
            for secret in Self.secrets {
                #expect(data.range(of: Data(secret.utf8)) == nil, "\(name) holds the secret \(secret)")
            }
        }
    }
}
