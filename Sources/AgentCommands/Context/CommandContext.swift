import Foundation
package import RunCore

/// The world as commands see it: real in the binary, made up in tests.
package struct CommandContext: Sendable {
    package var environment: [String: String]
    package var workingDirectory: String
    /// The folder of the running binary; nil where it is not known.
    package var binaryFolder: String?
    package var console: Console
    package var clock: any AgentClock
    package var randomness: any Randomness
    /// Makes what requests go over.
    package var network: any Network
    /// Tells of Ctrl-C and SIGTERM while a run is watched.
    package var signals: any SignalSource

    package init(
        environment: [String: String],
        workingDirectory: String,
        binaryFolder: String?,
        console: Console,
        clock: any AgentClock,
        randomness: any Randomness,
        network: any Network,
        signals: any SignalSource
    ) {
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.binaryFolder = binaryFolder
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
