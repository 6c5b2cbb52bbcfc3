import RunCore

extension PluginProvider {
    /// How the status is asked for, as far as that is known before a start.
    ///
    /// For instance `poll GET /runs/{remote.id}, every 10s`.
    package var pollSummary: String {
        guard let poll = operation.poll else { return "what the plugin's script asks for" }
        let policy = poll.policy
        let pace =
            policy.factor == 1
            ? "every \(policy.every.text)" : "after \(policy.first.text), then ever less often up to \(policy.max.text)"
        let request = poll.request.map(Self.summary) ?? "by a function that looks for itself"
        return "poll \(request), \(pace)"
    }

    /// What is done if the answer to the start is lost, in words.
    package var lossSummary: String {
        var ways: [String] = []
        if operation.trigger.map({ $0.repeated != .started }) == true { ways.append("sent again: it starts one run") }
        if canFind { ways.append("looked for at the provider") }
        return (ways + ["a person decides (exit 8)"]).joined(separator: ", else ")
    }

    /// Whether a run of the operation may have files.
    package var mayHaveFiles: Bool { operation.download != nil || isScripted }

    /// Whether files are fetched at the end; nil if there are none.
    package var downloadSummary: String? {
        operation.download.map { "fetch files after: \($0.on.map(\.rawValue).sorted().joined(separator: ", "))" }
    }

    private static func summary(of request: RequestManifest) -> String {
        switch request {
        case .template(let template): "\(template.method) \(template.location.source)"
        case .function: "a request made by a function of the plugin"
        }
    }
}
