import Lua
import RunCore

/// One value of a plugin's table with the path it stands at.
///
/// Reading it notes problems instead of throwing, so that one look finds them all.
struct ManifestNode {
    let value: JSONValue
    let path: [String]
    let problems: PluginProblems
    /// Whether texts are taken as they are: values that a script made are never filled again.
    var isLiteral = false

    func report(_ message: String) {
        problems.add(path, message)
    }

    /// Where the value stands, for faults at run time.
    var place: String { problems.place(of: path) }

    /// The member `key`; nil if it is absent.
    subscript(key: String) -> ManifestNode? {
        value[key].map { ManifestNode(value: $0, path: path + [key], problems: problems, isLiteral: isLiteral) }
    }

    /// The members of a table, sorted by key.
    var members: [(key: String, node: ManifestNode)] {
        (value.object ?? [:]).keys.sorted().compactMap { key in self[key].map { (key, $0) } }
    }

    /// The elements of a list.
    var elements: [ManifestNode] {
        (value.array ?? []).enumerated().map {
            ManifestNode(
                value: $0.element,
                path: path + ["[\($0.offset + 1)]"],
                problems: problems,
                isLiteral: isLiteral
            )
        }
    }

    /// The function that stands here; nil if it is no function.
    var function: LuaFunction? {
        guard let keys = value["$fn"]?.array else { return nil }
        let path = keys.compactMap { key -> LuaKey? in
            switch key {
            case .string(let name): .name(name)
            case .integer(let index): .index(Int(index))
            default: nil
            }
        }
        return LuaFunction(module: PluginHost.module, path: path)
    }

    var isFunction: Bool { value["$fn"] != nil }

    /// Notes every key that is not one of `known`.
    func expectKeys(_ known: [String]) {
        for (key, node) in members where !known.contains(key) {
            node.report("unknown key\(Suggestion.hint(for: key, among: known))")
        }
    }

    /// Notes a problem unless the value is a table with keys.
    func expectTable() -> Bool {
        if value.object != nil, !isFunction { return true }
        report("a table is expected, this is \(kind)")
        return false
    }

    /// The elements of the list `key`; anything but a list is a problem.
    func list(_ key: String) -> [ManifestNode] {
        guard let node = self[key] else { return [] }
        if node.value.array == nil, node.value != [:] { node.report("a list is expected, this is \(node.kind)") }
        return node.elements
    }

    /// The words of the list `key`; any other than the known ones is a problem.
    func words(_ key: String, among known: [String]) -> [String] {
        list(key).compactMap { node in
            if let word = node.value.string, known.contains(word) { return word }
            let hint = Suggestion.hint(for: node.value.plainText, among: known)
            node.report("\(node.value.text) is none of \(known.joined(separator: ", "))\(hint)")
            return nil
        }
    }

    /// The HTTP statuses of the list `key`.
    func statuses(_ key: String) -> Set<Int> {
        Set(
            list(key).compactMap { node in
                if let status = node.value.int, 100..<600 ~= status { return status }
                node.report("a status such as 404 is expected, this is \(node.value.text)")
                return nil
            }
        )
    }

    /// The members of the table `key`; anything but a table is a problem.
    func table(_ key: String) -> [(key: String, node: ManifestNode)] {
        guard let node = self[key], node.expectTable() else { return [] }
        return node.members
    }

    /// The members of the table `key` by words of a provider, `1` for `[1]`: Lua tells no list from such a table.
    func wordTable(_ key: String) -> [(word: String, node: ManifestNode)] {
        guard let node = self[key] else { return [] }
        if node.value.array != nil { return node.elements.enumerated().map { ("\($0.offset + 1)", $0.element) } }
        guard node.expectTable() else { return [] }
        return node.members.map { key, node in
            let inside = key.hasPrefix("[") && key.hasSuffix("]") ? String(key.dropFirst().dropLast()) : key
            return (Int64(inside) == nil ? key : inside, node)
        }
    }

    /// Notes every function in a value that goes into a request as it is.
    func refuseFunctions() {
        if isFunction {
            report("a function cannot stand here: make the whole request a function")
        } else {
            for node in members.map(\.node) + elements { node.refuseFunctions() }
        }
    }

    func text(_ key: String) -> String? {
        guard let node = self[key] else { return nil }
        guard let text = node.value.string else {
            node.report("a text is expected, this is \(node.kind)")
            return nil
        }
        return text
    }

    func requiredText(_ key: String) -> String {
        if self[key] == nil { problems.add(path, "the key \(key) is missing") }
        return text(key) ?? ""
    }

    func flag(_ key: String) -> Bool {
        guard let node = self[key] else { return false }
        guard let flag = node.value.bool else {
            node.report("true or false is expected, this is \(node.kind)")
            return false
        }
        return flag
    }

    func number(_ key: String) -> Double? {
        guard let node = self[key] else { return nil }
        guard let number = node.value.double else {
            node.report("a number is expected, this is \(node.kind)")
            return nil
        }
        return number
    }

    func duration(_ key: String) -> Duration? {
        guard let node = self[key] else { return nil }
        if let seconds = node.value.double, seconds >= 0 { return Duration(clampedSeconds: seconds) }
        if let duration = node.value.string.flatMap(Duration.init(text:)) { return duration }
        node.report("a duration such as \"10s\" is expected, this is \(node.value.text)")
        return nil
    }

    func template(_ key: String) -> Template? {
        text(key).map(Template.init)
    }

    /// An answer path; a text that is none is a problem.
    func answerPath() -> AnswerPath? {
        guard let text = value.string else {
            report("a path such as \"json.id\" is expected, this is \(kind)")
            return nil
        }
        guard let path = AnswerPath(text) else {
            let roots = AnswerPath.roots.sorted().joined(separator: ", ")
            report("\"\(text)\" is no path: it begins with one of \(roots), as in \"json.data.id\"")
            return nil
        }
        return path
    }

    /// What kind of value this is, for messages.
    var kind: String {
        if isFunction { return "a function" }
        return switch value {
        case .null: "nil"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "a table"
        }
    }
}
