import RunCore

extension Template {
    /// How a value is written into the text around it.
    enum Encoding {
        /// As it is: header values and bodies.
        case none
        /// Percent-encoded as one path segment (RFC 3986 section 3.3).
        case pathSegment
    }

    /// The text with all placeholders filled.
    ///
    /// - Throws: when a value is absent and not optional, or would leave its path segment.
    func filled(from scope: TemplateScope, encoding: Encoding = .none) throws(PluginFault) -> String {
        var output = ""
        for piece in pieces {
            switch piece {
            case .text(let text): output += text
            case .placeholder(let placeholder):
                output += try Self.text(of: placeholder, from: scope, encoding: encoding)
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
        from scope: TemplateScope,
        encoding: Encoding
    ) throws(PluginFault) -> String {
        guard let value = scope.value(of: placeholder) else {
            guard placeholder.isOptional else { throw absent(placeholder) }
            return ""
        }
        let text = value.plainText
        guard encoding == .pathSegment else { return text }
        let segments =
            placeholder.keepsSlashes ? text.split(separator: "/", omittingEmptySubsequences: false) : [text[...]]
        guard !segments.contains(where: { $0 == "." || $0 == ".." }), placeholder.isOptional || !text.isEmpty else {
            throw PluginFault("{\(placeholder.name)} is '\(text)', which cannot stand in a path")
        }
        return segments.map { PercentEncoding.encode($0) }.joined(separator: "/")
    }

    private static func absent(_ placeholder: Placeholder) -> PluginFault {
        PluginFault("{\(placeholder.name)} has no value; write {\(placeholder.name)?} if it may be absent")
    }
}

extension Template {
    /// A template that begins with a link: its first value is taken as it is.
    init(_ pieces: [Piece], keepingFirstAsLink first: Placeholder) {
        source = ""
        self.pieces = pieces
    }
}
