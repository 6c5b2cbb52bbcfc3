/// A fault of a plugin: the only error its steps throw.
package struct PluginFault: Error, Sendable, Hashable, Codable {
    /// One sentence: what happened, in which step.
    package let message: String
    /// Where, e.g. `plugins/jim/plugin.lua:23`.
    package let place: String?

    package init(_ message: String, place: String? = nil) {
        self.message = message
        self.place = place
    }

    /// Message and place in one line.
    package var summary: String { place.map { "\(message) (\($0))" } ?? message }
}
