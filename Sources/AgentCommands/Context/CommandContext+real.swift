import Foundation
import RunCore

extension CommandContext {
    /// Columns of the terminal that standard error goes to.
    private static func terminalWidth() -> Int? {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Asks on standard error; an end of the input is no answer.
    @Sendable
    private static func askPerson(_ question: String) -> String {
        FileHandle.standardError.write(Data(question.utf8))
        return readLine() ?? ""
    }

    /// The real world.
    static func real() -> CommandContext {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDERR_FILENO) == 1
        let console = Console(
            output: DescriptorSink(handle: .standardOutput),
            errors: DescriptorSink(handle: .standardError),
            isTerminal: isTerminal && environment["TERM"] != "dumb",
            usesColour: isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR", default: ""].isEmpty
                && environment["TERM"] != "dumb",
            width: terminalWidth,
            ask: isTerminal && isatty(STDIN_FILENO) == 1 ? askPerson : nil
        )
        let binary = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        return CommandContext(
            environment: environment,
            workingDirectory: FileManager.default.currentDirectoryPath,
            binaryFolder: binary.map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) },
            program: "/proc/self/exe",
            console: console,
            clock: SystemClock(),
            randomness: SystemRandomness(),
            network: RealNetwork(environment: environment),
            signals: ProcessSignals()
        )
    }
}
