import AgentTesting
import RunCore

/// An Altcraft platform that sends half of its file at the first request, and all of it, or the rest, later.
struct FakeAltcraft {
    let fake: FakeProvider
    /// Open once half of the file was sent.
    let halfSent = FakeProviderSignal()

    /// The file: a header and 1,343 profiles.
    static let file = Array(
        ("id,email\n" + (1...1343).map { "\($0),user\($0)@example.com\n" }.joined()).utf8
    )

    /// A platform whose file has this entity tag, and another one later; with a tag it serves ranges.
    init(_ fake: FakeProvider, tag: String? = nil, laterTag: String? = nil) {
        self.fake = fake
        fake.reply { [halfSent] request in
            switch request.uri {
            case "/api/v1.1/profiles/get_all": return Self.ok(#"{"task_id":"task_1"}"#)
            case "/api/v1.1/tasks/status": return Self.ok(Self.status)
            case "/api/download/data/f1/1_database_export.csv":
                guard halfSent.isOpen else { return Self.half(tag, then: halfSent) }
                return Self.rest(laterTag ?? tag, request)
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

    /// The `Range` of each request for the file; nil for a request for all of it.
    var ranges: [String?] {
        fake.requests.filter { $0.uri.hasPrefix("/api/download/") }.map { $0.headers["range"] }
    }

    private static func rest(_ tag: String?, _ request: FakeProviderRequest) -> FakeProviderReply {
        let headers = type + (tag.map { [("ETag", $0)] } ?? [])
        guard let tag, request.headers["if-range"] == tag, let range = request.headers["range"],
            let first = Int(range.dropFirst("bytes=".count).dropLast())
        else { return .answer(200, headers: headers, body: file) }
        let part = ("Content-Range", "bytes \(first)-\(file.count - 1)/\(file.count)")
        return .answer(206, headers: headers + [part], body: Array(file.dropFirst(first)))
    }

    private static func half(_ tag: String?, then sent: FakeProviderSignal) -> FakeProviderReply {
        let headers = type + (tag.map { [("ETag", $0)] } ?? [])
        let head = FakeProviderReply.head(200, headers + [("Content-Length", String(file.count))])
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
