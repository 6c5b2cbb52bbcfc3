import RunCore

/// A text with placeholders such as `{target}` or `{remote.run_id}`, read once when the plugin is loaded.
struct Template: Sendable, Hashable {
    /// A placeholder's parts: `{+params.path?}` has root `params`, keys `["path"]`, and both flags.
    struct Placeholder: Sendable, Hashable {
        /// `target`, `remote`, `params`, `settings` or `run`.
        let root: String
        let keys: [String]
        /// Written with `+`: slashes of the value stay slashes.
        let keepsSlashes: Bool
        /// Written with `?`: an absent value leaves the key out, or is empty.
        let isOptional: Bool

        /// The placeholder as it is written, without its flags.
        var name: String { ([root] + keys).joined(separator: ".") }
    }

    enum Piece: Sendable, Hashable {
        case text(String)
        case placeholder(Placeholder)
    }

    /// The text as it was written.
    let source: String
    let pieces: [Piece]

    /// The words a placeholder may begin with.
    static let roots: Set<String> = ["target", "remote", "params", "settings", "run"]

    /// Reads a text; braces that hold no placeholder stay as they are.
    init(_ source: String) {
        self.source = source
        pieces = Self.read(source)
    }

    var placeholders: [Placeholder] {
        pieces.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }

    /// The placeholder, if the template is exactly one.
    var only: Placeholder? {
        guard pieces.count == 1, case .placeholder(let placeholder) = pieces[0] else { return nil }
        return placeholder
    }

    private static func read(_ source: String) -> [Piece] {
        var pieces: [Piece] = []
        var text = ""
        var rest = source[...]
        while let open = rest.firstIndex(of: "{") {
            text += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"), let found = placeholder(rest[rest.index(after: open)..<close])
            else {
                text.append(rest.removeFirst())
                continue
            }
            if !text.isEmpty { pieces.append(.text(text)) }
            text = ""
            pieces.append(.placeholder(found))
            rest = rest[rest.index(after: close)...]
        }
        text += rest
        if !text.isEmpty || pieces.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private static func placeholder(_ inside: Substring) -> Placeholder? {
        var inside = inside
        let keepsSlashes = inside.first == "+"
        if keepsSlashes { inside.removeFirst() }
        let isOptional = inside.last == "?"
        if isOptional { inside.removeLast() }
        let words = inside.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let root = words.first, roots.contains(root), words.allSatisfy(isKey) else { return nil }
        return Placeholder(
            root: root,
            keys: Array(words.dropFirst()),
            keepsSlashes: keepsSlashes,
            isOptional: isOptional
        )
    }

    private static func isKey(_ word: String) -> Bool {
        !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }
}
