/// Why a script could not be brought to its next step.
package enum ScriptFailure: Error, Sendable, Hashable {
    /// A fault of the plugin.
    case faulted(PluginFault)
    /// The script asked for another step than its journal holds; the text shows both.
    case diverged(String)
}
