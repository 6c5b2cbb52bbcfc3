import Lua
import RunCore

extension PluginManifest {
    private static let keys = [
        "api", "name", "version", "summary", "homepage", "settings", "base_url", "hosts", "auth", "headers", "errors",
        "unwrap", "limits", "check", "actions", "operations", "default",
    ]

    /// Settings that every plugin has and the host owns; a plugin may not declare them.
    package static let hostSettings = [
        "base_url", "ca_file", "client_cert", "client_key", "proxy", "insecure", "concurrent", "requests_per_second",
        "isolate",
    ]

    /// Reads the table that a plugin returned; nil if problems were noted.
    init?(_ node: ManifestNode, folderName: String) {
        guard node.expectTable() else { return nil }
        Self.checkIdentity(node, folderName: folderName)
        name = node.requiredText("name")
        version = node.requiredText("version")
        summary = node.requiredText("summary")
        homepage = node.text("homepage")
        let settings = SettingSchema.all(in: node["settings"])
        self.settings = settings
        for setting in settings where Self.hostSettings.contains(setting.name) {
            node["settings"]?[setting.name]?.report("this setting belongs to the host, every plugin has it")
        }
        let auth = AuthManifest(node["auth"], settings: settings)
        for (_, header) in node.table("headers") { Self.checkHeader(header, settings) }
        headers = node["headers"]?.value
        errors = ErrorRules(node["errors"])
        unwrap = node["unwrap"]?.answerPath()
        if unwrap?.isXML == true { node["unwrap"]?.report("only JSON is unwrapped") }
        limits = Self.limits(node["limits"])
        check = CheckManifest.all(node["check"])
        actions = Self.actions(node)
        hosts = node.list("hosts").compactMap(Self.host)
        let operations = Self.operations(node, name: name)
        self.operations = operations
        for operation in operations.values { Self.checkDuplicates(operation, errors, node) }
        defaultOperation = Self.defaultOperation(node, operations)
        hasFunctions = Self.containsFunction(node.value)
        let baseURL = Self.baseURL(node, settings)
        PlaceholderCheck(settings: settings).check(node)
        guard let baseURL, let auth, node.problems.found.isEmpty else { return nil }
        self.baseURL = baseURL
        self.auth = auth
    }

    private static func checkIdentity(_ node: ManifestNode, folderName: String) {
        let isSingle = node["operations"] == nil
        node.expectKeys(keys + (isSingle ? OperationManifest.keys : []))
        switch node["api"]?.value {
        case .integer(Int64(PluginHost.contract)): break
        case nil: node.report("the key api is missing; this host speaks api = \(PluginHost.contract)")
        case let other?:
            node["api"]?.report("api \(other.text) is not spoken here; this host speaks api = \(PluginHost.contract)")
        }
        if let name = node.value["name"]?.string, name != folderName {
            node["name"]?.report("\"\(name)\" differs from the name of its folder, \"\(folderName)\"")
        }
    }

    /// A header is a template, or one template for each value of a setting.
    private static func checkHeader(_ node: ManifestNode, _ settings: [SettingSchema]) {
        node.refuseFunctions()
        guard node["by"] != nil, let choice = SettingChoice(node, settings: settings) else { return }
        for (_, header) in choice.members where header.value.string == nil {
            header.report("a text is expected, this is \(header.kind)")
        }
    }

    private static func operations(_ node: ManifestNode, name: String) -> [String: OperationManifest] {
        guard let table = node["operations"] else {
            return OperationManifest(name: name, from: node, isWholePlugin: true).map { [name: $0] } ?? [:]
        }
        guard table.expectTable() else { return [:] }
        if table.members.isEmpty { table.report("there is no operation in it") }
        var operations: [String: OperationManifest] = [:]
        for (key, child) in table.members {
            operations[key] = OperationManifest(name: key, from: child, isWholePlugin: false)
        }
        return operations
    }

    /// A start that is refused as a repeated one must be told from one that is refused for good.
    private static func checkDuplicates(
        _ operation: OperationManifest,
        _ errors: ErrorRules?,
        _ node: ManifestNode
    ) {
        guard let trigger = operation.trigger, trigger.repeated == .refused, !trigger.knowsDuplicates,
            operation.errors?.knowsDuplicates != true, errors?.knowsDuplicates != true
        else { return }
        let table = node["operations"]?[operation.name] ?? node
        table["trigger"]?["repeated"]?.report("no rule of errors says which refusal is a \"duplicate\"")
    }

    private static func actions(_ node: ManifestNode) -> [String: ActionManifest] {
        var actions: [String: ActionManifest] = [:]
        for (key, child) in node.table("actions") { actions[key] = ActionManifest(name: key, from: child) }
        return actions
    }

    private static func defaultOperation(_ node: ManifestNode, _ operations: [String: OperationManifest]) -> String? {
        guard let name = node.text("default") else { return operations.count == 1 ? operations.keys.first : nil }
        if node["operations"]?[name] == nil {
            let hint = Suggestion.hint(for: name, among: node["operations"]?.members.map(\.key) ?? [])
            node["default"]?.report("no operation is named \"\(name)\"\(hint)")
        }
        return name
    }

    private static func host(_ node: ManifestNode) -> Host? {
        if let text = node.value.string { return Host(origin: Template(text), takesCredentials: false) }
        guard let text = (node.value["[1]"] ?? node.value[0])?.string else {
            node.report("a host such as \"https://files.example.com\" is expected, this is \(node.kind)")
            return nil
        }
        if node.value.object != nil { node.expectKeys(["[1]", "credentials"]) }
        return Host(origin: Template(text), takesCredentials: node.flag("credentials"))
    }

    private static func text(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? String(number) }

    private static func limits(_ node: ManifestNode?) -> Limits {
        guard let node, node.expectTable() else { return Limits(requestsPerSecond: nil, concurrent: nil) }
        node.expectKeys(["requests_per_second", "concurrent"])
        let rate = node.number("requests_per_second"), count = node.number("concurrent")
        if let rate, rate <= 0 {
            node["requests_per_second"]?.report("a number above 0 is expected, not \(Self.text(rate))")
        }
        let whole = count.flatMap { Int(exactly: $0) }
        if let count, (whole ?? 0) < 1 {
            node["concurrent"]?.report("a whole number above 0 is expected, not \(Self.text(count))")
        }
        return Limits(requestsPerSecond: rate, concurrent: whole)
    }

    private static func baseURL(_ node: ManifestNode, _ settings: [SettingSchema]) -> BaseURL? {
        guard let base = node["base_url"] else {
            node.report("the key base_url is missing")
            return nil
        }
        if let function = base.function { return .function(function) }
        if let text = base.value.string {
            let template = Template(text)
            if template.placeholders.isEmpty, !URLText.isOrigin(text) {
                base.report("\"\(text)\" is no http or https address")
            }
            return .template(template)
        }
        guard base.expectTable() else { return nil }
        let by = base.requiredText("by")
        guard let setting = settings.first(where: { "settings.\($0.name)" == by }) else {
            base["by"]?.report("\"\(by)\" is no setting of this plugin, as in by = \"settings.region\"")
            return nil
        }
        var urls: [String: Template] = [:]
        for (key, child) in base.members where key != "by" { urls[key] = child.value.string.map(Template.init) }
        for value in setting.values where urls[value] == nil { base.report("there is no URL for \"\(value)\"") }
        return .choice(setting: setting.name, urls: urls)
    }

    private static func containsFunction(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): members["$fn"] != nil || members.values.contains(where: containsFunction)
        case .array(let elements): elements.contains(where: containsFunction)
        default: false
        }
    }
}
