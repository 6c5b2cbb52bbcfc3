/// From a remote end to files on disk.
extension RunMachine {
    mutating func nextFile(_ moment: Moment) -> RunAction {
        if let link = run.links.first { return .download(link) }
        finish(run.verdict ?? .succeeded, nil, run.reason, moment)
        return .rest
    }

    mutating func fileDelivered(_ artifact: Artifact, _ moment: Moment) -> RunAction {
        guard run.state == .downloading, !run.links.isEmpty else { return .rest }
        let link = run.links.removeFirst()
        // A script's file is fetched for what it says, even where the user wants none kept.
        if run.options.delivery != .none { run.artifacts.append(artifact) }
        warn(link.warnings(after: artifact, of: run.artifacts, isLast: run.links.isEmpty))
        if isScripted {
            run.state = .running
            return .nextScriptStep
        }
        return nextFile(moment)
    }

    /// A file that cannot be had fails a run that ended well; a failed run keeps its verdict.
    mutating func fileFailed(_ name: String, _ message: String, _ moment: Moment) -> RunAction {
        guard run.state == .downloading, let link = run.links.first else { return .rest }
        let isDispensable = link.isOptional || !isScripted && run.verdict != .succeeded
        guard isDispensable else {
            let subject = isScripted ? "" : "the run succeeded, but "
            finish(.failed, .artifacts, "\(subject)\(name) could not be fetched: \(message)", moment)
            return .rest
        }
        warn(["\(name) was not fetched: \(message)"])
        run.links.removeFirst()
        guard isScripted else { return nextFile(moment) }
        run.state = .running
        return .answerScript
    }
}
