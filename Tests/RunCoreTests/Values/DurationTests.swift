import RunCore
import Testing

struct DurationTests {
    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("10s", .seconds(10)), ("5m", .seconds(300)), ("2h", .seconds(7200)),
        ("1d", .seconds(86_400)), ("1h30m", .seconds(5400)), ("1d2h3m4s5ms", .milliseconds(93_784_005)),
        ("0s", .zero), ("1.5h", .seconds(5400)), ("0.25s", .milliseconds(250)), ("10000d", .seconds(864_000_000)),
        ("PT1H30M", .seconds(5400)), ("P1D", .seconds(86_400)), ("P1DT1H", .seconds(90_000)),
        ("P2W", .seconds(1_209_600)), ("PT0.5S", .milliseconds(500)), ("PT0S", .zero),
    ])
    func textIsRead(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(arguments: [
        "", "10", "s", "10 s", " 10s", "10s ", "-1s", "+1s", "1x", "1S", "1.2.3s", "1e3s", "10001d", "1h-5m", "٣s",
        "P", "PT", "P1", "P1H", "PT1D", "P1DT", "PT1", "P1Y", "P1M", "PTT1S", "P-1D", "pt1s", "∞s", "nans",
        "99999999999999999999s",
    ])
    func otherTextIsNone(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.milliseconds(250), "250ms"), (.seconds(10), "10s"), (.seconds(5400), "1h30m"),
        (.milliseconds(93_784_005), "1d2h3m4s5ms"), (.seconds(864_000_000), "10000d"), (.seconds(-5), "0s"),
    ])
    func textIsTheShortest(duration: Duration, text: String) {
        #expect(duration.text == text)
    }

    @Test func textComesBack() {
        for milliseconds in stride(from: Int64(0), through: 400_000_000, by: 7_654_321) {
            let duration = Duration.milliseconds(milliseconds)
            #expect(Duration(text: duration.text) == duration)
        }
    }

    @Test(arguments: [
        (Double(1.5), Duration.milliseconds(1500)), (-1, .zero), (.nan, .zero), (-.infinity, .zero),
        (.infinity, .seconds(864_000_000)), (1e300, .seconds(864_000_000)),
    ])
    func secondsOfAPluginAreClamped(seconds: Double, duration: Duration) {
        #expect(Duration(clampedSeconds: seconds) == duration)
    }

    @Test(arguments: [
        (Duration.milliseconds(1999), Int64(1999)), (.microseconds(1999), 1), (.microseconds(-1999), -1),
        (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
    ])
    func millisecondsAreCutTowardsZero(duration: Duration, milliseconds: Int64) {
        #expect(duration.inMilliseconds == milliseconds)
    }
}
