/// From a remote end to files on disk.
extension RunMachine {
    /// How often the link of a file is renewed, at most.
    private static let renewals = 3

    /// Keeps the links of an ended run, numbered, until their files are there.
    mutating func offer(_ links: [ArtifactLink], after verdict: RunState, _ isPolled: Bool) {
        run.verdict = verdict
        run.links = links.enumerated().map { number, link in
            var link = link
            var fetch = FetchState(number: number)
            fetch.canRenew = isPolled && link.isGiven == true
            link.fetch = fetch
            return link
        }
    }

    /// What is due for the files that are missing.
    mutating func nextFile(_ moment: Moment) -> RunAction {
        for index in run.links.indices {
            let known = run.links[index].fetch
            run.links[index].fetch = known ?? FetchState(number: index)
        }
        let due = run.links.filter(\.isDue)
        if !due.isEmpty { return .download(due) }
        if run.links.contains(where: { $0.fetch?.expiry != nil }) {
            if let wakeAt = run.wakeAt, wakeAt > moment.now { return .wait(until: wakeAt) }
            return .renewLinks
        }
        return filesEnded(moment)
    }

    mutating func fileProgressed(_ partial: PartialFile, _ number: Int) -> RunAction {
        guard run.state == .downloading, let index = index(of: number) else { return .rest }
        run.links[index].fetch?.partial = partial
        return .rest
    }

    mutating func fileDelivered(_ artifact: Artifact, _ number: Int, _ moment: Moment) -> RunAction {
        guard run.state == .downloading, let index = index(of: number) else { return .rest }
        let link = run.links.remove(at: index)
        // A script's file is fetched for what it says, even where the user wants none kept.
        if run.options.delivery != .none { add(artifact, number) }
        warn(link.warnings(after: artifact, of: run.artifacts, isLast: run.links.isEmpty))
        guard isScripted else { return nextFile(moment) }
        run.state = .running
        return .nextScriptStep
    }

    /// A file that cannot be had fails a run that ended well, once the others are there; a failed run keeps its
    /// verdict.
    mutating func fileFailed(_ trouble: FileTrouble, _ number: Int, _ moment: Moment) -> RunAction {
        guard run.state == .downloading, let index = index(of: number) else { return .rest }
        let link = run.links[index]
        if link.isOptional || !isScripted && run.verdict != .succeeded {
            warn(["\(trouble.name) was not fetched: \(trouble.message)"])
            run.links.remove(at: index)
            guard isScripted else { return nextFile(moment) }
            run.state = .running
            return .answerScript
        }
        run.links[index].fetch?.failure = trouble
        run.links[index].fetch?.expiry = nil
        run.links[index].fetch?.partial = nil
        return nextFile(moment)
    }

    // MARK: - Links that expire

    mutating func fileExpired(_ trouble: FileTrouble, _ number: Int, _ moment: Moment) -> RunAction {
        guard run.state == .downloading, let index = index(of: number) else { return .rest }
        guard let fetch = run.links[index].fetch, fetch.canRenew, !isScripted, fetch.renewals < Self.renewals else {
            return fileFailed(trouble, number, moment)
        }
        run.links[index].fetch?.expiry = trouble
        if fetch.renewals > 0 {
            run.wakeAt = moment.now + policy.delay(afterFailures: fetch.renewals, chance: moment.chance)
        }
        return nextFile(moment)
    }

    mutating func linksRenewed(_ verdict: PollVerdict, _ moment: Moment) -> RunAction {
        guard run.state == .downloading, run.links.contains(where: { $0.fetch?.expiry != nil }) else { return .rest }
        run.polls += 1
        run.wakeAt = nil
        switch verdict {
        case .report(let report): return renew(with: report.links, moment)
        case .unanswered: return renewalFailed(nil, moment)
        case .refused(let refusal) where refusal.reasonClass.isPassing:
            return renewalFailed(refusal.retryAfter, moment)
        case .refused: return renew(with: [], moment)
        }
    }

    /// Puts fresh links in the place of those that expired; where there is none, the file cannot be had.
    private mutating func renew(with fresh: [ArtifactLink], _ moment: Moment) -> RunAction {
        run.watch.unreadableSince = nil
        run.watch.failures = 0
        for link in run.links {
            guard var fetch = link.fetch, let trouble = fetch.expiry else { continue }
            guard var next = Self.match(link, fetch.number, in: fresh), let index = index(of: fetch.number) else {
                _ = fileFailed(trouble, fetch.number, moment)
                continue
            }
            fetch.renewals += 1
            fetch.expiry = nil
            next.fetch = fetch
            run.links[index] = next
        }
        return run.state == .downloading ? nextFile(moment) : .rest
    }

    /// The status cannot be read at the moment: that says nothing about the links.
    private mutating func renewalFailed(_ retryAfter: Duration?, _ moment: Moment) -> RunAction {
        guard mayAskAgain(moment) else { return renew(with: [], moment) }
        delayAsking(retryAfter, moment)
        return nextFile(moment)
    }

    /// The fresh link of a file: the only one of that name, else the one at its place.
    private static func match(_ link: ArtifactLink, _ number: Int, in fresh: [ArtifactLink]) -> ArtifactLink? {
        let named = fresh.filter { $0.wishedName == link.wishedName }
        if named.count == 1 { return named[0] }
        guard fresh.indices.contains(number), named.isEmpty || named.contains(fresh[number]) else { return nil }
        return fresh[number]
    }

    // MARK: - Ends

    private mutating func filesEnded(_ moment: Moment) -> RunAction {
        let failures = run.links.compactMap { $0.fetch?.failure }
        guard !failures.isEmpty else {
            finish(run.verdict ?? .succeeded, nil, run.reason, moment)
            return .rest
        }
        let (links, verdict) = (run.links, run.verdict)
        let subject = isScripted ? "" : "the run succeeded, but "
        var texts = failures.prefix(3).map { "\($0.name) could not be fetched: \($0.message)" }
        if failures.count > 3 { texts.append("and \(failures.count - 3) more files") }
        finish(.failed, .artifacts, subject + texts.joined(separator: "; "), moment)
        // Kept for whoever asks for them again.
        (run.links, run.verdict) = (links, verdict)
        return .rest
    }

    /// Takes up an ended run for the files that it could not have.
    mutating func filesAsked(_ moment: Moment) -> RunAction {
        guard run.lacksFiles else { return .rest }
        if run.options.delivery == .standardOutput, run.links.count > 1 { return .rest }
        for index in run.links.indices {
            run.links[index].fetch?.failure = nil
            run.links[index].fetch?.expiry = nil
            run.links[index].fetch?.renewals = 0
        }
        run.finishedAt = nil
        watchAgain(moment)
        return isScripted ? .nextScriptStep : nextFile(moment)
    }

    // MARK: - Parts

    private func index(of number: Int) -> Int? { run.links.firstIndex { $0.fetch?.number == number } }

    /// Adds a file at its place among the others, in whatever order they come.
    private mutating func add(_ artifact: Artifact, _ number: Int) {
        var artifact = artifact
        artifact.number = isScripted ? nil : number
        let place = isScripted ? nil : run.artifacts.firstIndex { $0.number ?? -1 > number }
        run.artifacts.insert(artifact, at: place ?? run.artifacts.endIndex)
    }
}

extension Run {
    /// Whether it ended without files that may still be had.
    package var lacksFiles: Bool { state == .failed && reasonClass == .artifacts && !links.isEmpty }
}
