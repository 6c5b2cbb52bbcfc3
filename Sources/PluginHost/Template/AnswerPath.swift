import RunCore

/// Where something stands in an answer.
///
/// Written as alternatives, such as `json.data.task_id | header.x-task`: the first that finds something counts.
struct AnswerPath: Sendable, Hashable {
    /// One step into a value.
    enum Step: Sendable, Hashable {
        case key(String)
        /// Counted from 1, as in Lua.
        case index(Int)
        /// Every element, `[*]`.
        case each
    }

    /// One alternative.
    struct Route: Sendable, Hashable {
        let root: String
        let steps: [Step]
    }

    /// The path as it was written.
    let source: String
    let routes: [Route]
    /// Written with a `?` at its end: nothing found is no error.
    let isOptional: Bool

    static let roots: Set<String> = ["status", "header", "json", "xml", "body", "url"]

    /// Reads a path; nil if it is none.
    init?(_ source: String) {
        var text = source[...]
        isOptional = text.last == "?"
        if isOptional { text.removeLast() }
        var routes: [Route] = []
        for alternative in text.split(separator: "|", omittingEmptySubsequences: false) {
            guard let route = Self.route(alternative.trimmed) else { return nil }
            routes.append(route)
        }
        self.source = source
        self.routes = routes
    }

    /// The first thing found that is not null; nil if nothing is.
    ///
    /// A path with `[*]` gives one flat array.
    func value(in answer: AnswerView) -> JSONValue? {
        for route in routes {
            if let value = Self.value(of: route, in: answer) { return value }
        }
        return nil
    }

    private static func value(of route: Route, in answer: AnswerView) -> JSONValue? {
        guard let root = answer.root(route.root, steps: route.steps) else { return nil }
        let steps = route.root == "header" ? route.steps.dropFirst() : route.steps[...]
        return follow(steps, from: root, isXML: route.root == "xml")
    }

    /// Whether it leads into XML, where nothing tells one element from a list of one.
    var isXML: Bool { routes.contains { $0.root == "xml" } }

    /// Whether it leads into JSON.
    var isJSON: Bool { routes.contains { $0.root == "json" } }

    /// Follows steps from a value, as paths inside `each` do.
    static func follow(_ steps: ArraySlice<Step>, from value: JSONValue, isXML: Bool = false) -> JSONValue? {
        guard let step = steps.first else { return value == .null ? nil : value }
        let rest = steps.dropFirst()
        let elements = value.array ?? (isXML ? [value] : nil)
        switch step {
        case .key(let key): return value[key].flatMap { follow(rest, from: $0, isXML: isXML) }
        case .index(let index):
            guard let elements, elements.indices.contains(index - 1) else { return nil }
            return follow(rest, from: elements[index - 1], isXML: isXML)
        case .each:
            guard let elements else { return nil }
            let found = elements.compactMap { follow(rest, from: $0, isXML: isXML) }
            return .array(rest.contains(.each) ? found.flatMap { $0.array ?? [] } : found)
        }
    }

    private static func route(_ text: Substring) -> Route? {
        guard let all = steps(text), case .key(let root)? = all.first, roots.contains(root) else { return nil }
        let steps = Array(all.dropFirst())
        if root == "header" {
            guard steps.count == 1, case .key = steps[0] else { return nil }
        }
        return Route(root: root, steps: steps)
    }

    /// Reads `a.b[1].c`; nil for anything that is no such path.
    static func steps(_ text: Substring) -> [Step]? {
        var steps: [Step] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let key = part.prefix { $0 != "[" }
            guard !key.isEmpty, !key.contains(where: { $0 == "]" || $0.isWhitespace }) else { return nil }
            steps.append(.key(String(key)))
            var rest = part[key.endIndex...]
            while rest.first == "[" {
                guard let close = rest.firstIndex(of: "]") else { return nil }
                let inside = rest[rest.index(after: rest.startIndex)..<close]
                if inside == "*" {
                    steps.append(.each)
                } else if let index = Int(inside), index > 0 {
                    steps.append(.index(index))
                } else {
                    return nil
                }
                rest = rest[rest.index(after: close)...]
            }
            guard rest.isEmpty else { return nil }
        }
        return steps
    }
}

extension StringProtocol where SubSequence == Substring {
    /// The text without white space at its ends.
    var trimmed: Substring {
        var text = self[...].drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
