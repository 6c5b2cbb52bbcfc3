import RunCore
import Testing

@testable import AgentCommands

/// The colour of a run's end, for those who see it on a terminal.
struct ColourTests {
    @Test(arguments: [(RunState.succeeded, "32"), (.failed, "31"), (.rejected, "31"), (.unwatched, "33")])
    func stateHasTheColourOfWhatItMeans(state: RunState, code: String) {
        let text = RunText.coloured("\(state.rawValue): because", by: state)
        #expect(text == "\u{1B}[\(code)m\(state.rawValue)\u{1B}[0m: because")
    }
}
