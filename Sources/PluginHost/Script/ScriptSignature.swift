import Lua
import RunCore

/// Names a call of a script so that a replay can be compared with its journal.
enum ScriptSignature {
    /// The call and a digest of its arguments, such as `ctx.trigger 3f2a9c…`.
    static func text(of step: LuaStep) -> String {
        switch step {
        case .done: "the end"
        case .request(let operation, let arguments):
            "ctx.\(operation) \(PluginLoader.digest(of: arguments).prefix(12))"
        }
    }
}
