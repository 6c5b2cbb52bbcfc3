import AgentTesting

@testable import RunCore

/// A machine with a clock of its own.
final class MachineBench {
    var machine: RunMachine
    var now = Run.sample().createdAt
    /// The random number of every moment; the middle varies nothing.
    var chance = 0.5

    var run: Run { machine.run }

    init(
        _ state: RunState = .pending,
        polling: PollPolicy = PollPolicy(),
        downloadsAfter: Set<RunState> = [.succeeded],
        isScripted: Bool = false,
        canFind: Bool = false,
        options change: (inout RunOptions) -> Void = { _ in }
    ) {
        var options = RunOptions(delivery: .folder("/files"))
        change(&options)
        machine = RunMachine(
            run: .sample(state: state, options: options),
            polling: polling,
            downloadsAfter: downloadsAfter,
            isScripted: isScripted,
            canFind: canFind
        )
        machine.run.triggeredAt = state == .running || state == .downloading ? now : nil
    }

    /// Lets time go on and sends an event.
    @discardableResult
    func send(_ event: RunEvent, after pause: Duration = .zero) -> RunAction {
        now = now + pause
        return machine.handle(event, at: moment)
    }

    /// Sends an event and sleeps until what it waits for is due.
    ///
    /// - Returns: how long that was; nil if the action is no wait.
    func wait(after event: RunEvent) -> Duration? {
        guard case .wait(let time) = send(event) else { return nil }
        let pause = time - now
        now = time
        return pause
    }

    private var moment: RunMachine.Moment { RunMachine.Moment(now: now, chance: chance) }
}
