package import RunCore

extension Plugin {
    /// Checks settings and secrets against what the plugin declares.
    ///
    /// - Parameters:
    ///   - name: the user's name for the account.
    ///   - settings: values as they came; defaults are added.
    ///   - secrets: values of the plugin's secrets.
    /// - Returns: the connection, all its values of the declared kinds.
    /// - Throws: all problems found, at least one.
    package func connection(
        named name: String,
        settings: [String: JSONValue],
        secrets: [String: Secret]
    ) throws(SettingProblems) -> Connection {
        var values: [String: JSONValue] = [:]
        var defaulted: Set<String> = []
        var problems: [SettingProblem] = []
        let declared = manifest.settings.map(\.name)
        for name in settings.keys.sorted() where !declared.contains(name) && !PluginManifest.hostSettings.contains(name)
        {
            let hint = Suggestion.hint(for: name, among: declared)
            problems.append(SettingProblem(name: name, message: "\(manifest.name) has no such setting\(hint)"))
        }
        for schema in manifest.settings {
            if schema.kind == .secret {
                if settings[schema.name] != nil {
                    let message = "it is a secret, which comes from the environment or a file"
                    problems.append(SettingProblem(name: schema.name, message: message))
                }
                if schema.isRequired, secrets[schema.name] == nil {
                    problems.append(
                        SettingProblem(name: schema.name, message: "the secret is missing", isMissing: true)
                    )
                }
                continue
            }
            guard let given = settings[schema.name] ?? schema.fallback else {
                if schema.isRequired, settings["base_url"] == nil || !manifest.baseURLSettings.contains(schema.name) {
                    problems.append(
                        SettingProblem(name: schema.name, message: "the setting is missing", isMissing: true)
                    )
                }
                continue
            }
            if settings[schema.name] == nil { defaulted.insert(schema.name) }
            do throws(SettingProblem) {
                if let text = given.string {
                    values[schema.name] = try schema.value(fromText: text)
                } else {
                    values[schema.name] = try schema.check(given)
                }
            } catch {
                problems.append(error)
            }
        }
        let baseURL = settings["base_url"]?.string
        if let baseURL, !URLText.isOrigin(baseURL) {
            problems.append(
                SettingProblem(name: "base_url", message: "an http or https address is expected, not '\(baseURL)'")
            )
        }
        guard problems.isEmpty else { throw SettingProblems(problems: problems) }
        return Connection(name: name, settings: values, secrets: secrets, baseURL: baseURL, defaulted: defaulted)
    }
}

/// Everything that is wrong with a connection's settings or a run's parameters.
package struct SettingProblems: Error, Sendable, Hashable {
    /// The problems in the order they were found, at least one.
    package let problems: [SettingProblem]

    /// Gathers problems, so that a user can mend them all at once.
    package init(problems: [SettingProblem]) {
        self.problems = problems
    }
}
