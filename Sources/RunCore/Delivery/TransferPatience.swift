/// How often, and how long, the transfer of one file is tried.
struct TransferPatience {
    /// Why a transfer did not bring the whole file.
    struct Setback: Sendable {
        /// What kind of setback it is.
        enum Kind: Sendable {
            /// It broke off, or the provider could not serve it at the moment.
            case broken(retryAfter: Duration?)
            /// The whole came, and is not what was promised.
            case wrongContent
            /// It did not fit what was there, which is thrown away.
            case misfit
            /// A part came, as it was asked for or shorter, and the next can be asked for.
            case part
        }

        let kind: Kind
        let message: String

        init(_ kind: Kind, _ message: String) {
            self.kind = kind
            self.message = message
        }
    }

    private let limit: Duration
    private var since: Timestamp
    /// Transfers in a row that brought nothing to go on with.
    private var failures = 0
    private var tries = 0
    private var wrongContents = 0

    /// A provider that is away for a moment gets this many tries, also where the time limit is short.
    private static let leastTries = 5
    /// A provider that asks for a longer wait has to be asked again by a person.
    private static let longestWait = Duration.seconds(86_400)

    /// Patience that lasts for `limit` without any progress.
    init(limit: Duration, now: Timestamp) {
        self.limit = limit
        since = now
    }

    /// What to tell the user of the last setback.
    func message(_ setback: Setback) -> String {
        tries > 1 ? "\(setback.message), after \(tries) tries" : setback.message
    }

    /// How long to wait before the next try; nil if there is to be none.
    ///
    /// `hasProgress` says that more of the file is there, to go on with, than before the try.
    mutating func wait(after setback: Setback, hasProgress: Bool, now: Timestamp, chance: Double) -> Duration? {
        tries += 1
        if hasProgress {
            since = now
            failures = 0
        }
        switch setback.kind {
        case .wrongContent:
            wrongContents += 1
            return wrongContents > 1 ? nil : .seconds(1)
        case .part where hasProgress: return .zero
        case .misfit where failures == 0:
            failures += 1
            return .zero
        case .broken(let retryAfter?):
            failures += 1
            return isOver(now) || retryAfter > Self.longestWait ? nil : retryAfter
        case .broken, .misfit, .part:
            failures += 1
            return isOver(now) ? nil : PollPolicy().delay(afterFailures: failures, chance: chance)
        }
    }

    private func isOver(_ now: Timestamp) -> Bool { failures >= Self.leastTries && now - since >= limit }
}
