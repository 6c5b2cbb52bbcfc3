/// What a fake provider does with a new connection.
package enum FakeProviderGreeting: Sendable {
    /// It reads requests and answers them.
    case serve
    /// It replies before it has read anything.
    case atOnce(FakeProviderReply)
    /// It replies to the first bytes, whatever they are.
    case afterFirstBytes(FakeProviderReply)
}
