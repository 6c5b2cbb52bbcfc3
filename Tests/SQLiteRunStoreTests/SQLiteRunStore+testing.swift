import Foundation
import RunCore

@testable import SQLiteRunStore

extension SQLiteRunStore {
    /// Opens a store as a process of its own.
    convenience init(folder: String, id: String? = nil, migrations: [StoreMigration] = StoreMigration.all) throws {
        let process = ProcessIdentity(
            id: id ?? UUID().uuidString,
            pid: 4711,
            host: "db1",
            startedAt: Timestamp(milliseconds: 0)
        )
        try self.init(folder: folder, process: process, migrations: migrations)
    }
}

/// The permission bits of a file; nil if there is none.
func mode(of path: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.posixPermissions] as? NSNumber)?.intValue
}
