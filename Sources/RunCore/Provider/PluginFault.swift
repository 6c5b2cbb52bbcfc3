/// A fault of a plugin: the only error its steps throw.
package struct PluginFault: Error, Sendable, Hashable, Codable {
    /// One sentence: what happened, in which step.
    package let message: String
    /// Where it happened, such as `plugins/jim/plugin.lua:23`; nil if that is not known.
    package let place: String?

    /// A fault in the words for the plugin's author, with its place where one is known.
    package init(_ message: String, place: String? = nil) {
        self.message = message
        self.place = place
    }

    /// Message and place in one line.
    package var summary: String { place.map { "\(message) (\($0))" } ?? message }
}
