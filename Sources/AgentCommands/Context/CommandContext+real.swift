import Foundation
import RunCore

extension CommandContext {
    /// The real world.
    static func real() -> CommandContext {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDERR_FILENO) == 1
        let console = Console(
            output: DescriptorSink(handle: .standardOutput),
            errors: DescriptorSink(handle: .standardError),
            isTerminal: isTerminal && environment["TERM"] != "dumb",
            usesColour: isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        )
        let binary = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        return CommandContext(
            environment: environment,
            workingDirectory: FileManager.default.currentDirectoryPath,
            binaryFolder: binary.map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) },
            console: console,
            clock: SystemClock(),
            randomness: SystemRandomness(),
            network: RealNetwork(environment: environment),
            signals: ProcessSignals()
        )
    }
}
