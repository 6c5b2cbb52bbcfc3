import PluginHost
import RunCore

/// What a user sets to talk to a simulator.
enum SimulatorText {
    /// One `export` line per setting.
    static func settings(of simulator: Simulator, for plugin: Plugin, port: Int) -> [String] {
        let values = simulator.settings(for: plugin, at: "http://127.0.0.1:\(port)").mapValues(\.plainText)
        return values.sorted { $0.key < $1.key }.map { name, value in
            "export \(ConnectionName.variable(plugin.manifest.name, name))=\(quoted(value))"
        }
    }

    /// The value as one word of a shell.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./:@%+=,".contains($0)) }
        guard !isPlain || value.isEmpty else { return value }
        return "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

/// The options of a simulator as a user writes them.
enum SimulatorOptions {
    /// Numbers and truth values become such, everything else is text.
    static func values(of pairs: [KeyValue]) -> [String: JSONValue] {
        Dictionary(pairs.map { ($0.name, value(of: $0.value)) }) { _, last in last }
    }

    private static func value(of text: String) -> JSONValue {
        if let flag = ["true": true, "false": false][text] { return .bool(flag) }
        if let number = Int64(text) { return .integer(number) }
        return Double(text).map { .number($0) } ?? .string(text)
    }
}
