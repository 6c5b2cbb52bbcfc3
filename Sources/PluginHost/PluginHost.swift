/// Facts that all parts of this module share.
enum PluginHost {
    /// The name a plugin's chunk has inside its Lua state.
    static let module = "plugin"
    /// The version of the plugin contract that this host speaks.
    static let contract = 1
}
