import RunCore
import Testing

struct RetryAfterTests {
    private static let now = Timestamp(milliseconds: 784_111_777_000)

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func dateHasThreeForms(text: String) {
        #expect(RetryAfter.httpDate(text) == Self.now)
    }

    @Test(arguments: [("Sunday, 06-Nov-69 08:49:37 GMT", "2069"), ("Sunday, 06-Nov-70 08:49:37 GMT", "1970")])
    func twoDigitYearIsOfTheNearestCentury(text: String, year: String) {
        #expect(RetryAfter.httpDate(text)?.rfc3339.hasPrefix(year) == true)
    }

    @Test(arguments: [
        "", "GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "1994-11-06T08:49:37Z", "Sun, x Nov 1994 08:49:37 GMT",
    ])
    func otherDateIsNone(text: String) {
        #expect(RetryAfter.httpDate(text) == nil)
        #expect(Self.delay(["Retry-After": text]) == nil)
    }

    @Test(arguments: [
        ("0", Duration.zero), ("120", .seconds(120)), (" 120 ", .seconds(120)), ("1.5", .milliseconds(1500)),
        ("99999999999999999999", .seconds(864_000_000)),
    ])
    func secondsAreRead(text: String, delay: Duration) {
        #expect(Self.delay(["retry-after": text]) == delay)
    }

    @Test(arguments: ["-1", "+1", "1e3", "inf", "nan", "0x10", "soon", "1 s"]) func otherTextIsNone(text: String) {
        #expect(Self.delay(["Retry-After": text]) == nil)
    }

    @Test func dateCountsFromTheAnswersOwnDate() {
        let headers: HTTPHeaders = [
            "Date": "Mon, 07 Nov 1994 08:49:37 GMT", "Retry-After": "Mon, 07 Nov 1994 08:51:07 GMT",
        ]
        #expect(Self.delay(headers) == .seconds(90))
    }

    @Test func dateWithoutADateCountsFromOurClock() {
        #expect(Self.delay(["Retry-After": "Sun, 06 Nov 1994 08:50:07 GMT"]) == .seconds(30))
    }

    @Test func dateInThePastIsNow() {
        #expect(Self.delay(["Retry-After": "Sun, 06 Nov 1994 08:00:00 GMT"]) == .zero)
    }

    @Test func absentFieldIsNone() {
        #expect(Self.delay([:]) == nil)
    }

    private static func delay(_ headers: HTTPHeaders) -> Duration? {
        RetryAfter.delay(in: headers, receivedAt: now)
    }
}
