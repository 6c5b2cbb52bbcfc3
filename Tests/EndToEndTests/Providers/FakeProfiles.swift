import AgentTesting

/// RudderStack's API of Profiles, with the answers that a test gives it.
struct FakeProfiles {
    let fake: FakeProvider

    /// Answers to a start and to a question about the run.
    init(_ fake: FakeProvider, start: FakeProviderReply, status: String = #"{"status":"finished"}"#) {
        self.fake = fake
        fake.reply { request in request.method == "POST" ? start : .answer(200, text: status) }
    }

    /// How many starts arrived.
    var starts: Int { fake.requests.count { $0.method == "POST" } }

    /// A place to run the agent in that knows it.
    func place() throws -> Workplace {
        var place = try Workplace()
        place.environment["AGENT_RUDDERSTACK_PROFILES_BASE_URL"] = fake.url
        place.environment["AGENT_RUDDERSTACK_PROFILES_TOKEN"] = "test-token"
        return place
    }
}
