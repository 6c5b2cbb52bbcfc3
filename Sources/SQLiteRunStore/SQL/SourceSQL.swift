import FoundationEssentials
import GRDB

/// The statements on the table `sources`.
enum SourceSQL {
    /// Keeps a source; one kept under the same digest stays.
    static func insert(_ source: [UInt8], digest: String, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO sources (digest, source) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .execute(arguments: [digest, Data(source)])
    }

    static func fetch(digest: String, in db: Database) throws -> [UInt8]? {
        let statement = try db.cachedStatement(sql: "SELECT source FROM sources WHERE digest = ?")
        return try Data.fetchOne(statement, arguments: [digest]).map { [UInt8]($0) }
    }

    static func delete(digest: String, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM sources WHERE digest = ?").execute(arguments: [digest])
    }
}
