/// What reads the bytes of plugins and servers, with what must hold for any bytes.
enum FuzzTarget: String, CaseIterable, Sendable {
    case headers
    case table
    case url
    case xml

    /// What the bytes break; nil if nothing.
    ///
    /// A trap ends the process.
    func broken(by bytes: [UInt8]) -> String? {
        switch self {
        case .headers: HeaderTarget.broken(by: bytes)
        case .table: TableTarget.broken(by: bytes)
        case .url: URLTarget.broken(by: bytes)
        case .xml: XMLTarget.broken(by: bytes)
        }
    }

    /// Texts that this target has a meaning for: changes put them in.
    var words: [String] {
        switch self {
        case .headers:
            [
                "attachment; filename=", "filename*=UTF-8''", "iso-8859-1'en'", "\"", "\\", ";", "=", "%2e%2e%2f",
                "%00",
                "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "-1",
                "9999999999999999999", "1e308", "nan", ".tar.gz", "../", "\u{202E}", "\u{0}", "\n",
            ]
        case .table:
            [
                #""$fn":["#, #""$null":true"#, #""$bytes":"/w==""#, "{settings.", "{+target.a?}", #""operations":{"#,
                #""request":"GET /{target}""#, #""by":"settings."#, #""xml.a[*] | json.b?""#, "[1]", "1e999", "\\u0000",
                #""hosts":["#, #""base_url":""#, #""settings":{"#, "--[==[", "]==]", "function", "end", "}", "]", ",",
            ]
        case .url:
            [
                "http://", "https://", "http+unix://%2F", "@", ":", "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1",
                "0x7f.1",
                "localhost", "%2f", "%00", "\\", "//", "..", "/./", "#", "?", "\u{3002}", "\u{FF0F}", "xn--", "%25eth0",
            ]
        case .xml:
            [
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<!DOCTYPE a [", "<!--", "-->", "<![CDATA[", "]]>", "<a>",
                "</a>", "<a/>", " a='1'", "&amp;", "&#x10FFFF;", "&#0;", "&b;", "xmlns:n='u'", "<n:a>", "\u{FEFF}",
                "<?a ?>",
            ]
        }
    }
}
