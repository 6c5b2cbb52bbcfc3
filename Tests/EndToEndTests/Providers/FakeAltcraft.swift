import AgentTesting

/// An Altcraft platform that sends half of its file at the first request, and all of it later.
struct FakeAltcraft {
    let fake: FakeProvider
    /// Open once half of the file was sent.
    let halfSent = FakeProviderSignal()

    /// The file: a header and 1,343 profiles.
    static let file = Array(
        ("id,email\n" + (1...1343).map { "\($0),user\($0)@example.com\n" }.joined()).utf8
    )

    init(_ fake: FakeProvider) {
        self.fake = fake
        fake.reply { [halfSent] request in
            switch request.uri {
            case "/api/v1.1/profiles/get_all": return Self.ok(#"{"task_id":"task_1"}"#)
            case "/api/v1.1/tasks/status": return Self.ok(Self.status)
            case "/api/download/data/f1/1_database_export.csv":
                return halfSent.isOpen ? .answer(200, headers: Self.type, body: Self.file) : Self.half(then: halfSent)
            default: return .answer(404)
            }
        }
    }

    /// How many starts arrived.
    var starts: Int { fake.requests.count { $0.uri.hasSuffix("/get_all") } }

    /// A place to run the agent in that knows it.
    func place() throws -> Workplace {
        var place = try Workplace()
        place.environment["AGENT_ALTCRAFT_URL"] = fake.url
        place.environment["AGENT_ALTCRAFT_TOKEN"] = "0123456789abcdef"
        return place
    }

    private static func half(then sent: FakeProviderSignal) -> FakeProviderReply {
        let head = FakeProviderReply.head(200, type + [("Content-Length", String(file.count))])
        return FakeProviderReply(
            [.bytes(head + file.prefix(file.count / 2)), .open(sent), .wait(FakeProviderSignal())],
            then: .silence
        )
    }

    private static func ok(_ data: String) -> FakeProviderReply {
        .answer(200, text: #"{"data":\#(data),"error":0,"error_text":"Successful operation"}"#)
    }

    private static let type = [("Content-Type", "text/csv; charset=utf-8")]

    private static let status = """
        {"status": "completed", "progress": 100, "result": {"errors": [], "source_id": 1, "total": 1343, \
        "type": "database", "urls": ["/api/download/data/f1/1_database_export.csv"]}}
        """
}
