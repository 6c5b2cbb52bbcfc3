import RunCore

extension JournalEntry {
    /// An entry for tests that only count them.
    static let noted = JournalEntry(at: Timestamp(milliseconds: 1), .decision("noted"))

    /// Entries of every kind, each with what is hard to keep: empty, large and odd values.
    static let ofEveryKind: [JournalEntry] = {
        let answer = ProviderResponse(
            status: 202,
            headers: ["Set-Cookie": "a", "set-cookie": "b"],
            body: Array(0...255),
            url: "https://x/é?a=%2F"
        )
        let artifact = Artifact(name: "a\"b\\.csv", path: "/tmp/a", bytes: .max, sha256: "ab")
        let facts: [Fact] = [
            .intent(StartIntent(requestDigest: "d", sentAt: Timestamp(milliseconds: .max), attempt: 2)),
            .startAnswered(answer),
            .startUnanswered(TransportFailure(.connectionLost, "line 1\nline 2", mayHaveArrived: true)),
            .state(.unknown, reason: nil),
            .state(.failed, reason: "\u{0} \u{1F980} '; DROP TABLE runs"),
            .fileOpened(name: ""),
            .fileSealed(name: "a", bytes: 0, sha256: ""),
            .filePublished(artifact),
            .decision("retrigger"),
        ]
        return facts.enumerated().map { JournalEntry(at: Timestamp(milliseconds: Int64($0.offset) - 1), $0.element) }
    }()
}

extension Run {
    /// A run with every fact set, number 7.
    static let full: Run = {
        var options = RunOptions(delivery: .folder("/tmp/é x"))
        options.timeout = .milliseconds(1)
        options.strict = true
        let params: [String: JSONValue] = ["": .null, "deep": ["a": [1, .number(2.5), "x", true, [:]]]]
        var run = Run.sample(7, state: .downloading, params: params, options: options)
        run.reason = "line 1\nline 2 \u{0}"
        run.reasonClass = .rateLimited
        run.warnings = ["a", ""]
        run.remote = ["id": .integer(.max), "small": .integer(.min), "text": "12"]
        run.progress = Progress(percent: 33.3, done: 1e300, total: .infinity, unit: "rows", step: 1, queued: true)
        run.result = ["ratio": .number(0.1)]
        run.artifacts = [Artifact(name: "a", path: "-", bytes: 0, sha256: "")]
        let request = ProviderRequest(method: "GET", url: "https://x/", body: [0, 255], expected: [404], purpose: "d")
        run.links = [ArtifactLink(request: request, isOptional: true), ArtifactLink(text: "é", name: "n")]
        run.verdict = .succeeded
        run.polls = 3
        run.triggeredAt = Timestamp(milliseconds: -1)
        run.finishedAt = Timestamp(milliseconds: 1)
        run.wakeAt = Timestamp(milliseconds: 2)
        run.intent = StartIntent(requestDigest: "d", sentAt: Timestamp(milliseconds: 3), attempt: 1)
        run.watch.interval = .seconds(1.25)
        run.watch.failures = 2
        run.pluginState = ["cursor": "+infinity"]
        run.adopted = true
        run.cancelRequested = true
        run.exitStatus = .artifacts
        return run
    }()
}
