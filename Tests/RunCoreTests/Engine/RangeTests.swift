import Testing

@testable import RunCore

/// What may be added to what is there.
struct RangeTests {
    static let date = "Sat, 21 Nov 2026 08:00:00 GMT"
    static let later = "Sat, 21 Nov 2026 08:01:00 GMT"

    @Test(
        arguments: [
            (["ETag": "\"1\""] as HTTPHeaders, "\"1\"" as String?), (["ETag": "W/\"1\""], nil),
            (["ETag": "1"], nil), (["ETag": "\"a\"b\""], nil),
            (["ETag": "\"1\"", "Last-Modified": RangeTests.date], "\"1\""),
            (["ETag": "W/\"1\"", "Last-Modified": RangeTests.date, "Date": RangeTests.later], nil),
            (["Last-Modified": RangeTests.date, "Date": RangeTests.later], Optional(RangeTests.date)),
            (["Last-Modified": RangeTests.date, "Date": RangeTests.date], nil),
            (["Last-Modified": RangeTests.date], nil), (["ETag": "\"1\"", "Accept-Ranges": "none"], nil),
            (["ETag": "\"1\"", "Content-Encoding": "gzip"], nil),
            (["ETag": "\"1\"", "Content-Encoding": "identity"], "\"1\""), ([:], nil),
        ] as [(HTTPHeaders, String?)]
    )
    func onlyStrongValidatorsCount(headers: HTTPHeaders, validator: String?) {
        #expect(RangeValidator.ifRange(headers) == validator)
    }

    @Test(
        arguments: [
            ("bytes 5-9/10", 5..<10, 10), ("bytes 5-9/*", 5..<10, nil), ("bytes */10", nil, 10),
            ("Bytes 0-0/1", 0..<1, 1),
        ] as [(String, Range<Int64>?, Int64?)]
    )
    func contentRangeIsRead(text: String, bytes: Range<Int64>?, total: Int64?) throws {
        let range = try #require(ContentRange(text))
        #expect(range.bytes == bytes)
        #expect(range.total == total)
    }

    @Test(arguments: [
        "", "bytes", "bytes 5-", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "bytes -5/10", "items 5-9/10",
        "bytes 5-9/10/11", "bytes +5-9/10", "bytes */*", "bytes 5-99999999999999999999/*",
    ])
    func otherTextIsNoRange(text: String) {
        #expect(ContentRange(text) == nil)
    }

    @Test(
        arguments: [
            (["Content-Range": "bytes 5-9/10", "ETag": "\"1\""], true), (["Content-Range": "bytes 5-9/10"], false),
            (["Content-Range": "bytes 5-9/10", "ETag": "\"2\""], false),
            (["Content-Range": "bytes 4-9/10", "ETag": "\"1\""], false),
            (["Content-Range": "bytes 5-9/11", "ETag": "\"1\""], false),
            (["Content-Range": "bytes 5-9/*", "ETag": "\"1\""], true),
            (["Content-Range": "bytes 5-9/10", "ETag": "\"1\"", "Content-Encoding": "gzip"], false),
            (["Content-Type": "multipart/byteranges; boundary=x", "ETag": "\"1\""], false),
        ] as [(HTTPHeaders, Bool)]
    )
    func partHasToFitWhatIsThere(headers: HTTPHeaders, fits: Bool) {
        let point = ResumePoint(bytes: 5, validator: "\"1\"")
        let partial = PartialFile(name: "a", validator: "\"1\"", bytes: 10, era: nil)
        let head = ProviderResponse(status: 206, headers: headers, url: "")
        #expect((point.problem(with: head, of: partial) == nil) == fits)
    }

    @Test(
        arguments: [
            (416, ["Content-Range": "bytes */5"], true), (416, ["Content-Range": "bytes */6"], false),
            (416, [:], false), (416, ["Content-Range": "bytes */5", "ETag": "\"2\""], false),
            (200, ["Content-Range": "bytes */5"], false),
        ] as [(Int, HTTPHeaders, Bool)]
    )
    func unsatisfiedRangeMayMeanThatAllIsThere(status: Int, headers: HTTPHeaders, isEnd: Bool) {
        let point = ResumePoint(bytes: 5, validator: "\"1\"")
        let partial = PartialFile(name: "a", validator: "\"1\"", bytes: nil, era: nil)
        #expect(point.isEnd(ProviderResponse(status: status, headers: headers, url: ""), of: partial) == isEnd)
    }

    @Test func decodedBodyMayNotGrowWithoutLimit() {
        let partial = PartialFile(name: "a", validator: nil, bytes: nil, era: nil)
        let check = ContentCheck(ArtifactLink(text: "a"), partial, encodedBytes: 1 << 20)
        #expect(throws: Never.self) { try check.verify(bytesSoFar: 256 << 20) }
        #expect(throws: ArtifactError.self) { try check.verify(bytesSoFar: 256 << 20 + 1) }
        let small = ContentCheck(ArtifactLink(text: "a"), partial, encodedBytes: 10)
        #expect(throws: Never.self) { try small.verify(bytesSoFar: 64 << 20) }
    }
}
