import PluginHost
import RunCore
import Synchronization

/// What keeps the connections of a process to their budgets, shared by all their runs.
final class SharedPacers: Sendable {
    private let holds: any ConnectionHolds
    private let pacers = Mutex<[String: RequestPacer]>([:])

    /// Pacers that keep to what other processes noted in `holds`, too.
    init(holds: any ConnectionHolds) {
        self.holds = holds
    }

    /// The pacer of a connection, whichever plugin its runs started with.
    func pacer(of connection: Connection, _ plugin: Plugin, _ host: HostSettings) -> RequestPacer {
        pacers.withLock { pacers in
            let pace = host.pace(of: plugin)
            let pacer =
                pacers[connection.name]
                ?? RequestPacer(connection: connection.name, requestsPerSecond: pace, holds: holds)
            pacers[connection.name] = pacer
            return pacer
        }
    }
}
