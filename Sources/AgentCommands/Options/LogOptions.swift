import ArgumentParser
import Logging
import RunCore

/// What is logged, and where.
struct LogOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Log to standard error from this level on.", valueName: "level"))
    var logLevel: String?

    /// The command's logger: silent unless a level is asked for here or in `AGENT_LOG`.
    func logger(in context: CommandContext) throws -> Logger {
        guard let text = logLevel ?? context.environment["AGENT_LOG"] else {
            return Logger(label: "agent", factory: { _ in SwiftLogNoOpLogHandler() })
        }
        guard let level = Logger.Level(rawValue: text) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError(.usage, "bad_log_level", "'\(text)' is no log level: \(levels)")
        }
        var logger = Logger(label: "agent", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = level
        return logger
    }
}
