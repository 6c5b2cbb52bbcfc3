import RunCore

/// Writes a value as XML: the reverse of ``XMLReader``, with the root element in it.
enum XMLWriter {
    private static let declaration = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"

    /// The document of a value with one member, its root element; names in order.
    static func document(_ value: JSONValue) throws(XMLProblem) -> String {
        guard let members = value.object, members.count == 1, let (name, root) = members.first, !isSpecial(name) else {
            throw XMLProblem("a table with one member, the root element, is expected")
        }
        guard root.array == nil else { throw XMLProblem("\(name): the root element cannot be a list") }
        var output = declaration
        try write(root, as: name, levels: 1, to: &output)
        guard output.utf8.count <= XMLReader.largest else { throw XMLProblem("it has more than 8 MiB") }
        return output
    }

    /// One element that holds a text.
    static func element(_ name: String, _ text: String) throws(XMLProblem) -> String {
        var output = ""
        try write(.string(text), as: name, levels: 1, to: &output)
        return output
    }

    private static func write(
        _ value: JSONValue,
        as name: String,
        levels: Int,
        to output: inout String
    ) throws(XMLProblem) {
        guard XMLText.isName(name) else { throw XMLProblem("\(name.debugDescription) is no name of an element") }
        guard levels <= XMLReader.deepest else {
            throw XMLProblem("it is nested deeper than \(XMLReader.deepest) levels")
        }
        output += "<\(name)"
        let members = value.object ?? [:]
        for key in members.keys.sorted() where key.hasPrefix("@") {
            let attribute = String(key.dropFirst())
            guard XMLText.isName(attribute) else {
                throw XMLProblem("\(attribute.debugDescription) is no name of an attribute")
            }
            guard let value = members[key], value != .null else { continue }
            output += " \(attribute)=\"\(XMLText.escapedAttribute(try text(of: value, in: "\(name).\(key)")))\""
        }
        var content = ""
        try write(contentOf: value, of: name, levels: levels, to: &content)
        output += content.isEmpty ? "/>" : ">\(content)</\(name)>"
    }

    private static func write(
        contentOf value: JSONValue,
        of name: String,
        levels: Int,
        to output: inout String
    ) throws(XMLProblem) {
        guard let members = value.object else {
            if value != .null { output += XMLText.escaped(try text(of: value, in: name)) }
            return
        }
        if let text = members["#text"], text != .null {
            output += XMLText.escaped(try self.text(of: text, in: "\(name).#text"))
        }
        for key in members.keys.sorted() where !isSpecial(key) {
            guard let member = members[key] else { continue }
            for element in member.array ?? [member] {
                try write(element, as: key, levels: levels + 1, to: &output)
            }
        }
    }

    private static func text(of value: JSONValue, in place: String) throws(XMLProblem) -> String {
        guard value.array == nil, value.object == nil else {
            throw XMLProblem("\(place): a text is expected, not \(value.excerpt)")
        }
        let text = value.plainText
        guard XMLText.isWritable(text) else {
            throw XMLProblem("\(place): the text has a character that XML cannot hold")
        }
        return text
    }

    /// Whether a key stands for an attribute or the text, not for a child.
    private static func isSpecial(_ key: String) -> Bool { key.hasPrefix("@") || key == "#text" }
}
