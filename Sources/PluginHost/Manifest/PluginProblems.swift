import RunCore

/// Collects everything that is wrong with one plugin file, so that all of it is reported at once.
final class PluginProblems {
    let file: String
    private let locator: KeyLocator
    private(set) var found: [PluginProblem] = []

    init(file: String, source: String) {
        self.file = file
        locator = KeyLocator(source: source)
    }

    /// Adds a problem about the value at `path`.
    func add(_ path: [String], _ message: String) {
        let name = path.isEmpty ? "" : "\(Self.name(of: path)): "
        found.append(PluginProblem(file: file, line: locator.line(of: path), message: name + message))
    }

    /// Where the value at `path` stands, for faults at run time.
    func place(of path: [String]) -> String {
        locator.line(of: path).map { "\(file):\($0)" } ?? file
    }

    private static func name(of path: [String]) -> String {
        path.dropFirst().reduce(path[0]) { $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
    }
}
