import Synchronization

/// A plan of some faults, and nothing else.
final class FixedFaults: FaultPlan {
    /// What goes wrong.
    struct Faults: Sendable {
        /// What becomes of the first starts, in their order.
        var starts: [RequestFault] = []
        /// What becomes of the first requests that start nothing and fetch no file.
        var looks: [RequestFault] = []
        /// What becomes of the first requests for files.
        var files: [RequestFault] = []
        /// What becomes of the n-th request, counted from 1, whatever it is for.
        var request: (number: Int, fault: RequestFault)?
        /// At which save the first process dies.
        var crash: CrashingStore.Crash?
        /// How many files end halfway.
        var cutFiles = 0
        /// What becomes of the first operations on files.
        var operations: [FileFault?] = []
    }

    private struct State {
        var faults: Faults
        var requests = 0
    }

    private let state: Mutex<State>

    init(_ faults: Faults) {
        state = Mutex(State(faults: faults))
    }

    func fault(of kind: RequestFault.Kind) -> RequestFault {
        state.withLock { state in
            state.requests += 1
            if let (number, fault) = state.faults.request, number == state.requests { return fault }
            switch kind {
            case .start: return Self.first(of: &state.faults.starts) ?? .none
            case .other: return Self.first(of: &state.faults.looks) ?? .none
            case .file: return Self.first(of: &state.faults.files) ?? .none
            }
        }
    }

    func cutsFile() -> Bool {
        state.withLock { state in
            state.faults.cutFiles -= 1
            return state.faults.cutFiles >= 0
        }
    }

    func crash() -> CrashingStore.Crash? { state.withLock { $0.faults.crash.take() } }

    func cutsPower() -> Bool { false }

    func fileFault() -> FileFault? { state.withLock { Self.first(of: &$0.faults.operations) ?? nil } }

    func hasPerson() -> Bool { false }

    private static func first<Element>(of list: inout [Element]) -> Element? {
        list.isEmpty ? nil : list.removeFirst()
    }
}
