import AgentTesting
import RunCore

extension RunEvent {
    static let prepared = startPrepared(.sample)
    static let accepted = startJudged(.accepted(StartAcceptance(remote: ["id": "r1"])))

    static func startRefused(_ reasonClass: ReasonClass, retryAfter: Duration? = nil) -> RunEvent {
        .startJudged(.refused(Refusal(reasonClass, "no", retryAfter: retryAfter)))
    }

    static func startLost(_ kind: TransportFailure.Kind, mayHaveArrived: Bool) -> RunEvent {
        .startUnanswered(TransportFailure(kind, "no answer", mayHaveArrived: mayHaveArrived))
    }

    static func status(
        _ state: StatusReport.State,
        reason: String? = nil,
        retryAfter: Duration? = nil,
        _ change: (inout StatusReport) -> Void = { _ in }
    ) -> RunEvent {
        var report = StatusReport(state, reason: reason)
        report.retryAfter = retryAfter
        change(&report)
        return .polled(.report(report))
    }

    static func pollRefused(_ reasonClass: ReasonClass, retryAfter: Duration? = nil) -> RunEvent {
        .polled(.refused(Refusal(reasonClass, "no", retryAfter: retryAfter)))
    }

    static let pollLost = polled(.unanswered(TransportFailure(.timeout, "no answer", mayHaveArrived: true)))

    static let renewed = credentialsRenewed(true, after: Refusal(.auth, "no"))
    static let notRenewed = credentialsRenewed(false, after: Refusal(.auth, "no"))

    static let resolved = targetResolved(.given(.one(RunTarget(id: "7", name: "Daily", parts: ["": "7"]))))

    /// These runs of the target were found, all of them going on, each a minute newer than the one before.
    static func found(_ ids: String...) -> RunEvent {
        let begin = Run.sample().createdAt
        let runs = ids.enumerated().map { index, id in
            FoundRun(remote: ["id": .string(id)], state: .running, startedAt: begin + .seconds(60 * (index - 100)))
        }
        return .runningFound(.given(FoundRuns(runs)))
    }

    static func cancelRefused(_ reasonClass: ReasonClass, retryAfter: Duration? = nil) -> RunEvent {
        .cancelAnswered(.refused(Refusal(reasonClass, "no", retryAfter: retryAfter)))
    }

    static let cancelLost = cancelAnswered(
        .unanswered(TransportFailure(.timeout, "no answer", mayHaveArrived: true))
    )

    /// One event of every kind, with what a declarative plugin can cause.
    static let ofEveryKind: [RunEvent] = [
        .takenUp(journalHasStartAnswer: false), .takenUp(journalHasStartAnswer: true), .woke, prepared,
        .startNotAllowed(Refusal(.auth, "no")), startLost(.timeout, mayHaveArrived: true), accepted,
        startRefused(.duplicate), startRefused(.auth), .startJudged(.unsettled("no id")),
        .startPreparationFaulted(PluginFault("bad")), .startJudgementFaulted(PluginFault("bad")), renewed, notRenewed,
        status(.running), status(.succeeded), status(.gone), status(.other, reason: "?"), pollRefused(.auth),
        pollLost, .pollFaulted(PluginFault("bad")), .fileDelivered(.sample, number: 0),
        .fileFailed(FileTrouble("a.csv", "gone"), number: 0), .fileExpired(FileTrouble("a.csv", "HTTP 403"), number: 0),
        .fileProgressed(PartialFile(name: "a.csv", validator: nil, bytes: nil, era: nil), number: 0),
        .linksRenewed(.unanswered(TransportFailure(.timeout, "no answer", mayHaveArrived: true))), .filesAsked,
        .stopped(.interrupt), .decided(.retrigger), .decided(.giveUp),
        .decided(.adopt(["id": "r1"])), resolved, .targetResolved(.given(.candidates([]))),
        .targetResolved(.refused(Refusal(.busy, "no"))), found("r9"), found(),
        .runningFound(.refused(Refusal(.busy, "no"))), .cancelAsked, .cancelAnswered(.sent), cancelRefused(.busy),
        cancelRefused(.forbidden), cancelLost, seen(), seen("r9"), seen("r8", "r9"),
        .startLookedFor(StartLook(.refused(Refusal(.auth, "no")), clock: nil, rival: nil)),
        .held(until: Run.sample().createdAt + .seconds(5)),
    ]

    /// These runs were seen when a start that may have arrived was looked for; the list is whole.
    static func seen(_ ids: String...) -> RunEvent {
        let begin = Run.sample().createdAt
        let runs = ids.map { FoundRun(remote: ["id": .string($0)], state: .running, startedAt: begin) }
        let clock = ProviderClock(["Date": begin.httpDate], sentAt: begin, answeredAt: begin)
        return .startLookedFor(StartLook(.given(FoundRuns(runs, isConclusive: true)), clock: clock, rival: nil))
    }
}

extension PreparedStart {
    static let sample = PreparedStart(
        request: ProviderRequest(method: "POST", url: "https://fake.test/runs", purpose: "trigger.request"),
        remote: ["our_id": "agent-1"],
        digest: "d1"
    )
}

extension Artifact {
    static let sample = Artifact(name: "a.csv", path: "/files/a.csv", bytes: 3, sha256: "ab")
}

extension ArtifactLink {
    /// A link to a file of that name.
    static func sample(_ name: String, isOptional: Bool = false) -> ArtifactLink {
        let url = "https://fake.test/files/\(name)"
        return ArtifactLink(
            request: ProviderRequest(method: "GET", url: url, purpose: "download"),
            isOptional: isOptional
        )
    }
}
