import AgentTesting
import Rehearsal
import RunCore

/// Decides from a seed what goes wrong, and when.
struct Chaos: Sendable {
    /// What becomes of a request.
    enum Fault: Sendable {
        /// It arrives and is answered.
        case none
        /// Nothing listens; it does not arrive.
        case refused
        /// The connection ends; it may have arrived or not, or arrive a little later.
        case reset(Arrival)
        /// No answer comes in time; it may arrive much later.
        case timeout(Arrival)
        /// Something between says so in place of the answer.
        case gateway(Int, Arrival)
        /// The service has no time, and says when it will.
        case busy(Int, seconds: Int, asDate: Bool)
        /// A page of a proxy comes in place of the answer.
        case page(Arrival)
        /// An error that repeats the request's credentials.
        case echo
        /// The credentials are refused for once.
        case unauthorized
        /// The process dies before the request leaves, or while its answer is on the way.
        case crash(Arrival)
        /// The process is asked to end.
        case terminated
    }

    /// Whether a request takes effect although its answer is lost.
    enum Arrival: Sendable {
        case never, atOnce
        case later(Duration)
    }

    private let randomness: SeededRandomness
    /// Faults per hundred requests.
    private let rate: Int

    init(seed: UInt64) {
        randomness = SeededRandomness(seed: seed &* 0x2545_F491_4F6C_DD1D)
        rate = [0, 10, 30, 60][Int(randomness.next() % 4)]
    }

    func below(_ limit: Int) -> Int { Int(randomness.next() % UInt64(limit)) }

    /// What becomes of the next request; of a start, of which there are few, mostly something bad.
    func fault(ofStart isStart: Bool) -> Fault {
        guard below(100) < (isStart && rate > 0 ? 75 : rate) else { return .none }
        switch below(11) {
        case 0: return .refused
        case 1: return .reset(arrival(within: 4))
        case 2: return .timeout(arrival(within: 50))
        case 3: return .gateway([500, 502, 503][below(3)], below(2) == 0 ? .never : .atOnce)
        case 4: return .gateway([504, 408][below(2)], arrival(within: 50))
        case 5: return .busy([429, 503][below(2)], seconds: 1 + below(60), asDate: below(2) == 0)
        case 6: return .page(below(2) == 0 ? .never : .atOnce)
        case 7: return .echo
        case 8: return below(4) == 0 ? .unauthorized : .refused
        case 9: return .terminated
        default: return .crash(arrival(within: 4))
        }
    }

    /// At which save the next process dies, if it does.
    func crash() -> CrashingStore.Crash? {
        guard below(100) < rate else { return nil }
        return CrashingStore.Crash(save: 1 + below(10), kind: CrashingStore.Crash.Kind.allCases[below(3)])
    }

    private func arrival(within seconds: Int) -> Arrival {
        switch below(3) {
        case 0: .never
        case 1: .atOnce
        default: .later(.seconds(1 + below(seconds)))
        }
    }
}
