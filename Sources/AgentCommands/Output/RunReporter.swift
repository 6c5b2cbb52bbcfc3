import RunCore
import Synchronization

/// Shows a run while it is driven, in the form the user asked for.
final class RunReporter: RunObserver {
    private struct Storage {
        var live: LiveLine?
        var shown: String?
    }

    private let console: Console
    private let options: ReportOptions
    private let clock: any AgentClock
    private let storage: Mutex<Storage>

    init(_ options: ReportOptions, console: Console, clock: any AgentClock) {
        self.options = options
        self.console = console
        self.clock = clock
        let isLive = console.isTerminal && !options.quiet && options.format == .text && !options.trace
        storage = Mutex(Storage(live: isLive ? LiveLine(console: console) : nil))
    }

    func run(_ run: Run, did change: RunChange) {
        if case .exchange(let exchange) = change {
            if options.trace { console.say(TraceText.text(of: exchange)) }
            return
        }
        switch options.format {
        case .json: break
        case .jsonl: if let event = RunEventText.json(of: change, run, at: clock.now()) { console.print(event.text) }
        case .text: if !options.quiet { show(run, change) }
        }
    }

    /// Removes the live line, so that what follows stands on a line of its own.
    func finish() {
        storage.withLock { $0.live?.clear() }
    }

    /// Redraws the live line, so that elapsed time goes on between two polls.
    func tick() {
        storage.withLock { $0.live?.redraw(at: clock.now()) }
    }

    private func show(_ run: Run, _ change: RunChange) {
        let now = clock.now()
        storage.withLock { storage in
            switch change {
            case .warning(let warning): line("warning: \(TerminalText.line(warning))", &storage)
            case .notice(let notice): line(TerminalText.line(notice), &storage)
            case .artifact(let artifact): line("fetched \(artifact.path)", &storage)
            case .waiting(let time): storage.live?.show(run, nextLook: time, at: now)
            case .state, .progress:
                if storage.live != nil {
                    storage.live?.show(run, nextLook: nil, at: now)
                } else if run.state.isOpen {
                    changed(ProgressText.line(of: run), &storage)
                }
            case .output(let text): line(text.hasSuffix("\n") ? String(text.dropLast()) : text, &storage)
            case .exchange: break
            }
        }
    }

    /// Without a terminal: one line per change.
    private func changed(_ text: String, _ storage: inout Storage) {
        guard storage.shown != text else { return }
        storage.shown = text
        console.say(text)
    }

    private func line(_ text: String, _ storage: inout Storage) {
        storage.live?.clear()
        console.say(text)
    }
}
