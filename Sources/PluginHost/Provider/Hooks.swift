import Lua
import RunCore

/// Calls a plugin's functions, in one Lua state that is made when the first is needed.
actor Hooks: FunctionCaller {
    private let plugin: Plugin
    private let log: PluginLog
    private var state: LuaState?

    /// Names that work only in scripts, and what a hook that uses them is told.
    private static let forbidden: [String: String] = Dictionary(
        uniqueKeysWithValues: ["request", "trigger", "poll", "download", "sleep", "pages"].map {
            ($0, "ctx.\($0) sends requests, and this function may only compute: move it to run(ctx)")
        }
    )

    init(plugin: Plugin, log: PluginLog) {
        self.plugin = plugin
        self.log = log
    }

    /// Calls a function and gives its results in order; absent ones are null.
    ///
    /// - Throws: a failure whose `bodyUndecodable` says that the function tripped over a body that is no JSON.
    func call(_ function: LuaFunction, _ arguments: [LuaArgument]) async throws(LuaFailure) -> [JSONValue] {
        let state = try await loaded()
        do throws(LuaFailure) {
            let results = try await state.call(function, arguments)
            log.write(await state.takeLog())
            return try HookResult.read(results).array ?? []
        } catch {
            // A state that hit a limit fails every later call: the next one begins afresh.
            if [.memory, .time, .cancelled, .limit, .crashed].contains(error.kind) { self.state = nil }
            throw error
        }
    }

    /// The context that functions get as `ctx`.
    static func context(_ scope: TemplateScope) -> LuaArgument {
        .context(json: contextJSON(scope), primitives: [], forbidden: forbidden)
    }

    /// The values of a context as JSON.
    static func contextJSON(_ scope: TemplateScope, further: [String: JSONValue] = [:]) -> [UInt8] {
        var members: [String: JSONValue] = [
            "remote": .object(scope.remote), "params": .object(scope.params), "settings": .object(scope.settings),
            "run": .object(scope.run), "cancel_sent": .bool(scope.isCancelSent),
        ]
        members["target"] = scope.targetValue
        return Array(JSONValue.object(members.merging(further) { _, new in new }).text.utf8)
    }

    private func loaded() async throws(LuaFailure) -> LuaState {
        if let state { return state }
        let fresh = try await plugin.state()
        state = fresh
        return fresh
    }
}

extension LuaFailure {
    /// The failure as a fault of the plugin, in the step `name`.
    func fault(in name: String) -> PluginFault {
        let place = file.map { file in line.map { "\(file):\($0)" } ?? file }
        return PluginFault("\(name): \(message)", place: place)
    }
}
