/// What came of sending a request.
package enum Transmission: Sendable, Hashable {
    case answered(ProviderResponse)
    case failed(TransportFailure)
}
