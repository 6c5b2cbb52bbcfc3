package import RunCore

import FoundationEssentials
import Glibc

/// Which process drives runs of a store: an id never used again, and what a person needs to find the process.
package struct ProcessIdentity: Sendable, Hashable, Codable {
    /// A UUID in lower case.
    package let id: String
    /// The system's process id, which is used again after the process ended.
    package let pid: Int32
    /// Name of the machine, as the system gives it.
    package let host: String
    /// When the process opened the store.
    package let startedAt: Timestamp

    /// Describes this process under a new id.
    ///
    /// - Parameter startedAt: only shown, never compared.
    package init(startedAt: Timestamp) {
        self.init(
            id: UUID().uuidString.lowercased(),
            pid: getpid(),
            host: ProcessInfo.processInfo.hostName,
            startedAt: startedAt
        )
    }

    /// An identity from its parts, for one that was read from a file.
    package init(id: String, pid: Int32, host: String, startedAt: Timestamp) {
        self.id = id
        self.pid = pid
        self.host = host
        self.startedAt = startedAt
    }

    /// The process in words, like `process 4711 on db1, since 2026-11-21T08:00:00.000Z`.
    package var summary: String { "process \(pid) on \(host), since \(startedAt.rfc3339)" }

    private enum CodingKeys: String, CodingKey {
        case id, pid, host
        case startedAt = "started_at"
    }
}
