/// Fetches the files of a run.
extension RunDriver {
    /// Fetches files side by side, and tells the machine of each as it comes.
    func download(_ links: [ArtifactLink]) async throws(RunError) -> RunAction {
        recorder?.begin(.download)
        defer { recorder?.begin(.other) }
        let result: Result<RunAction, RunError> = await withTaskGroup(of: Void.self) { group in
            do throws(RunError) {
                return .success(try await attend(&group, to: links))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Asks for the status of an ended run, which shows links that have not expired.
    func renewLinks() async throws(RunError) -> RunAction {
        if Task.isCancelled { return try await handle(.stopped(stop.reason)) }
        recorder?.begin(.poll)
        let verdict: PollVerdict
        do throws(PluginFault) {
            verdict = try await provider.poll(run, through: courier)
        } catch {
            return try await handle(.pollFaulted(error))
        }
        if Task.isCancelled, case .unanswered = verdict { return try await handle(.stopped(stop.reason)) }
        let before = run.links
        let action = try await handle(.linksRenewed(verdict))
        await removePartials(of: before)
        return action
    }

    /// Removes what is on disk of files that are given up.
    private func removePartials(of links: [ArtifactLink]) async {
        let wanted = Set(run.links.filter { $0.fetch?.failure == nil }.compactMap { $0.fetch?.number })
        for link in links {
            guard let fetch = link.fetch, let partial = fetch.partial, !wanted.contains(fetch.number) else { continue }
            await engine.artifacts.remove(partial.name, of: run.id)
        }
    }

    /// Begins what is due and handles what comes, one after another, until nothing is under way.
    private func attend(_ group: inout TaskGroup<Void>, to links: [ArtifactLink]) async throws(RunError) -> RunAction {
        let mailbox = Mailbox<DeliveryNews>()
        var underWay: Set<Int> = []
        var action = RunAction.download(links)
        var failure: RunError?
        repeat {
            if failure == nil, case .download(let due) = action {
                // No more than can go on at once, so that one slot means one after another, in their order.
                for link in due where underWay.count < engine.transfers.count {
                    if underWay.insert(link.fetch?.number ?? 0).inserted { begin(link, &group, mailbox) }
                }
            } else {
                // Nothing more is wanted; what ended all the same is found when the run is taken up again.
                group.cancelAll()
            }
            let news = await mailbox.receive()
            if case .ended(_, let number) = news { underWay.remove(number) }
            do throws(RunError) {
                action = try await take(news, isLost: failure != nil) ?? action
            } catch {
                failure = error
            }
        } while !underWay.isEmpty
        if let failure { throw failure }
        return action
    }

    private func begin(_ link: ArtifactLink, _ group: inout TaskGroup<Void>, _ mailbox: Mailbox<DeliveryNews>) {
        let number = link.fetch?.number ?? 0
        let delivery = Delivery(link, for: self) { partial in
            await withCheckedContinuation { isSaved in
                mailbox.send(.progressed(partial, number: number, isSaved: isSaved))
            }
        }
        group.addTask { mailbox.send(.ended(await delivery.fetch(), number: number)) }
    }

    /// Takes in what a delivery tells; nil leaves the action as it is.
    ///
    /// With `isLost` nothing can be saved any more.
    private func take(_ news: DeliveryNews, isLost: Bool) async throws(RunError) -> RunAction? {
        switch news {
        case .progressed(let partial, let number, let isSaved):
            guard !isLost else {
                isSaved.resume(returning: false)
                return nil
            }
            do throws(RunError) {
                _ = try await handle(.fileProgressed(partial, number: number), journal: facts(of: partial))
                isSaved.resume(returning: true)
                return nil
            } catch {
                isSaved.resume(returning: false)
                throw error
            }
        case .ended(let outcome, let number): return isLost ? nil : try await take(outcome, number)
        }
    }

    private func take(_ outcome: Delivery.Outcome, _ number: Int) async throws(RunError) -> RunAction {
        note(outcome, of: run.links.first { $0.fetch?.number == number })
        switch outcome {
        case .delivered(let artifact, let headers):
            let facts = [.filePublished(artifact)] + scriptFacts(after: artifact, headers)
            return try await handle(.fileDelivered(artifact, number: number), journal: facts, durability: .durable)
        case .failed(let trouble): return try await handle(.fileFailed(trouble, number: number))
        case .expired(let trouble): return try await handle(.fileExpired(trouble, number: number))
        case .faulted(let fault): return try await handle(.pollFaulted(fault))
        case .stopped: return try await handle(.stopped(stop.reason))
        }
    }

    private func facts(of partial: PartialFile) -> [JournalEntry.Fact] {
        if let sha256 = partial.sha256 {
            return [.fileSealed(name: partial.name, bytes: partial.synced, sha256: sha256)]
        }
        return partial.synced == 0 ? [.fileOpened(name: partial.name)] : []
    }
}
