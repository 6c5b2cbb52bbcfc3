import RunCore

/// Fills the values of headers.
struct HeaderFiller {
    let scope: TemplateScope
    /// Whether texts are taken as they are, because a function returned them.
    let isLiteral: Bool

    /// Sets the headers of a table; one whose value lacks an optional placeholder, or has no value, is left out.
    func fill(_ table: JSONValue?, into headers: inout HTTPHeaders) throws(PluginFault) {
        for (name, value) in (table?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            if let text = try text(of: value) { headers.set(name, text) }
        }
    }

    private func text(of value: JSONValue) throws(PluginFault) -> String? {
        if isLiteral { return value == .null ? nil : value.plainText }
        guard let text = template(of: value).string else {
            let filled = try ValueFiller(scope: scope, isLiteral: false).fill(template(of: value))
            return filled.flatMap { $0 == .null ? nil : $0.plainText }
        }
        let template = Template(text)
        let isWhole = template.placeholders.allSatisfy { !$0.isOptional || scope.value(of: $0) != nil }
        return isWhole ? try template.filled(from: scope) : nil
    }

    /// The template that counts; null where the value of the setting is not named.
    private func template(of value: JSONValue) -> JSONValue {
        guard let by = value["by"]?.string else { return value }
        let setting = scope.settings[String(by.dropFirst("settings.".count))]
        return setting.flatMap { value[$0.plainText] } ?? .null
    }
}
