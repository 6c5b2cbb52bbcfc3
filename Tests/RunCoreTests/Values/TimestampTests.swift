import Foundation
import RunCore
import Testing

struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (1_795_248_559_250, "2026-11-21T08:09:19.250Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func textIsRFC3339InBothDirections(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test func everyMillisecondComesBack() {
        for milliseconds in Int64(1_795_248_559_000)..<1_795_248_560_000 {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(rfc3339: time.rfc3339) == time)
            #expect(Timestamp(Date(timeIntervalSince1970: Double(milliseconds) / 1000)) == time)
        }
    }

    @Test func everyDayOfFourCenturiesComesBack() {
        for day in Int64(-80_000)..<80_000 {
            let time = Timestamp(milliseconds: day * 86_400_000)
            #expect(Timestamp(rfc3339: time.rfc3339) == time)
        }
    }

    @Test(arguments: [
        "2026-11-21T08:09:19Z", "2026-11-21T08:09:19.0Z", "2026-11-21T10:09:19+02:00", "2026-11-21T02:39:19-0530",
        "2026-11-22T00:09:19+16:00", "2026-11-21t08:09:19z", "2026-11-21T08:09:19.000999999Z",
    ])
    func otherFormsOfOneTime(text: String) {
        #expect(Timestamp(rfc3339: text) == Timestamp(milliseconds: 1_795_248_559_000))
    }

    @Test func leapSecondIsTheNextOne() {
        #expect(Timestamp(rfc3339: "2016-12-31T23:59:60Z") == Timestamp(rfc3339: "2017-01-01T00:00:00Z"))
    }

    @Test(arguments: [
        "", "x", "2026-11-21", "2026-11-21T08:09Z", "2026-11-21 08:09:19Z", "2026-11-21T08:09:19", "26-11-21T08:09:19Z",
        "2026-02-30T08:09:19Z", "2026-13-01T08:09:19Z", "2026-00-01T08:09:19Z", "2026-01-00T08:09:19Z",
        "2025-02-29T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T08:60:19Z", "2026-11-21T08:09:61Z",
        "2026-11-21T08:09:19.Z", "2026-11-21T08:09:19Zjunk", "2026-11-21T08:09:19+25:00", "2026-11-21T08:09:19+1",
        "+026-11-21T08:09:19Z", "２026-11-21T08:09:19Z",
    ])
    func otherTextIsNone(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func sumsBeyondAllTimeStayAtItsEnd() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        #expect(last + .seconds(1) == last)
        #expect(first + .seconds(-1) == first)
        #expect((last - first).inMilliseconds == .max)
        #expect(first.rfc3339.hasSuffix("Z") && last.rfc3339.hasSuffix("Z"))
    }

    @Test(arguments: ["2026-11-21T08:09:19.000Z", "1994-11-06T08:49:37.000Z", "2024-02-29T23:59:59.000Z"])
    func httpDateIsReadAsItWasWritten(text: String) throws {
        let time = try #require(Timestamp(rfc3339: text))
        #expect(RetryAfter.httpDate(time.httpDate) == time)
    }

    @Test func httpDateNamesTheWeekday() {
        #expect(Timestamp(rfc3339: "2026-11-21T08:09:19Z")?.httpDate == "Sat, 21 Nov 2026 08:09:19 GMT")
        #expect(Timestamp(rfc3339: "1994-11-06T08:49:37Z")?.httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
