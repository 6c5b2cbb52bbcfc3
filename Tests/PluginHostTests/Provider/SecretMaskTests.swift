import RunCore
import Testing

@testable import PluginHost

struct SecretMaskTests {
    private let mask = SecretMask(
        secrets: [
            "token": Secret("a/b \"ü\"+1"), "long": Secret("abcdef"), "part": Secret("abcd"), "pin": Secret("123"),
        ],
        pairs: ["dXNlcjpwYXNz": "user:pass"]
    )

    @Test(arguments: [
        (#"raw a/b "ü"+1."#, "raw [token]."), ("a%2Fb%20%22%C3%BC%22%2B1", "[token]"),
        ("a%2fb%20%22%c3%bc%22%2b1", "[token]"),
        ("a%2Fb+%22%C3%BC%22%2B1", "[token]"), (#"{"t":"a/b \"ü\"+1"}"#, #"{"t":"[token]"}"#),
        (#""a\/b \"ü\"+1""#, #""[token]""#), ("YS9iICLDvCIrMQ==", "[token]"),
        ("Basic dXNlcjpwYXNz", "Basic [user:pass]"),
        ("abcdef abcd abcdabcdef", "[long] [part] [part][long]"), ("abcabcd", "abc[part]"), ("pin 123", "pin 123"),
        ("nothing here", "nothing here"), ("", ""),
        (#"{"t":"a/b \"\u00fc\"+1"}"#, #"{"t":"[token]"}"#), (#"a/b \"\u00fc\"\u002b1"#, "[token]"),
        (#"a\/b \"\u00fc\"+1"#, "[token]"), ("a/b &#34;ü&#34;+1", "[token]"),
        ("xYS9iICLDvCIrMQ", "x[token]"),
    ])
    func everyFormOfSecretIsReplaced(text: String, masked: String) {
        #expect(mask.mask(text) == masked)
        #expect(mask.mask(Array(text.utf8)) == Array(masked.utf8))
    }

    @Test func bytesThatAreNoTextStay() {
        #expect(
            mask.mask([0xFF, 0x00] + Array("abcdef".utf8) + [0xFE]) == [0xFF, 0x00] + Array("[long]".utf8) + [0xFE]
        )
    }

    @Test func withoutSecretsNothingChanges() {
        let mask = SecretMask(secrets: [:])
        #expect(mask.mask("anything") == "anything")
        #expect(mask.mask([1, 2, 3]) == [1, 2, 3])
    }

    @Test func secretNeverShowsItself() {
        let secret = Secret("hunter2!")
        var output = "\(secret) \(String(reflecting: secret)) \(Mirror(reflecting: secret).children.map { "\($0)" })"
        dump(secret, to: &output)
        dump(["token": secret], to: &output)
        let connection = Connection(name: "c", settings: [:], secrets: ["token": secret])
        dump(connection, to: &output)
        output += "\(connection)" + String(reflecting: connection)
        #expect(!output.contains("hunter2"))
        #expect(output.contains("<secret>"))
    }
}
