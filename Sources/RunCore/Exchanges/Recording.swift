/// What is kept of a run's exchanges.
package struct Recording: Sendable, Hashable {
    /// What the requests were made with, when the first exchange was kept.
    package let connection: RecordedConnection
    /// In the order they were noted.
    package let exchanges: [KeptExchange]

    /// A recording from its parts.
    package init(connection: RecordedConnection, exchanges: [KeptExchange]) {
        self.connection = connection
        self.exchanges = exchanges
    }

    /// How many exchanges before `exchange` are not kept, since the kept one before it.
    package func leftOut(before exchange: KeptExchange) -> Int {
        let previous = exchanges.last { $0.number < exchange.number }?.number ?? 0
        return exchange.number - previous - 1
    }
}
