import RunCore

/// An element while its content is read.
struct XMLTree {
    /// The name as it is written, with its prefix.
    let name: String
    var text = ""
    private let attributes: [String: JSONValue]
    private var children: [String: [JSONValue]] = [:]
    private var childLevels = 0

    init(name: String, attributes: [(name: String, value: String)]) {
        self.name = name
        var own: [String: JSONValue] = [:]
        for (name, value) in attributes where name != "xmlns" && !name.hasPrefix("xmlns:") {
            let key = "@\(XMLText.localName(name))"
            // Of two that differ in their prefix, the one without counts.
            if own[key] == nil || !name.contains(":") { own[key] = .string(value) }
        }
        self.attributes = own
    }

    private var isText: Bool { children.isEmpty && attributes.isEmpty }

    /// How many tables and lists are within one another.
    var levels: Int { isText ? 0 : childLevels + 1 }

    /// The element as paths and functions see it.
    var value: JSONValue {
        guard !isText else { return .string(text) }
        var members = attributes
        for (name, values) in children { members[name] = values.count == 1 ? values[0] : .array(values) }
        let trimmed = text.trimmed
        if !trimmed.isEmpty { members["#text"] = .string(children.isEmpty ? text : String(trimmed)) }
        return .object(members)
    }

    mutating func add(_ child: XMLTree) {
        let key = XMLText.localName(child.name)
        children[key, default: []].append(child.value)
        let isList = children[key].map { $0.count > 1 } ?? false
        childLevels = max(childLevels, child.levels + (isList ? 1 : 0))
    }
}
