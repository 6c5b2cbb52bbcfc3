import Lua

/// The parts of the global `agent` that the host adds to what Lua's own side has.
enum HostLibrary {
    /// Functions by name; each takes and gives JSON and knows no run.
    static let leafs: [String: LuaLeaf] = [CryptoLibrary.leafs, TimeLibrary.leafs, XMLLibrary.leafs]
        .reduce(into: [:]) { all, leafs in all.merge(leafs) { one, _ in one } }
}
