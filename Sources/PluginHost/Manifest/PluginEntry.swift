/// What a user can ask a plugin for by name: an operation or an action.
package protocol PluginEntry {
    /// Its key in the plugin's table.
    var name: String { get }
    /// What its target looks like; nil where there is none (`target = false`).
    var target: TargetManifest? { get }
    /// The parameters it takes, sorted by name.
    var params: [SettingSchema] { get }
    /// Whether its target may be a name that is looked up.
    var isLookedUp: Bool { get }
}
