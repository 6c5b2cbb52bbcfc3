/// Where a plugin was found.
package struct PluginLocation: Sendable, Hashable {
    package let name: String
    /// Path of its `plugin.lua`, or of the single file it is.
    package let file: String
    /// Its folder; nil for a plugin that is a single file.
    package let folder: String?

    package init(name: String, file: String, folder: String?) {
        self.name = name
        self.file = file
        self.folder = folder
    }
}
