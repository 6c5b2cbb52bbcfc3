package import RunCore

extension PluginEntry {
    /// Checks parameters given as texts, `--param name=text`.
    ///
    /// - Throws: all problems found, at least one.
    package func params(fromTexts texts: [String: String]) throws(SettingProblems) -> [String: JSONValue] {
        try params(texts.mapValues { JSONValue.string($0) }) { (schema, value) throws(SettingProblem) in
            try schema.value(fromText: value.plainText)
        }
    }

    /// Checks parameters given as values.
    ///
    /// - Throws: all problems found, at least one.
    package func params(fromValues values: [String: JSONValue]) throws(SettingProblems) -> [String: JSONValue] {
        try params(values) { (schema, value) throws(SettingProblem) in try schema.check(value) }
    }

    private func params(
        _ given: [String: JSONValue],
        read: (SettingSchema, JSONValue) throws(SettingProblem) -> JSONValue
    ) throws(SettingProblems) -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        var problems: [SettingProblem] = []
        let named = params.filter { !$0.takesRest }
        let rest = params.first { $0.takesRest }
        for schema in named {
            guard let value = given[schema.name] else {
                values[schema.name] = schema.fallback
                if schema.isRequired, schema.fallback == nil {
                    problems.append(
                        SettingProblem(name: schema.name, message: "the parameter is missing", isMissing: true)
                    )
                }
                continue
            }
            do throws(SettingProblem) {
                values[schema.name] = try read(schema, value)
            } catch {
                problems.append(error)
            }
        }
        let further = given.filter { name, _ in !named.contains { $0.name == name } }
        if let rest {
            values[rest.name] = .object(further)
        } else {
            problems += further.keys.sorted().map { unknown($0, named.map(\.name)) }
        }
        guard problems.isEmpty else { throw SettingProblems(problems: problems) }
        return values
    }

    private func unknown(_ name: String, _ known: [String]) -> SettingProblem {
        let hint = Suggestion.hint(for: name, among: known)
        let list = known.isEmpty ? "it takes none" : "it takes \(known.joined(separator: ", "))"
        return SettingProblem(name: name, message: "no such parameter\(hint.isEmpty ? "; \(list)" : hint)")
    }

    /// Reads the target a user wrote.
    ///
    /// Where names can be looked up, a text that is no id is one.
    ///
    /// - Throws: when one is missing, is not wanted, or does not fit its form.
    package func target(_ text: String?) throws(SettingProblem) -> RunTarget? {
        guard let target else {
            if let text { throw SettingProblem(name: "target", message: "\(name) has no target, '\(text)' was given") }
            return nil
        }
        guard let text, !text.isEmpty else {
            let help = target.help.map { " (\($0))" } ?? ""
            throw SettingProblem(name: "target", message: "a target is needed: \(target.form)\(help)", isMissing: true)
        }
        guard isLookedUp else { return try target.read(text) }
        // A number is an id; whatever else a look-up takes as a name is found out by it.
        if target.isInteger, let id = target.id(in: text) { return id }
        return RunTarget(lookingUp: text)
    }
}
