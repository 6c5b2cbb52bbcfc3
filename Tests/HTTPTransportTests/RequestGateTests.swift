@testable import HTTPTransport
import Testing

/// What the count of a start's bytes says.
struct RequestGateTests {
    @Test func nothingGivenMeansNotSent() {
        #expect(!RequestGate().close())
    }

    @Test func oneByteGivenMeansItMayHaveArrived() {
        let gate = RequestGate()
        #expect(gate.admit(bytes: 1))
        #expect(gate.close())
    }

    @Test func closedGateAdmitsNothingMore() {
        let gate = RequestGate()
        #expect(!gate.close())
        #expect(!gate.admit(bytes: 1))
        #expect(!gate.close())
    }

    @Test func alertBeforeAnyAnswerMeansNotSent() {
        let gate = RequestGate()
        _ = gate.admit(bytes: 63)
        gate.noteTLSAlert()
        #expect(!gate.close())
    }

    @Test func alertAfterAnAnswerSaysNothing() {
        let gate = RequestGate()
        _ = gate.admit(bytes: 63)
        gate.noteAnswer()
        gate.noteTLSAlert()
        #expect(gate.close())
    }

    @Test(arguments: [
        (116, true), (42, true), (48, true), (40, true), (80, false), (20, false), (10, false), (0, false),
    ])
    func onlyAlertsAboutTheHandshakeCount(_ code: Int, _ counts: Bool) {
        #expect(TLSAlert(code: code).isAboutHandshake == counts)
    }
}
