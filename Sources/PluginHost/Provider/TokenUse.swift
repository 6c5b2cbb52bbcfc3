package import RunCore

/// Where the tokens come from that a plugin's `auth` asks for.
package enum TokenUse: Sendable {
    /// From the provider; the clock tells when they end.
    case fetched(any AgentClock)
    /// From nowhere: a recorded provider is never logged in to.
    case invented
}
