import RunCore

/// Reads XML into the values that paths and functions look at.
///
/// The root element is the value itself. An element without attributes and children is its text; else it is an
/// object of its children by name, its attributes as `@name`, and its text as `#text`. A repeated child is an array.
enum XMLReader {
    /// Bytes of a document, at most.
    static let largest = 8 << 20
    /// Elements within one another, and levels of the value, at most.
    static let deepest = 100

    static func read(_ bytes: [UInt8]) throws(XMLProblem) -> JSONValue {
        guard bytes.count <= largest else { throw XMLProblem("it has more than 8 MiB") }
        var scanner = try XMLScanner(bytes)
        var open: [XMLTree] = []
        var root: JSONValue?
        while let piece = try scanner.next() {
            switch piece {
            case .text(let text):
                if !open.isEmpty {
                    open[open.count - 1].text += text
                } else if !text.allSatisfy(\.isWhitespace) {
                    throw root == nil ? XMLProblem("there is no element") : scanner.flaw
                }
            case .start(let name, let attributes, let isEmpty):
                guard root == nil else { throw scanner.flaw }
                guard open.count < deepest else { throw tooDeep }
                open.append(XMLTree(name: name, attributes: attributes))
                if isEmpty { root = try close(&open) }
            case .end(let name):
                guard open.last?.name == name else { throw scanner.flaw }
                root = try close(&open)
            }
        }
        guard let root else { throw XMLProblem(open.isEmpty ? "there is no element" : "it ends too early") }
        return root
    }

    /// Puts the innermost element into the one around it; its value if there is none.
    private static func close(_ open: inout [XMLTree]) throws(XMLProblem) -> JSONValue? {
        guard let element = open.popLast() else { return nil }
        guard element.levels <= deepest else { throw tooDeep }
        guard !open.isEmpty else { return element.value }
        open[open.count - 1].add(element)
        return nil
    }

    private static var tooDeep: XMLProblem { XMLProblem("it is nested deeper than \(deepest) levels") }
}
