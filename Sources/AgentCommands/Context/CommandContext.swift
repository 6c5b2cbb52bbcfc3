import Foundation
package import RunCore

/// The world as commands see it: real in the binary, made up in tests.
package struct CommandContext: Sendable {
    /// The environment variables, the empty ones included.
    package var environment: [String: String]
    /// The absolute path that relative ones are counted from.
    package var workingDirectory: String
    /// The folder of the running binary; nil where it is not known.
    package var binaryFolder: String?
    /// The path of the running program, to start it again; nil where that cannot be done.
    package var program: String?
    /// Where results and messages go.
    package var console: Console
    /// Tells the time of runs, and waits for it.
    package var clock: any AgentClock
    /// Makes ids and keys, and varies waits.
    package var randomness: any Randomness
    /// Makes what requests go over.
    package var network: any Network
    /// Tells of Ctrl-C and SIGTERM while a run is watched.
    package var signals: any SignalSource

    /// A context from its parts; `CommandContext.real()` is the one of the binary.
    package init(
        environment: [String: String],
        workingDirectory: String,
        binaryFolder: String?,
        program: String? = nil,
        console: Console,
        clock: any AgentClock,
        randomness: any Randomness,
        network: any Network,
        signals: any SignalSource
    ) {
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.binaryFolder = binaryFolder
        self.program = program
        self.console = console
        self.clock = clock
        self.randomness = randomness
        self.network = network
        self.signals = signals
    }

    /// A variable of the environment; an empty one counts as absent.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A path the user wrote, as short as it works: relative ones stay so where this process really is.
    func short(_ path: String) -> String {
        FileManager.default.currentDirectoryPath == workingDirectory && !path.hasPrefix("~/") ? path : absolute(path)
    }

    /// An absolute path for one the user wrote.
    func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path.hasPrefix("~/"), let home = environment["HOME"] { return home + path.dropFirst() }
        return path == "." ? workingDirectory : "\(workingDirectory)/\(path)"
    }
}
