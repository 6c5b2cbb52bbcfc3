package import RunCore
import Testing

/// What every log of exchanges must do, as test bodies that all of them run.
package struct ExchangeLogSuite: Sendable {
    /// What is checked, one case per claim.
    package enum Rule: String, Sendable, CaseIterable {
        case runWithoutExchangesHasNoRecording
        case exchangesComeBackAsTheyWere
        case numbersCountOn
        case pollsAreGivenUpFirst
        case startAndLatestAreNeverGivenUp
        case firstConnectionCounts
        case absentRunHasNoExchanges
        case oldExchangesOfEndedRunsAreRemoved
        case removedRunLeavesNothing
        case onlyADriverRemoves
        case neededSourceStays
    }

    /// Opens the storage under test as one more process.
    let open: @Sendable () async throws -> any RunStore & ExchangeLog

    package init(open: @escaping @Sendable () async throws -> any RunStore & ExchangeLog) {
        self.open = open
    }

    /// Checks one rule; the storage must be one that nothing was written to yet.
    package func check(_ rule: Rule) async throws {
        switch rule {
        case .runWithoutExchangesHasNoRecording: try await runWithoutExchangesHasNoRecording()
        case .exchangesComeBackAsTheyWere: try await exchangesComeBackAsTheyWere()
        case .numbersCountOn: try await numbersCountOn()
        case .pollsAreGivenUpFirst: try await pollsAreGivenUpFirst()
        case .startAndLatestAreNeverGivenUp: try await startAndLatestAreNeverGivenUp()
        case .firstConnectionCounts: try await firstConnectionCounts()
        case .absentRunHasNoExchanges: try await absentRunHasNoExchanges()
        case .oldExchangesOfEndedRunsAreRemoved: try await oldExchangesOfEndedRunsAreRemoved()
        case .removedRunLeavesNothing: try await removedRunLeavesNothing()
        case .onlyADriverRemoves: try await onlyADriverRemoves()
        case .neededSourceStays: try await neededSourceStays()
        }
    }

    // MARK: - Keeping

    func runWithoutExchangesHasNoRecording() async throws {
        let log = try await open()
        try await log.create(.sample())
        #expect(try await log.recording(of: Run.sample().id) == nil)
        try await log.append([], of: Run.sample().id, over: RecordedConnection(), limit: 10)
        #expect(try await log.recording(of: Run.sample().id) == nil)
    }

    func exchangesComeBackAsTheyWere() async throws {
        let (log, other) = (try await open(), try await open())
        try await log.create(.sample())
        let exchanges = KeptExchange.ofEveryKind
        let connection = RecordedConnection(settings: ["a": [1, "é"]], baseURL: "https://x", secrets: ["token"])
        try await log.append(exchanges, of: Run.sample().id, over: connection, limit: .max)
        let recording = try await other.recording(of: Run.sample().id)
        #expect(recording == Recording(connection: connection, exchanges: exchanges))
    }

    func numbersCountOn() async throws {
        let log = try await open()
        for number in 1...2 as ClosedRange<UInt64> { try await log.create(.sample(number)) }
        for batch in [[1, 2], [3], [1]] {
            let exchanges = batch.map { KeptExchange.sample($0) }
            try await log.append(exchanges, of: Run.sample(1).id, over: RecordedConnection(), limit: .max)
        }
        try await log.append([.sample(1)], of: Run.sample(2).id, over: RecordedConnection(), limit: .max)
        let recording = try #require(try await log.recording(of: Run.sample(1).id))
        #expect(recording.exchanges.map(\.number) == [1, 2, 5, 6])
        #expect(recording.exchanges.map { recording.leftOut(before: $0) } == [0, 0, 2, 0])
        #expect(try await log.recording(of: Run.sample(2).id)?.exchanges.map(\.number) == [1])
    }

    func firstConnectionCounts() async throws {
        let log = try await open()
        try await log.create(.sample())
        for url in ["https://a", "https://b"] {
            let connection = RecordedConnection(baseURL: url)
            try await log.append([.sample(1)], of: Run.sample().id, over: connection, limit: .max)
        }
        #expect(try await log.recording(of: Run.sample().id)?.connection.baseURL == "https://a")
    }

    func absentRunHasNoExchanges() async throws {
        let log = try await open()
        var isRefused = false
        do {
            try await log.append([.sample(1)], of: Run.sample().id, over: RecordedConnection(), limit: .max)
        } catch {
            isRefused = error.code == .store
        }
        #expect(isRefused)
        #expect(try await log.recording(of: Run.sample().id) == nil)
    }

    // MARK: - Limits

    func pollsAreGivenUpFirst() async throws {
        let log = try await open()
        try await log.create(.sample())
        let kinds: [KeptExchange.Kind] = [.other, .start, .poll, .poll, .download, .poll]
        let exchanges = kinds.enumerated().map { KeptExchange.sample($0.offset + 1, $0.element) }
        // Room for four of six.
        let size = 4 * 10_000 + 9_000
        try await log.append(exchanges, of: Run.sample().id, over: RecordedConnection(), limit: size)
        #expect(try await log.recording(of: Run.sample().id)?.exchanges.map(\.number) == [1, 2, 5, 6])
    }

    func startAndLatestAreNeverGivenUp() async throws {
        let log = try await open()
        try await log.create(.sample())
        for kind in [KeptExchange.Kind.other, .start, .poll, .download, .start, .poll] {
            try await log.append([.sample(1, kind)], of: Run.sample().id, over: RecordedConnection(), limit: 1)
        }
        #expect(try await log.recording(of: Run.sample().id)?.exchanges.map(\.number) == [2, 5, 6])
    }

    func oldExchangesOfEndedRunsAreRemoved() async throws {
        let log = try await open()
        let begin = KeptExchange.sample(1).sentAt
        for (number, state) in [(1, .succeeded), (2, .unwatched), (3, .failed)] as [(UInt64, RunState)] {
            try await log.create(.sample(number, state: state))
            var exchange = KeptExchange.sample(1)
            if number == 3 { exchange = KeptExchange.sample(1, after: .seconds(10)) }
            try await log.append([exchange], of: Run.sample(number).id, over: RecordedConnection(), limit: .max)
        }
        #expect(try await log.removeExchanges(before: begin, limit: 10) == 0)
        #expect(try await log.removeExchanges(before: begin + .seconds(11), limit: 1) == 1)
        #expect(try await log.recording(of: Run.sample(1).id) == nil)
        #expect(try await log.recording(of: Run.sample(3).id) != nil)
        #expect(try await log.removeExchanges(before: begin + .seconds(11), limit: 10) == 1)
        #expect(try await log.recording(of: Run.sample(2).id) != nil)
        #expect(try await log.load(Run.sample(1).id) != nil)
    }

    // MARK: - Removing

    func removedRunLeavesNothing() async throws {
        let (log, other) = (try await open(), try await open())
        let digest = Run.sample().plugin.digest
        try await log.keepSource([1], digest: digest)
        try await log.create(.sample())
        _ = try await log.save(.sample(state: .failed), at: 1, appending: [.noted], durability: .ordinary)
        try await log.requestCancel(of: Run.sample().id)
        try await log.append([.sample(1)], of: Run.sample().id, over: RecordedConnection(), limit: .max)
        #expect(try await log.claim(Run.sample().id) == .granted)
        #expect(try await log.remove(Run.sample().id))
        #expect(try await other.load(Run.sample().id) == nil)
        #expect(try await other.journal(of: Run.sample().id) == [])
        #expect(try await other.recording(of: Run.sample().id) == nil)
        #expect(try await !other.isCancelRequested(Run.sample().id))
        #expect(try await other.source(digest: digest) == nil)
        #expect(try await other.list(RunFilter()) == [])
    }

    func onlyADriverRemoves() async throws {
        let (log, other) = (try await open(), try await open())
        try await log.create(.sample())
        #expect(try await !log.remove(Run.sample().id))
        #expect(try await log.claim(Run.sample().id) == .granted)
        #expect(try await !other.remove(Run.sample().id))
        #expect(try await log.load(Run.sample().id) != nil)
        #expect(try await !other.remove(Run.sample(2).id))
    }

    func neededSourceStays() async throws {
        let log = try await open()
        let digest = Run.sample().plugin.digest
        try await log.keepSource([1], digest: digest)
        for number in 1...2 as ClosedRange<UInt64> {
            try await log.create(.sample(number))
            #expect(try await log.claim(Run.sample(number).id) == .granted)
        }
        #expect(try await log.remove(Run.sample(1).id))
        #expect(try await log.source(digest: digest) == [1])
        #expect(try await log.remove(Run.sample(2).id))
        #expect(try await log.source(digest: digest) == nil)
    }
}
