/// What two requests must have in common to share connections.
struct Route: Sendable, Hashable {
    /// What connections are used for: a long download must not keep polls waiting.
    enum Use: Sendable {
        case start
        case exchange
        case download
    }

    let use: Use
    let proxy: ProxyAddress?
    /// Whether the address that a host resolved to is checked.
    let checksPeer: Bool
}
