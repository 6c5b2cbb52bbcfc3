import NIOCore

/// An IPv4 or IPv6 address, to be told from those of the public internet.
package struct IPAddress: Sendable, Hashable {
    /// 4 or 16 bytes, the most significant first; an IPv6 address that stands for an IPv4 address has 16.
    package let bytes: [UInt8]

    /// Reads an address in its canonical notation; nil for anything else, so for a host name.
    package init?(_ text: String) {
        guard let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    /// The address a socket is connected to; nil of a Unix socket.
    init?(_ address: SocketAddress) {
        // Where sockaddr_in and sockaddr_in6 hold the address.
        let place: Range<Int>
        switch address {
        case .v4: place = 4..<8
        case .v6: place = 8..<24
        case .unixDomainSocket: return nil
        }
        bytes = unsafe address.withSockAddr { pointer, size in
            unsafe Array(UnsafeRawBufferPointer(start: pointer, count: size)[place])
        }
    }

    /// What an address belongs to that is not part of the public internet, such as `loopback`; nil of a public one.
    package var restriction: String? {
        if bytes.count == 4 { return Self.restriction(ofV4: bytes) }
        if let embedded = embeddedV4 { return Self.restriction(ofV4: embedded) }
        return Self.v6Ranges.first { $0.contains(bytes) }?.name
    }

    /// The IPv4 address that a mapped, compatible, translated, NAT64 or 6to4 address leads to.
    private var embeddedV4: [UInt8]? {
        let head = Array(bytes.prefix(12))
        let zeros = [UInt8](repeating: 0, count: 10)
        if head == zeros + [0xff, 0xff] { return Array(bytes.suffix(4)) }
        if head == zeros.prefix(8) + [0xff, 0xff, 0, 0] { return Array(bytes.suffix(4)) }
        if head == [0x00, 0x64, 0xff, 0x9b] + zeros.prefix(8) { return Array(bytes.suffix(4)) }
        if bytes.starts(with: [0x20, 0x02]) { return Array(bytes[2..<6]) }
        let isCompatible = head == zeros + [0, 0] && bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) } > 1
        return isCompatible ? Array(bytes.suffix(4)) : nil
    }

    private static func restriction(ofV4 bytes: [UInt8]) -> String? {
        v4Ranges.first { $0.contains(bytes) }?.name
    }

    /// Addresses that share their first bits.
    private struct Block {
        let prefix: [UInt8]
        let bits: Int
        let name: String

        func contains(_ bytes: [UInt8]) -> Bool {
            (0..<bits).allSatisfy { bit in
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                let wanted = bit / 8 < prefix.count ? prefix[bit / 8] : 0
                return bytes[bit / 8] & mask == wanted & mask
            }
        }
    }

    private static let v4Ranges = [
        Block(prefix: [127], bits: 8, name: "loopback"),
        Block(prefix: [10], bits: 8, name: "private"),
        Block(prefix: [172, 16], bits: 12, name: "private"),
        Block(prefix: [192, 168], bits: 16, name: "private"),
        Block(prefix: [169, 254], bits: 16, name: "link-local"),
        Block(prefix: [100, 64], bits: 10, name: "shared"),
        Block(prefix: [0], bits: 8, name: "unspecified"),
        Block(prefix: [192, 0, 0], bits: 24, name: "reserved"),
        Block(prefix: [198, 18], bits: 15, name: "benchmarking"),
        Block(prefix: [224], bits: 4, name: "multicast"),
        Block(prefix: [240], bits: 4, name: "reserved"),
    ]

    private static let v6Ranges = [
        Block(prefix: [UInt8](repeating: 0, count: 15) + [1], bits: 128, name: "loopback"),
        Block(prefix: [], bits: 128, name: "unspecified"),
        Block(prefix: [0xfc], bits: 7, name: "private"),
        Block(prefix: [0xfe, 0x80], bits: 10, name: "link-local"),
        Block(prefix: [0xfe, 0xc0], bits: 10, name: "private"),
        Block(prefix: [0xff], bits: 8, name: "multicast"),
        Block(prefix: [0x00, 0x64, 0xff, 0x9b, 0x00, 0x01], bits: 48, name: "private"),
        Block(prefix: [0x20, 0x01, 0x00, 0x00], bits: 32, name: "tunnelled"),
    ]
}
