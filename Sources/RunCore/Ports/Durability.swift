/// How firmly a change must be written before the engine goes on.
package enum Durability: Sendable {
    /// May be lost in a power cut, never in a crash of the process.
    case ordinary
    /// Outlives a power cut: intents, outcomes and ends.
    case durable
}
