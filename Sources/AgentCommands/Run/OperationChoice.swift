import PluginHost
import RunCore

/// Which operation of a plugin is meant, and what is left of the target.
struct OperationChoice {
    let operation: OperationManifest
    let target: String?

    /// Chooses: a target that begins with an operation's name and a slash names it, unless `name` does.
    init(_ plugin: Plugin, named name: String?, target: String?) throws {
        let names = plugin.manifest.operations.keys.sorted()
        var name = name
        var target = target
        if names.count > 1, let text = target, let slash = text.firstIndex(of: "/") {
            let prefix = String(text[..<slash])
            if names.contains(prefix), name == nil || name == prefix {
                name = prefix
                target = String(text[text.index(after: slash)...])
            }
        }
        guard let operation = plugin.operation(named: name) else {
            let what =
                name.map { "no operation \($0)\(Suggestion.hint(for: $0, among: names))" } ?? "several operations"
            throw CommandError(
                .usage,
                "unknown_operation",
                "\(plugin.manifest.name) has \(what); operations are \(names.joined(separator: ", "))",
                hint: "name one as \(plugin.manifest.name):\(names.first ?? "")"
            )
        }
        self.operation = operation
        self.target = target
    }
}
