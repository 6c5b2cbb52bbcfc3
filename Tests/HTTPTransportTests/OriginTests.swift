import HTTPTransport
import Testing

/// What is read from a URL, and which URLs are refused.
struct OriginTests {
    @Test(arguments: [
        ("http://Example.COM/a", Origin(scheme: "http", host: "example.com", port: 80)),
        ("HTTPS://example.com", Origin(scheme: "https", host: "example.com", port: 443)),
        ("https://example.com:8443?x=1", Origin(scheme: "https", host: "example.com", port: 8443)),
        ("http://[::1]:81/", Origin(scheme: "http", host: "::1", port: 81)),
        ("http://[::1]/", Origin(scheme: "http", host: "::1", port: 80)),
        ("http://h#frag", Origin(scheme: "http", host: "h", port: 80)),
        ("http+unix://%2Frun%2Fa.sock/x", Origin(scheme: "http+unix", host: "/run/a.sock", port: 0)),
    ])
    func originIsSchemeHostAndPort(_ url: String, _ origin: Origin) throws {
        #expect(try Origin(url: url) == origin)
    }

    @Test(arguments: [
        "example.com/a", "ftp://h/", "http://", "http:///a", "http://:80/", "http://user@h/", "http://user:pw@h/",
        "http://h:0/", "http://h:65536/", "http://h:/", "http://h:8a/", "http://h:+80/", "http://h%2f.evil/",
        "http://a b/", "http://h/a b", "http://h/\u{e9}", "http://h/a\\b", "http://h\\@evil/", "http://h/%2",
        "http://h/%zz", "http://h/\r\nX: y", "http://h/a[0]", "http://[::1/", "http://[1.2.3.4]/", "http://h/?a|b",
        "http://h/#a#b", "http://h/%ff", "http://h/%c3", "http+unix://run/x", "http+unix:///run/x",
    ])
    func urlsThatParsersMayReadDifferentlyAreRefused(_ url: String) {
        #expect(throws: RequestURLError.self) { try Origin(url: url) }
    }

    @Test(arguments: [
        ("http://h:80/", "http://h"), ("https://h:443/", "https://h"), ("https://h:80/", "https://h:80"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ])
    func usualPortsAreNotWritten(_ url: String, _ text: String) throws {
        #expect(try Origin(url: url).description == text)
    }
}
