/// Finds the lines of a table's keys in Lua source, which the loaded table no longer knows.
///
/// Reads tokens, not grammar: a table built by a function is found by the end of its path.
struct KeyLocator {
    /// What the scanner stands in.
    private enum Frame: Equatable {
        /// A table, under the key or variable it is given to; empty if there is none.
        case table(String)
        /// A body of statements.
        case block
    }

    /// The first line of each path, and of each end of one.
    private var lines: [String: Int] = [:]
    /// Single keys that stand in several places.
    private var ambiguous: Set<String> = []

    private static let opening: Set<String> = ["function", "do", "if", "repeat"]
    private static let closing: Set<String> = ["end", "until"]

    init(source: String) {
        var scanner = LuaScanner(source: source)
        var stack: [Frame] = []
        var pending: String?
        var previous: LuaScanner.Token?
        var token = scanner.next()
        while let current = token {
            let following = scanner.next()
            switch (current.text, following?.text) {
            case ("{", _):
                stack.append(.table(pending ?? ""))
                pending = nil
            case (let text, _) where text == "}" || Self.closing.contains(text):
                _ = stack.popLast()
                pending = nil
            case (let text, _) where Self.opening.contains(text):
                stack.append(.block)
                pending = nil
            case (_, "=") where current.isKey:
                // Else it is a variable, under whose name the keys of its table are noted.
                if Self.begins(previous), case .table? = stack.last {
                    note(Self.path(stack) + [current.key], at: current.line)
                }
                pending = current.key
            case (",", _), (";", _): pending = nil
            default: break
            }
            previous = current
            token = following
        }
    }

    /// The line of a key; of the nearest enclosing one where it has none of its own.
    func line(of path: [String]) -> Int? {
        for length in stride(from: path.count, to: 0, by: -1) {
            let prefix = path.prefix(length)
            for start in 0..<length {
                let end = prefix.dropFirst(start)
                if start > 0, end.count == 1, let key = end.first, ambiguous.contains(key) { continue }
                if let line = lines[end.joined(separator: ".")] { return line }
            }
        }
        return nil
    }

    private mutating func note(_ path: [String], at line: Int) {
        for start in path.indices {
            let key = path[start...].joined(separator: ".")
            if lines[key] == nil {
                lines[key] = line
            } else if start == path.count - 1 {
                ambiguous.insert(key)
            }
        }
    }

    /// The keys of the tables around, out to the body of statements they stand in.
    private static func path(_ stack: [Frame]) -> [String] {
        let tables = stack[((stack.lastIndex(of: .block) ?? -1) + 1)...]
        return tables.compactMap { if case .table(let key) = $0, !key.isEmpty { key } else { nil } }
    }

    private static func begins(_ token: LuaScanner.Token?) -> Bool {
        token.map { ["{", ",", ";"].contains($0.text) } ?? false
    }
}
