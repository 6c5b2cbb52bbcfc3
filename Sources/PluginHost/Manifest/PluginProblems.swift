import RunCore

/// Collects everything that is wrong with one plugin file, so that all of it is reported at once.
final class PluginProblems {
    let file: String
    private let locator: KeyLocator
    private var noted: [PluginProblem] = []

    /// The problems in the order of their lines, those without one last.
    var found: [PluginProblem] {
        // The sort is stable: problems of one line stay in the order they were found.
        noted.sorted { ($0.line ?? .max) < ($1.line ?? .max) }
    }

    init(file: String, source: String) {
        self.file = file
        locator = KeyLocator(source: source)
    }

    /// Adds a problem about the value at `path`.
    func add(_ path: [String], _ message: String) {
        let name = path.isEmpty ? "" : "\(Self.name(of: path)): "
        noted.append(PluginProblem(file: file, line: locator.line(of: path), message: name + message))
    }

    /// Where the value at `path` stands, for faults at run time.
    func place(of path: [String]) -> String {
        locator.line(of: path).map { "\(file):\($0)" } ?? file
    }

    private static func name(of path: [String]) -> String {
        path.dropFirst().reduce(path[0]) { $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
    }
}
