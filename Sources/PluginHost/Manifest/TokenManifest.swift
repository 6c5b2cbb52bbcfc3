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

        /// The header or query parameter that carries a token, with it.
        func field(with token: String) -> (name: String, value: String, isHeader: Bool) {
            switch self {
            case .bearer: ("Authorization", "Bearer \(token)", true)
            case .header(let name, let prefix): (name, prefix + token, true)
            case .query(let name): (name, token, false)
            case .cookies: ("Cookie", token, true)
            }
        }

        /// Whether a request carries a token: the one given, or any.
        func isCarrying(_ request: ProviderRequest, _ token: String? = nil) -> Bool {
            let field = field(with: token ?? "")
            guard field.isHeader else {
                let pair = PercentEncoding.form([(field.name, field.value)])
                return request.url.contains("?\(pair)") || request.url.contains("&\(pair)")
            }
            return request.headers[field.name].map { token == nil || $0 == field.value } ?? false
        }
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
    /// Says of an answer that is no 2xx whether the token is no longer good; a 401 says so without it.
    let expired: LuaFunction?

    /// What the request is called in errors and logs.
    static let purpose = "auth.request"
}
