import Crypto
import Foundation
import Lua
import RunCore

/// `agent.crypto`: digests of given texts.
enum CryptoLibrary {
    static let leafs: [String: LuaLeaf] = [
        "crypto.sha256": { try LeafArguments($0).answer { hex(SHA256.hash(data: Data(try $0.text(0).utf8))) } },
        "crypto.sha1": { try LeafArguments($0).answer { hex(Insecure.SHA1.hash(data: Data(try $0.text(0).utf8))) } },
        "crypto.md5": { try LeafArguments($0).answer { hex(Insecure.MD5.hash(data: Data(try $0.text(0).utf8))) } },
    ]

    private static func hex(_ digest: some Sequence<UInt8>) -> JSONValue {
        .string(HexDigits.text(of: digest))
    }
}
