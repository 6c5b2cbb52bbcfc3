import ArgumentParser
import Lua
import RunCore

/// A command of the agent: what it does stands in `run(in:)`, which tests call with a world of their own.
protocol AgentCommand: AsyncParsableCommand {
    /// How errors are written.
    var errorFormat: OutputFormat { get }

    func run(in context: CommandContext) async throws -> ExitStatus
}

extension AgentCommand {
    var errorFormat: OutputFormat { .text }

    mutating func run() async throws {
        let context = CommandContext.real()
        var status = await execute(in: context)
        if let failure = context.console.output.failure {
            context.console.say("error: the result could not be written to standard output: \(failure)")
            if status == .success { status = .internalFault }
        }
        if !Watchdog.shared.isHealthy {
            context.console.say(
                "warning: several calls into plugins hung and were given up, each with a thread of its own"
            )
        }
        if status != .success { throw ExitCode(status.rawValue) }
    }

    /// Runs the command and reports an error in its format.
    func execute(in context: CommandContext) async -> ExitStatus {
        do {
            return try await run(in: context)
        } catch {
            let known = CommandError(error) ?? CommandError(.internalFault, "internal", "\(error)")
            known.report(as: errorFormat, on: context.console)
            return known.status
        }
    }
}

extension CommandError {
    /// Writes the error: JSON to standard output, text to standard error.
    func report(as format: OutputFormat, on console: Console) {
        switch format {
        case .json, .jsonl: console.print(json.text)
        case .text:
            console.say("error: \(message)")
            if let hint { console.say("  \(hint)") }
        }
    }
}
