/// What is run: the `<id>` of `agent run <plugin> <id>`, after the plugin resolved it.
package struct RunTarget: Sendable, Hashable, Codable {
    /// The id as text, as the provider knows it; parts of a form are joined as the user wrote them.
    package let id: String
    /// The name the user gave or the provider told; nil when only the id is known.
    package let name: String?
    /// The values that requests are filled with: one under `""` for a plain target, else one per part of the form.
    package let parts: [String: JSONValue]
    private let unresolved: Bool?

    /// Whether the id is a name so far, which the plugin has to look up before the start.
    package var isName: Bool { unresolved == true }

    /// A target that the plugin has resolved; see `TargetManifest.read` for how.
    package init(id: String, name: String? = nil, parts: [String: JSONValue]) {
        self.id = id
        self.name = name
        self.parts = parts
        unresolved = nil
    }

    /// A name, or what may be one, that is looked up before the start.
    package init(lookingUp text: String) {
        id = text
        name = nil
        parts = ["": .string(text)]
        unresolved = true
    }
}
