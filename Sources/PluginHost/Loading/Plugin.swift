import Lua
package import RunCore

/// A plugin that was read and checked.
package struct Plugin: Sendable {
    /// What its table says, checked.
    package let manifest: PluginManifest
    /// The file, as it was found, such as `plugins/jim/plugin.lua`.
    package let file: String
    /// The plugin's folder; nil for a plugin that is a single file.
    package let folder: String?
    /// The file's bytes, as they are kept with each run.
    package let source: [UInt8]
    /// SHA-256 of the source as 64 hex digits.
    package let digest: String
    /// Where its code runs.
    let isolation: LuaIsolation

    /// What is stored with a run, to find exactly this source again.
    package var reference: PluginReference {
        PluginReference(name: manifest.name, version: manifest.version, digest: digest)
    }

    /// A Lua state that the plugin's source is loaded in.
    func state() async throws(LuaFailure) -> LuaState {
        let state = LuaState.make(isolation)
        try await state.load(source, as: PluginHost.module, chunkName: file)
        return state
    }

    /// The operation a user named, or the default one; nil if there is none such.
    package func operation(named name: String?) -> OperationManifest? {
        guard let name = name ?? manifest.defaultOperation else { return nil }
        return manifest.operations[name]
    }
}

extension LuaState {
    /// A state with the host's part of `agent`; an isolated one has a thread of its own, which waits for its process.
    static func make(_ isolation: LuaIsolation, limits: LuaLimits = LuaLimits()) -> LuaState {
        let thread = isolation == .none ? LuaThread.leastBusy() : LuaThread(label: "lua-isolated")
        return LuaState(limits: limits, on: thread, leafs: HostLibrary.leafs, isolation: isolation)
    }
}
