import Lua
import RunCore

/// How a plugin's requests get the token they carry.
///
/// Names settings; holds no secret.
struct TokenManifest: Sendable, Hashable {
    /// Where a request carries the token.
    enum Carrier: Sendable, Hashable {
        /// `Authorization: Bearer TOKEN` (RFC 6750 section 2.1).
        case bearer
        case header(name: String, prefix: String)
        case query(name: String)
        /// As the cookies that the login gave (RFC 6265 section 5.4).
        case cookies
    }

    /// How long a token is good for.
    enum Lifetime: Sendable, Hashable {
        case fixed(Duration)
        /// Where the answer says it: seconds from now, seconds since 1970, or a time as in RFC 3339.
        case path(AnswerPath)
        /// As the token itself says, in its claim `exp` (RFC 7519 section 4.1.4).
        case claim
    }

    /// The request that gets a token; secrets may stand in its body.
    let request: RequestTemplate
    /// The credentials of that request.
    let requestAuth: AuthManifest
    /// Where the token stands in the answer; nil where its cookies are the token.
    let token: AnswerPath?
    let carrier: Carrier
    /// Nil if only a refusal tells that a token is no longer good.
    let lifetime: Lifetime?
    /// Says of an answer that is no 2xx whether the token is no longer good; nil leaves that to `errors`.
    let expired: LuaFunction?

    /// What the request is called in errors and logs.
    static let purpose = "auth.request"
}
