import Crypto
import Foundation
import Lua
import RunCore

/// Reads plugins: runs a file's chunk once, in a state of its own, and checks the table it returns.
package enum PluginLoader {
    /// The file was read, but is no plugin.
    package struct Failure: Error, Sendable {
        /// Everything that is wrong with it, at least one problem.
        package let problems: [PluginProblem]
    }

    /// Reads the plugin at a path: its folder, or its single file.
    ///
    /// - Throws: `Failure` with all problems found.
    package static func load(
        _ location: PluginLocation,
        isolation: PluginIsolation = .none
    ) async throws(Failure) -> Plugin {
        let source: [UInt8]
        do {
            source = Array(try Data(contentsOf: URL(fileURLWithPath: location.file)))
        } catch {
            let reason = (error as NSError).localizedFailureReason ?? error.localizedDescription
            throw Failure(problems: [
                PluginProblem(file: location.file, line: nil, message: "cannot be read: \(reason)")
            ])
        }
        return try await load(
            source,
            name: location.name,
            file: location.file,
            folder: location.folder,
            isolation: isolation
        )
    }

    /// Reads a plugin from its source, such as one kept with a run.
    package static func load(
        _ source: [UInt8],
        name: String,
        file: String,
        folder: String?,
        isolation: PluginIsolation = .none
    ) async throws(Failure) -> Plugin {
        let isolation = isolation.lua
        let table = try await table(of: source, file: file, isolation)
        let problems = PluginProblems(file: file, source: String(decoding: source, as: UTF8.self))
        let node = ManifestNode(value: table, path: [], problems: problems)
        guard let manifest = PluginManifest(node, folderName: name), problems.found.isEmpty else {
            throw Failure(problems: problems.found)
        }
        return Plugin(
            manifest: manifest,
            file: file,
            folder: folder,
            source: source,
            digest: digest(of: source),
            isolation: isolation
        )
    }

    /// SHA-256 as 64 hex digits.
    package static func digest(of bytes: [UInt8]) -> String {
        HexDigits.text(of: SHA256.hash(data: bytes))
    }

    private static func table(
        of source: [UInt8],
        file: String,
        _ isolation: LuaIsolation
    ) async throws(Failure) -> JSONValue {
        let state = LuaState.make(isolation)
        do throws(LuaFailure) {
            try await state.load(source, as: PluginHost.module, chunkName: file)
            let manifest = try await state.manifest(of: PluginHost.module)
            return try HookResult.read(manifest)
        } catch {
            throw Failure(problems: [
                PluginProblem(file: error.file ?? file, line: error.line, message: error.message)
            ])
        }
    }
}
