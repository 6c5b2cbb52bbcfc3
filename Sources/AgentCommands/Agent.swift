package import ArgumentParser
import Foundation
import PluginHost
import RunCore

/// The root of the command line.
package struct Agent: AsyncParsableCommand {
    /// Name, help and subcommands, as the argument parser shows them.
    package static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Start runs at providers, watch them, fetch what they made",
        discussion: """
            EXAMPLES
              agent run jim 1/1
              agent run altcraft database/1 --download exports
              agent resume k3v9q2m4xz
              agent plugins list

            EXIT STATUS
              0  done; every command's help lists its own: agent run --help
            """,
        version: AgentVersion.text,
        subcommands: [
            RunCommand.self, ResumeCommand.self, CancelCommand.self, StatusCommand.self, WaitCommand.self,
            RunsCommand.self, ReplayCommand.self, CallCommand.self, TargetsCommand.self, ConnectionsCommand.self,
            PluginsCommand.self,
            SimulateCommand.self, DoctorCommand.self,
        ]
    )

    /// An empty command, which the argument parser fills.
    package init() {}

    /// Parses the process's arguments, runs the command and ends the process with its exit status.
    package static func start() async -> Never {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == [IsolatedPlugin.argument] { Foundation.exit(IsolatedPlugin.run()) }
        // A reader of our output that goes away must not end a run.
        signal(SIGPIPE, SIG_IGN)
        openStandardDescriptors()
        raiseFileLimit()
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Foundation.exit(report(error, arguments, on: CommandContext.real().console))
        }
        Foundation.exit(0)
    }

    /// Writes what the parser has to say, a help text or what is wrong with the arguments.
    ///
    /// - Returns: the status that the process ends with.
    static func report(_ error: any Error, _ arguments: [String], on console: Console) -> Int32 {
        // A command that ran has said all there is to say.
        if let status = error as? ExitCode { return status.rawValue }
        let code = exitCode(for: error)
        if code == .validationFailure, wantsJSON(arguments) {
            let usage = CommandError(.usage, "usage", message(for: error), hint: "see: agent --help")
            usage.report(as: .json, on: console)
            return code.rawValue
        }
        let text = fullMessage(for: error)
        if !text.isEmpty { code.isSuccess ? console.print(text) : console.say(text) }
        return code.rawValue
    }

    /// Whether the user asked for JSON, as far as arguments that do not parse can tell.
    private static func wantsJSON(_ arguments: [String]) -> Bool {
        arguments.contains { $0.hasPrefix("--format=json") }
            || zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1.hasPrefix("json") }
    }

    /// A process that was started without standard output must not write into the first file it opens.
    private static func openStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free descriptor is this one.
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }

    /// Many waiting runs mean many connections: take all the file descriptors that are to be had.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
