import RunCore

extension Template {
    /// How a value is written into the text around it.
    enum Encoding {
        /// As it is: header values and bodies.
        case none
        /// Percent-encoded as one path segment (RFC 3986 section 3.3), after a `?` as one query value.
        case url
        /// As `url`, but a value at the very beginning is a link and stays as it is.
        case urlAfterLink
    }

    /// The text with all placeholders filled.
    ///
    /// - Throws: when a value is absent and not optional, or would leave its path segment.
    func filled(from scope: TemplateScope, encoding: Encoding = .none) throws(PluginFault) -> String {
        var output = ""
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .text(let text): output += text
            case .placeholder(let placeholder):
                let text = try Self.text(of: placeholder, from: scope)
                let isPlain = encoding == .none || encoding == .urlAfterLink && index == 0
                output += isPlain ? text : try Self.encoded(text, of: placeholder, inQuery: output.contains("?"))
            }
        }
        return output
    }

    /// The value of a text that is exactly one placeholder, type and all; else the filled text.
    ///
    /// - Returns: nil when the one placeholder is optional and absent.
    func value(from scope: TemplateScope) throws(PluginFault) -> JSONValue? {
        guard let only else { return .string(try filled(from: scope)) }
        if let value = scope.value(of: only) { return value }
        guard only.isOptional else { throw Self.absent(only) }
        return nil
    }

    private static func text(
        of placeholder: Placeholder,
        from scope: TemplateScope
    ) throws(PluginFault) -> String {
        guard let value = scope.value(of: placeholder) else {
            guard placeholder.isOptional else { throw absent(placeholder) }
            return ""
        }
        return value.plainText
    }

    private static func encoded(
        _ text: String,
        of placeholder: Placeholder,
        inQuery: Bool
    ) throws(PluginFault) -> String {
        let segments =
            placeholder.keepsSlashes ? text.split(separator: "/", omittingEmptySubsequences: false) : [text[...]]
        let isFit = !segments.contains(where: { $0 == "." || $0 == ".." }) && (placeholder.isOptional || !text.isEmpty)
        guard isFit || inQuery else {
            throw PluginFault("{\(placeholder.name)} is '\(text)', which cannot stand in a path")
        }
        return segments.map { PercentEncoding.encode($0) }.joined(separator: "/")
    }

    private static func absent(_ placeholder: Placeholder) -> PluginFault {
        PluginFault("{\(placeholder.name)} has no value; write {\(placeholder.name)?} if it may be absent")
    }
}
