/// Where a plugin was found.
package struct PluginLocation: Sendable, Hashable {
    /// Name of the plugin: its folder's, or its file's without `.lua`.
    package let name: String
    /// Path of its `plugin.lua`, or of the single file it is.
    package let file: String
    /// Its folder; nil for a plugin that is a single file.
    package let folder: String?

    /// Says where a plugin is, without looking whether it is there.
    package init(name: String, file: String, folder: String?) {
        self.name = name
        self.file = file
        self.folder = folder
    }
}
