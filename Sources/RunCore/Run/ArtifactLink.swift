/// A file that a run offers and that is still to be fetched.
package struct ArtifactLink: Sendable, Hashable, Codable {
    /// The request that gives the file; nil when the content came inside an answer.
    package var request: ProviderRequest?
    /// The content itself, when it came inside an answer.
    package var text: String?
    /// The wished file name; else Content-Disposition or the link's last segment decides.
    package var name: String?
    /// Size in bytes, where the provider tells it.
    package var bytes: Int64?
    /// Digests as hex digits, where the provider tells them.
    package var sha256: String?
    /// MD5 as 32 hex digits, where the provider tells only that.
    package var md5: String?
    /// How many records the file holds, where the provider tells it.
    package var records: Int64?
    /// How many records all files of the run hold together, where the provider tells it.
    package var allRecords: Int64?
    /// What kind of file it is, where the plugin says it.
    package var format: ArtifactFormat?
    /// Whether the run may end well without it.
    package var isOptional: Bool
    /// Whether the link stood in an answer, so that a later answer may give a fresh one; nil where the plugin made it.
    package var isGiven: Bool?
    /// How far its fetching has come; nil before it begins.
    package var fetch: FetchState?

    /// A link from a request or from a text; what is not given is not checked after the download.
    package init(
        request: ProviderRequest? = nil,
        text: String? = nil,
        name: String? = nil,
        bytes: Int64? = nil,
        sha256: String? = nil,
        md5: String? = nil,
        records: Int64? = nil,
        format: ArtifactFormat? = nil,
        isOptional: Bool = false,
        isGiven: Bool? = nil
    ) {
        self.request = request
        self.text = text
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
        self.md5 = md5
        self.records = records
        self.format = format
        self.isOptional = isOptional
        self.isGiven = isGiven
    }
}
