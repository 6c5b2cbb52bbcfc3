import PluginHost
import RunCore

/// A plugin for people: settings, parameters, hosts and secrets.
enum PluginText {
    static func description(of plugin: Plugin) -> String {
        let manifest = plugin.manifest
        var lines = ["\(manifest.name) \(manifest.version): \(manifest.summary)"]
        if let homepage = manifest.homepage { lines.append("  homepage  \(homepage)") }
        lines += [
            "  file      \(plugin.file)", "  digest    \(plugin.digest)",
            "  hosts     \(manifest.hostSummary.joined(separator: ", "))",
            "  code      \(code(manifest))",
            "  secrets   \(manifest.secrets.isEmpty ? "none" : manifest.secrets.joined(separator: ", "))",
        ]
        lines += section("settings", manifest.settings) { ConnectionName.variable(manifest.name, $0.name) }
        for name in manifest.operations.keys.sorted() {
            guard let operation = manifest.operations[name] else { continue }
            let call = manifest.operations.count == 1 ? manifest.name : "\(manifest.name):\(name)"
            let target = operation.target.map { " \($0.form)" } ?? ""
            let isDefault = manifest.operations.count > 1 && name == manifest.defaultOperation ? "  (default)" : ""
            lines += ["", "agent run \(call)\(target)\(isDefault)"]
            if let summary = operation.summary { lines.append("  \(summary)") }
            if let help = operation.target?.help { lines.append("  target    \(help)") }
            lines += section("parameters", operation.params) { "--param \($0.takesRest ? "NAME" : $0.name)=…" }
        }
        for name in manifest.actions.keys.sorted() {
            guard let action = manifest.actions[name] else { continue }
            let confirmed = action.needsConfirmation ? "  (asks first)" : ""
            lines += [
                "", "agent call \(manifest.name) \(name)\(action.target.map { " \($0.form)" } ?? "")\(confirmed)",
            ]
            if let summary = action.summary { lines.append("  \(summary)") }
            if let help = action.target?.help { lines.append("  target    \(help)") }
            lines += section("parameters", action.params) { "--param \($0.takesRest ? "NAME" : $0.name)=…" }
        }
        return lines.map(TerminalText.line).joined(separator: "\n")
    }

    /// What of the plugin is code that runs.
    private static func code(_ manifest: PluginManifest) -> String {
        if manifest.operations.values.contains(where: \.isScript) { return "scripts: they decide on each request" }
        return manifest.hasFunctions ? "functions: they make requests and read answers" : "none: a table"
    }

    private static func section(
        _ title: String,
        _ schemas: [SettingSchema],
        _ usage: (SettingSchema) -> String
    ) -> [String] {
        guard !schemas.isEmpty else { return [] }
        return ["  \(title)"]
            + schemas.map { schema in
                var facts = [schema.kind == .choice ? schema.values.joined(separator: " | ") : schema.kind.rawValue]
                if schema.isRequired { facts.append("required") }
                if let fallback = schema.fallback { facts.append("default \(fallback.plainText)") }
                let help = schema.help.map { "  \($0)" } ?? ""
                return "    \(usage(schema).padded(to: 30)) (\(facts.joined(separator: ", ")))\(help)"
            }
    }
}
