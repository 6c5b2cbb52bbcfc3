import CLua

/// A pure function of the host behind `agent.<group>.<name>`.
///
/// Takes the arguments as a JSON array, gives the result as JSON. A string that is not UTF-8 stands in both as
/// `{"$bytes": "<base64>"}`. What it throws is raised at the plugin's line; a ``LuaLeafError`` with its own text.
package typealias LuaLeaf = @Sendable ([UInt8]) throws -> [UInt8]

/// An error of a leaf whose message the plugin's author should read.
package struct LuaLeafError: Error, Sendable, Hashable {
    /// The text that is raised at the plugin's line.
    package var message: String

    /// An error with the text that the plugin's author reads.
    package init(_ message: String) {
        self.message = message
    }
}

/// The leafs of a state, by full name.
final class LeafTable: Sendable {
    private let leafs: [String: LuaLeaf]

    init(_ leafs: [String: LuaLeaf]) {
        self.leafs = leafs
    }

    /// The names as the JSON array that CLua takes.
    var names: [UInt8] {
        var text = JSONText()
        text.list(leafs.keys.sorted()) { name, text in text.string(name) }
        return text.bytes
    }

    /// The result and true, or an error's text and false.
    func call(_ name: String, _ arguments: [UInt8]) -> (bytes: [UInt8], isDone: Bool) {
        guard let leaf = leafs[name] else { return (Array("there is no \(name)".utf8), false) }
        do {
            return (try leaf(arguments), true)
        } catch let error as LuaLeafError {
            return (Array(error.message.utf8), false)
        } catch {
            return (Array("\(name): \(error)".utf8), false)
        }
    }
}
