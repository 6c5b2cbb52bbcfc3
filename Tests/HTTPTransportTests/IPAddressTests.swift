import HTTPTransport
import Testing

/// Which addresses belong to the public internet.
struct IPAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"), ("10.0.0.1", "private"),
        ("172.16.0.1", "private"), ("172.31.255.255", "private"), ("192.168.1.1", "private"),
        ("169.254.169.254", "link-local"), ("100.64.0.1", "shared"), ("0.0.0.0", "unspecified"),
        ("198.19.255.255", "benchmarking"), ("224.0.0.1", "multicast"), ("239.255.255.255", "multicast"),
        ("255.255.255.255", "reserved"), ("192.0.0.8", "reserved"),
        ("::1", "loopback"), ("::", "unspecified"), ("fe80::1", "link-local"), ("febf::1", "link-local"),
        ("fec0::1", "private"), ("fd00::1", "private"), ("fc00::1", "private"), ("ff02::1", "multicast"),
        ("::ffff:127.0.0.1", "loopback"), ("::ffff:10.1.2.3", "private"), ("::127.0.0.1", "loopback"),
        ("64:ff9b::169.254.169.254", "link-local"), ("::ffff:0:10.1.2.3", "private"), ("64:ff9b:1::1", "private"),
        ("2002:7f00:1::", "loopback"),
        ("2001:0:1::1", "tunnelled"),
    ])
    func addressesOfNoPublicHostAreTold(_ text: String, _ restriction: String) throws {
        #expect(try #require(IPAddress(text)).restriction == restriction)
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.0.1", "100.63.255.255",
        "100.128.0.0", "126.0.0.1", "128.0.0.1", "223.255.255.255", "169.253.0.1", "198.17.0.1", "198.20.0.1",
        "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::", "fbff::1", "2001:4860::8888",
    ])
    func publicAddressesAreFree(_ text: String) throws {
        #expect(try #require(IPAddress(text)).restriction == nil)
    }

    @Test(arguments: ["localhost", "127.1", "0x7f.0.0.1", "1.2.3", "1.2.3.4.5", "[::1]", "", "fe80::1%eth0x"])
    func otherTextsAreNoAddress(_ text: String) {
        #expect(IPAddress(text) == nil)
    }
}
