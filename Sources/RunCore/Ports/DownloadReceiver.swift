/// Takes the body of a download as it arrives.
package protocol DownloadReceiver: Sendable {
    /// Looks at status and headers; false if the body is not wanted as a file.
    func accept(_ head: ProviderResponse) async throws(ArtifactError) -> Bool

    /// Takes the next piece of the body, in order.
    func receive(_ bytes: [UInt8]) async throws(ArtifactError)
}
