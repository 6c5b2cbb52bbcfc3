/// Finds the lines of a table's keys in Lua source, which the loaded table no longer knows.
///
/// Reads tokens, not grammar: a table built by a function is found by the end of its path.
struct KeyLocator {
    private var lines: [String: Int] = [:]

    init(source: String) {
        var scanner = LuaScanner(source: source)
        var stack: [String] = []
        var pending: String?
        var previous: LuaScanner.Token?
        var token = scanner.next()
        while let current = token {
            let following = scanner.next()
            switch (current.text, following?.text) {
            case ("{", _):
                stack.append(pending ?? "")
                pending = nil
            case ("}", _):
                _ = stack.popLast()
                pending = nil
            case (_, "=") where current.isKey && Self.begins(previous):
                let key = current.key
                note(stack + [key], at: current.line)
                pending = key
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
                if let line = lines[prefix.dropFirst(start).joined(separator: ".")] { return line }
            }
        }
        return nil
    }

    private mutating func note(_ path: [String], at line: Int) {
        let known = path.filter { !$0.isEmpty }
        for start in known.indices {
            let key = known[start...].joined(separator: ".")
            if lines[key] == nil { lines[key] = line }
        }
    }

    private static func begins(_ token: LuaScanner.Token?) -> Bool {
        token.map { ["{", ",", ";"].contains($0.text) } ?? false
    }
}
