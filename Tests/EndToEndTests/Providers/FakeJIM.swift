import AgentTesting

/// A JIM whose activity goes on until the test lets it end, and that counts the starts it saw.
///
/// It lets nobody list activities, so that a lost start stays unknown.
struct FakeJIM {
    let fake: FakeProvider
    /// Open once the activity is to end.
    let end = FakeProviderSignal()

    /// Stands nowhere but in the requests.
    static let key = "jim_0d8f5c2a9b7e4613"

    /// The answer to a start.
    static let accepted = FakeProviderReply.answer(
        202,
        text: #"{"activityId":"a-1","taskId":"t-1","message":"queued","warnings":[]}"#
    )

    init(_ fake: FakeProvider) {
        self.fake = fake
        fake.reply { [end] request in
            if request.isStart { return Self.accepted }
            // Lists are not for this key, so that nothing is found out of a start in doubt.
            if request.uri.contains("/activities?") { return .answer(403, text: #"{"message": "no"}"#) }
            return request.uri.hasSuffix("/progress")
                ? .answer(200, text: Self.progress(isOver: end.isOpen)) : .answer(200, text: Self.activity)
        }
    }

    /// How many starts arrived.
    var starts: Int { fake.requests.count(where: \.isStart) }

    /// What the agent needs to know.
    var settings: [String: String] { ["AGENT_JIM_URL": fake.url, "AGENT_JIM_API_KEY": Self.key] }

    /// Waits for a start.
    func start() async {
        for await request in fake.arrivals where request.isStart { return }
    }

    /// Waits for a poll that comes over a connection after the first `connections`.
    func poll(afterConnection connections: Int) async {
        for await request in fake.arrivals where !request.isStart && request.connection > connections { return }
    }

    private static func progress(isOver: Bool) -> String {
        """
        {"id": "a-1", "status": "\(isOver ? "Complete" : "InProgress")", "message": "Import", "objectsProcessed": 5, \
        "objectsToProcess": 10, "percentComplete": 50, "runType": "DeltaImport", "totalErrors": 0}
        """
    }

    private static let activity = """
        {"id": "a-1", "status": "Complete", "targetName": "Delta Import", "targetContext": "LDAP", \
        "executionTime": "00:00:01", "warningMessage": null, "errorMessage": null}
        """
}

/// Runs a fake JIM and a place to run the agent in that knows it.
func withFakeJIM(
    tls: FakeProviderTLS? = nil,
    _ body: (_ jim: FakeJIM, _ place: inout Workplace) async throws -> Void
) async throws {
    try await withFakeProvider(tls: tls) { fake in
        let jim = FakeJIM(fake)
        var place = try Workplace()
        place.environment.merge(jim.settings) { _, new in new }
        try await body(jim, &place)
    }
}

extension FakeProviderRequest {
    /// Whether it asks JIM to execute a Run Profile.
    var isStart: Bool { method == "POST" && uri.hasSuffix("/execute") }
}
