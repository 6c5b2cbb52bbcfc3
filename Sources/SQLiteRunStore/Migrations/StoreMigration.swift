import GRDB

/// One numbered step of the store's layout.
///
/// Never edited once it was released: a later one changes what it made.
struct StoreMigration: Sendable {
    /// Counts the steps, from 1; the store's version is the highest one applied.
    let number: Int
    let apply: @Sendable (Database) throws -> Void

    init(_ number: Int, apply: @escaping @Sendable (Database) throws -> Void) {
        self.number = number
        self.apply = apply
    }

    /// All steps, in their order.
    static let all: [StoreMigration] = [.firstTables, .cancellations, .exchanges, .fleet]

    /// The number as it is kept in the store.
    var identifier: String { String(number) }
}
