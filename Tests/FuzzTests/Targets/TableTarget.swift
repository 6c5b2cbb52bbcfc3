import Lua

@testable import PluginHost
@testable import RunCore

/// The table of a plugin as Lua gives it; the same bytes stand for its source, in which problems are located.
enum TableTarget {
    static func broken(by bytes: [UInt8]) -> String? {
        let source = String(decoding: bytes, as: UTF8.self)
        _ = Template(source).placeholders
        _ = AnswerPath(source)
        guard let table = try? JSONReader.read(bytes, as: JSONValue.self) else {
            _ = PluginProblems(file: "fuzz.lua", source: source).place(of: ["poll", "states"])
            return nil
        }
        let problems = PluginProblems(file: "fuzz.lua", source: source)
        let node = ManifestNode(value: table, path: [], problems: problems)
        guard let manifest = PluginManifest(node, folderName: "fuzz") else {
            return problems.found.isEmpty ? "a table is refused without a problem" : nil
        }
        guard problems.found.isEmpty else { return nil }
        if manifest.name != "fuzz" { return "a plugin has another name than its folder" }
        if manifest.hostClaims(digest: "d").isEmpty { return "a plugin claims no host" }
        _ = (manifest.hostSummary, manifest.basePath, manifest.secrets)
        return nil
    }
}
