import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Starts whose answer was lost, where the provider takes a key of ours, or lists what it started.
@Suite(.scratchFolder, .hangGuard) struct RepeatedStartTests {
    // MARK: - Ids of ours

    @Test func startThatWasPlacedBeforeIsOurOwn() async throws {
        try await withMarket(Self.refusing) { world, network in
            network.failStarts(.answerLost)
            let outcome = await world.agent("run", "market", "s1", "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome["adopted"] == false)
            #expect(outcome["warnings"] == [])
            let orders = Self.starts(of: network).map(\.text)
            #expect(orders.count == 2)
            #expect(Set(orders).count == 1)
            let order = try #require(outcome["remote"]?["order"]?.string)
            #expect(orders.first == #"{"order":"\#(order)"}"#)
        }
    }

    @Test func startThatDidNotArriveIsPlacedByTheSecond() async throws {
        try await withMarket(Self.refusing) { world, network in
            network.failStarts(.lost(.connectionLost))
            #expect(await world.agent("run", "market", "s1").status == 0)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func otherRefusalOfARepeatedStartLeavesItUnknown() async throws {
        try await withMarket(Self.refusing) { world, network in
            network.failStarts(.answerLost, .answer(.plain(400, [:], #"{"message": "no"}"#)))
            let outcome = await world.agent("run", "market", "s1", "--format", "json")
            #expect(outcome.status == 8)
            #expect(
                outcome["reason"]?.string?.hasSuffix("sent again, it was answered: no (HTTP 400)") == true
            )
            #expect(network.startsArrived == 1)
        }
    }

    @Test func idsOfOursAreKnownThoughNoAnswerCame() async throws {
        try await withMarket(Self.refusing) { world, network in
            network.failStarts(.answerLost, .answer(.plain(400, [:], "{}")))
            let outcome = await world.agent("run", "market", "s1", "--format", "json")
            #expect(outcome["state"] == "unknown")
            #expect(outcome["remote"]?["order"]?.string?.hasPrefix("agent-") == true)
        }
    }

    @Test func twoRunsHaveTwoIds() async throws {
        try await withMarket(Self.refusing) { world, _ in
            let first = await world.agent("run", "market", "s1", "--format", "json")
            let second = await world.agent("run", "market", "s1", "--format", "json")
            #expect(first.status == 0)
            #expect(second.status == 0)
            #expect(first["remote"]?["order"] != second["remote"]?["order"])
        }
    }

    // MARK: - Keys that give the same run again

    @Test func sameStartAgainGivesTheSameRun() async throws {
        try await withMarket(Self.same) { world, network in
            network.failStarts(.answerLost, .answerLost)
            let outcome = await world.agent("run", "market", "s1", "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(Set(Self.starts(of: network).map { $0.headers["Idempotency-Key"] }).count == 1)
            let sales = try await Self.sales(in: world)
            #expect(sales == 1)
            #expect(network.startsArrived == 3)
        }
    }

    @Test func twoRunsHaveTwoKeys() async throws {
        try await withMarket(Self.same) { world, network in
            #expect(await world.agent("run", "market", "s1").status == 0)
            #expect(await world.agent("run", "market", "s1").status == 0)
            #expect(Set(Self.starts(of: network).map { $0.headers["Idempotency-Key"] }).count == 2)
            let sales = try await Self.sales(in: world)
            #expect(sales == 2)
        }
    }

    @Test func retriggeredRunKeepsItsKeySoThatItCannotStartTwice() async throws {
        try await withMarket(Self.same) { world, network in
            network.failStarts(.answerLost, .answer(.plain(400, [:], "{}")))
            let run = try await world.agent("run", "market", "s1").run
            let outcome = await world.agent("resume", run, "--retrigger", "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(Set(Self.starts(of: network).map { $0.headers["Idempotency-Key"] }).count == 1)
            let sales = try await Self.sales(in: world)
            #expect(sales == 1)
        }
    }

    // MARK: - Runs that are found

    @Test func runWithOurKeyIsFollowedWithoutAWarning() async throws {
        try await withMarket(Self.certain) { world, network in
            #expect(await world.agent("run", "market", "s1").status == 0)
            network.failStarts(.answerLost)
            let outcome = await world.agent("run", "market", "s1", "--adopt", "certain", "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome["adopted"] == true)
            #expect(outcome["warnings"] == [])
            #expect(network.startsArrived == 2)
        }
    }

    @Test(arguments: [("settle = \"20s\",", Int32(0), 1), ("", 8, 0)])
    func startThatGotNoAnswerIsSentAgainOnlyIfThePluginSaysHowLongItMayTake(
        settle: String,
        status: Int32,
        arrived: Int
    ) async throws {
        let changes = ["trigger": Self.trigger(settle), "find": Self.find("false")]
        try await withMarket(changes) { world, network in
            network.failStarts(.lost(.timeout))
            let began = world.clock.now()
            #expect(await world.agent("run", "market", "s1").status == status)
            #expect(network.startsArrived == arrived)
            if arrived > 0 { #expect(world.clock.now() - began >= .seconds(20)) }
        }
    }

    @Test func unknownRunIsFoundWhenItIsResumed() async throws {
        try await withMarket(["find": Self.find("false"), "resolve": nil]) { world, network in
            network.failStarts(.answerLost)
            network.failPolls([.answer(.plain(403, [:], #"{"message": "not for you"}"#))])
            let run = try await world.agent("run", "market", "s1").run
            #expect(await world.agent("status", run, "--format", "json")["state"] == "unknown")
            let outcome = await world.agent("resume", run, "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome["adopted"] == true)
            #expect(network.startsArrived == 1)
        }
    }

    // MARK: - What is shown

    @Test func waysOnNameTheIdWhereThePluginKeepsSeveral() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let outcome = await world.agent("run", "jim", "1/1", "--adopt", "certain")
            #expect(outcome.status == 8)
            #expect(outcome.output.contains("activity 00000001-0000-4000-8000-000000000002 fits by target and time"))
            #expect(outcome.output.contains(" --adopt activity=REMOTE_ID   (it did start: watch that run)"))
        }
    }

    @Test func dryRunTellsWhatIsDoneIfTheAnswerIsLost() async throws {
        try await withMarket(Self.same.merging(["resolve": nil]) { _, new in new }) { world, network in
            let outcome = await world.agent("run", "market", "s1", "--dry-run", "--format", "json")
            #expect(outcome["if_lost"]?.string == "sent again: it starts one run, else a person decides (exit 8)")
            #expect(network.requests.isEmpty)
        }
    }

    @Test func runThatCannotBeFollowedIsNotOfferedToBeAdopted() async throws {
        try await withMarket(["poll": nil, "find": nil, "cancel": nil]) { world, network in
            network.failStarts(.answerLost)
            let outcome = await world.agent("run", "market", "s1")
            #expect(outcome.status == 8)
            #expect(!outcome.output.contains("--adopt"))
            #expect(outcome.output.contains(" --retrigger   (it did not start: start it again)"))
        }
    }

    // MARK: - Parts

    /// A provider that takes ids of ours, and refuses one that it knows.
    private static let refusing: [String: String?] = [
        "trigger": """
        {
            request = { "POST /orders/{target}", json = { order = "{remote.order}" } },
            client_id = { order = "agent-{run.key}" }, repeated = "refused", errors = { [409] = "duplicate" },
          }
        """,
        "poll": """
        {
            request = "GET /sales/{remote.order}", status = "json.status",
            states = { busy = "running", done = "succeeded" },
          }
        """,
        "find": nil, "cancel": nil,
    ]

    /// A provider that gives the same run for the same key.
    private static let same: [String: String?] = [
        "trigger": """
        {
            request = { "POST /sales/{target}", headers = { ["Idempotency-Key"] = "{run.key}" } },
            remote = { sale = "json.sale" }, repeated = "same",
          }
        """,
        "find": nil,
    ]

    private static let certain: [String: String?] = ["trigger": trigger(""), "find": find("sale.note == intent.key")]

    private static func trigger(_ more: String) -> String {
        """
        {
            request = { "POST /sales/{target}", json = { note = "{run.key}" } }, remote = { sale = "json.sale" }, \(more)
          }
        """
    }

    private static func find(_ certain: String) -> String {
        """
        function(ctx, intent)
            local runs = { conclusive = true }
            for _, sale in ipairs(ctx.request({ "GET /sales", query = { stall = ctx.target } }).json.sales) do
              runs[#runs + 1] = { remote = { sale = sale.id }, started_at = sale.started_at, certain = \(certain),
                status = sale.status == "busy" and "running" or "succeeded" }
            end
            return runs
          end
        """
    }

    private static func starts(of network: SimulatedNetwork) -> [ProviderRequest] {
        network.requests.filter { $0.method == "POST" }
    }

    /// How many sales of the stall there are at the provider.
    private static func sales(in world: World) async throws -> Int {
        let action = "{ sales = { target = false, request = \"GET /sales?stall=s1\", result = \"json.sales\" } }"
        try world.writeMarket(["actions": action])
        let outcome = await world.agent("call", "market", "sales", "--format", "json")
        return try #require(outcome["result"]?.array).count
    }
}

extension ProviderRequest {
    /// The body as text.
    fileprivate var text: String { String(decoding: body ?? [], as: UTF8.self) }
}
