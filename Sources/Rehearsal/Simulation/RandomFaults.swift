import RunCore

/// A plan that decides from a seed what goes wrong, and when.
package struct RandomFaults: FaultPlan {
    private let randomness: SeededRandomness
    /// Faults per hundred requests.
    private let rate: Int

    /// A plan; equal seeds give equal ones.
    package init(seed: UInt64) {
        randomness = SeededRandomness(seed: seed &* 0x2545_F491_4F6C_DD1D)
        rate = [0, 10, 30, 60][Int(randomness.next() % 4)]
    }

    /// Any file, in any schedule.
    package var spoilsFiles: Bool { true }

    private func below(_ limit: Int) -> Int { Int(randomness.next() % UInt64(limit)) }

    /// What becomes of the next request; of a start, of which there are few, mostly something bad.
    package func fault(of kind: RequestFault.Kind) -> RequestFault {
        let isStart = kind == .start
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
    package func crash() -> CrashingStore.Crash? {
        guard below(100) < rate else { return nil }
        return CrashingStore.Crash(save: 1 + below(10), kind: CrashingStore.Crash.Kind.allCases[below(3)])
    }

    /// One file of five.
    package func cutsFile() -> Bool { below(5) == 0 }

    /// One death of three.
    package func cutsPower() -> Bool { below(3) == 0 }

    /// One schedule of two.
    package func hasPerson() -> Bool { below(2) == 0 }

    /// Dies now and then, and seldom has no room.
    package func fileFault() -> FileFault? {
        switch below(60) {
        case 0: .killed
        case 1 where below(3) == 0: .full
        default: nil
        }
    }

    private func arrival(within seconds: Int) -> RequestFault.Arrival {
        switch below(3) {
        case 0: .never
        case 1: .atOnce
        default: .later(.seconds(1 + below(seconds)))
        }
    }
}
