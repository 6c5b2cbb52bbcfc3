/// A request to a provider, without any secret in it: credentials are added just before it leaves.
package struct ProviderRequest: Sendable, Hashable, Codable {
    /// Which credentials go along.
    package enum Credentials: Sendable, Hashable, Codable {
        /// The plugin's own `auth`.
        case standard
        /// None, whatever the plugin's `auth` says.
        case none
        /// Those of a login: what is answered holds further ones, and is kept nowhere.
        case login
    }

    /// The HTTP method in upper case.
    package var method: String
    /// The absolute URL, percent-encoded.
    package var url: String
    /// The header fields, without those that carry credentials.
    package var headers: HTTPHeaders
    /// The bytes sent after the head; nil for a request without a body.
    package var body: [UInt8]? {
        get { storedBody?.wrappedValue }
        set { storedBody = newValue.map { BodyBytes(wrappedValue: $0) } }
    }
    /// Limit for the whole exchange, the answer's body included.
    package var timeout: Duration
    /// Statuses that are no error for this request.
    package var expected: Set<Int>
    /// Which credentials are added just before it leaves.
    package var credentials: Credentials
    /// What the plugin made the request for, such as `poll.request`: named in errors and exchanges.
    package var purpose: String
    private var storedBody: BodyBytes?

    /// A request that takes the plugin's credentials and 60 s unless told otherwise.
    package init(
        method: String,
        url: String,
        headers: HTTPHeaders = [:],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(60),
        expected: Set<Int> = [],
        credentials: Credentials = .standard,
        purpose: String
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        storedBody = body.map { BodyBytes(wrappedValue: $0) }
        self.timeout = timeout
        self.expected = expected
        self.credentials = credentials
        self.purpose = purpose
    }
}
