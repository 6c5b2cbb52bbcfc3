import RunCore

/// Finds placeholders in a plugin's table that will never have a value.
struct PlaceholderCheck {
    let settings: [SettingSchema]
    /// Names of the parameters; nil where several operations, or none, may be meant.
    private var params: [String]?
    /// Those of them that take a file.
    private var fileParams: Set<String> = []
    private var secretsMayStand = false

    /// Keys whose texts are for people.
    private static let prose: Set<String> = ["summary", "help", "homepage"]

    init(settings: [SettingSchema]) {
        self.settings = settings
    }

    /// Looks through a plugin's whole table.
    func check(_ plugin: ManifestNode) {
        var check = self
        if plugin["operations"] == nil { check.take(plugin["params"]) }
        let elsewhere = ["settings", "params", "operations", "actions", "auth"]
        for (key, node) in plugin.members where !elsewhere.contains(key) { check.walk(node, key) }
        if let auth = plugin["auth"] { check.walkAuth(auth) }
        for (_, entry) in (plugin["operations"]?.members ?? []) + (plugin["actions"]?.members ?? []) {
            check.take(entry["params"])
            for (key, node) in entry.members where key != "params" { check.walk(node, key) }
        }
    }

    private mutating func take(_ params: ManifestNode?) {
        let members = params?.members ?? []
        self.params = members.map(\.key)
        fileParams = Set(
            members.filter { $0.node.value["type"]?.string == SettingSchema.Kind.file.rawValue }.map(\.key)
        )
    }

    private func walk(_ node: ManifestNode, _ key: String) {
        if node.isFunction || Self.prose.contains(key) { return }
        for placeholder in node.value.string.map({ Template($0).placeholders }) ?? [] { check(placeholder, node) }
        if key == "multipart" { for (_, part) in node.members { checkFile(part) } }
        for (key, child) in node.members { walk(child, key) }
        for child in node.elements { walk(child, "") }
    }

    /// Secrets may stand in the body of a login, and nowhere else.
    private func walkAuth(_ auth: ManifestNode) {
        var inBody = self
        inBody.secretsMayStand = true
        for (key, node) in auth.members {
            if auth["by"] != nil || key != "request" || node.value.object == nil {
                node.value.object == nil ? walk(node, key) : walkAuth(node)
                continue
            }
            for (key, part) in node.members {
                (RequestTemplate.bodies.contains(key) ? inBody : self).walk(part, key)
            }
        }
    }

    /// What is sent as a file is one that the user named.
    private func checkFile(_ part: ManifestNode) {
        guard let file = part["file"], let text = file.value.string else { return }
        let placeholder = Template(text).only
        let name = placeholder?.keys.count == 1 ? placeholder?.keys.first : nil
        let isFile =
            switch placeholder?.root {
            case "settings": settings.contains { $0.name == name && $0.kind == .file }
            // Which operation's parameters are meant is not always known here; the request itself is checked again.
            case "params": params == nil || name.map(fileParams.contains) == true
            default: false
            }
        if !isFile { file.report("one placeholder of the type file is expected, as in \"{params.file}\"") }
    }

    private func check(_ placeholder: Template.Placeholder, _ node: ManifestNode) {
        guard let name = placeholder.keys.first else { return }
        switch placeholder.root {
        case "settings":
            let setting = settings.first { $0.name == name }
            if setting == nil { report(placeholder, "setting", name, settings.map(\.name), node) }
            if setting?.kind == .secret, !secretsMayStand {
                node.report("{settings.\(name)} is a secret; secrets stand only in auth")
            }
        case "params":
            guard let params, !params.contains(name) else { return }
            report(placeholder, "parameter", name, params, node)
        case "run" where !["id", "key"].contains(name):
            node.report("{run.\(name)}: there are only {run.id} and {run.key}")
        default: break
        }
    }

    private func report(
        _ placeholder: Template.Placeholder,
        _ kind: String,
        _ name: String,
        _ known: [String],
        _ node: ManifestNode
    ) {
        node.report("{\(placeholder.root).\(name)}: no such \(kind)\(Suggestion.hint(for: name, among: known))")
    }
}
