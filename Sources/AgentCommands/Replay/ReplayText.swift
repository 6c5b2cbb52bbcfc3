import PluginHost
import Rehearsal
import RunCore

/// What a replay came to.
enum ReplayText {
    static func text(of report: RunReplay.Report, _ plugin: Plugin, _ recording: Recording) -> String {
        var lines = [headline(report)]
        for difference in report.differences { lines += text(of: difference) }
        for gap in report.gaps { lines.append("  cannot be told: \(TerminalText.line(gap))") }
        let count = "\(report.used) of \(recording.exchanges.count) exchanges"
        lines.append("  played    \(count), with \(plugin.manifest.name) \(plugin.manifest.version)")
        return lines.joined(separator: "\n")
    }

    static func json(of report: RunReplay.Report, _ recording: Recording) -> JSONValue {
        [
            "verdict": .string(report.verdict.rawValue),
            "differences": .array(
                report.differences.map { difference in
                    [
                        "subject": .string(difference.subject),
                        "exchange": difference.exchange.map { .integer(Int64($0)) } ?? .null,
                        "recorded": difference.recorded, "now": difference.now,
                    ]
                }
            ),
            "gaps": .array(report.gaps.map { .string($0) }),
            "exchanges": .integer(Int64(recording.exchanges.count)),
            "played": .integer(Int64(report.used)),
            "document": RunDocument.json(of: report.run),
        ]
    }

    private static func headline(_ report: RunReplay.Report) -> String {
        let state = report.run.state.rawValue
        switch report.verdict {
        case .same: return "same: \(state)"
        case .otherwise: return "otherwise"
        case .incomplete: return "cannot be told: \(state) as far as the kept exchanges go"
        }
    }

    private static func text(of difference: ReplayDifference) -> [String] {
        let title = difference.exchange.map { "\(difference.subject) \($0)" } ?? difference.subject
        return [
            "  \(title)", "    recorded  \(line(difference.recorded))",
            "    now       \(difference.now == .null && difference.exchange != nil ? "not sent" : line(difference.now))",
        ]
    }

    private static func line(_ value: JSONValue) -> String {
        let text = TerminalText.line(value.plainText)
        return text.count > longest ? "\(text.prefix(longest))…" : text
    }

    private static let longest = 2000
}
