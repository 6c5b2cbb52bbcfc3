/// Fails a connection to an address that the plugin may not reach, before any byte of a request.
struct PeerRefused: Error {
    /// What the address belongs to.
    let restriction: String
}
