/// Puts an element into a document without changing the rest of it.
enum XMLElementInsertion {
    /// The document with `element` as the first one within its root element.
    static func inserting(_ element: String, into document: [UInt8]) throws(XMLProblem) -> [UInt8] {
        // What is not well-formed has no place where an element could stand.
        _ = try XMLReader.read(document)
        var scanner = try XMLScanner(document)
        while let piece = try scanner.next() {
            guard case .start(let name, _, let isEmpty) = piece else { continue }
            let (before, after) = (document[..<scanner.position], document[scanner.position...])
            guard isEmpty else { return Array(before) + Array(element.utf8) + after }
            return Array(before.dropLast(2)) + Array(">\(element)</\(name)>".utf8) + after
        }
        throw XMLProblem("there is no element")
    }
}
