import Synchronization

/// A plan of some faults, and nothing else.
final class FixedFaults: FaultPlan {
    /// What goes wrong.
    struct Faults: Sendable {
        /// What becomes of the first starts, in their order.
        var starts: [RequestFault] = []
        /// What becomes of the n-th request, counted from 1, of those that start nothing and fetch no file.
        var look: (number: Int, fault: RequestFault)?
        /// What becomes of the first requests for files.
        var files: [RequestFault] = []
        /// What becomes of the n-th request, counted from 1, whatever it is for.
        var request: (number: Int, fault: RequestFault)?
        /// At which save the first process dies.
        var crash: CrashingStore.Crash?
        /// How many files end halfway.
        var cutFiles = 0
        /// What becomes of the n-th operation on files, counted from 1.
        var operation: (number: Int, fault: FileFault)?
    }

    private struct State {
        var faults: Faults
        var requests = 0
        var looks = 0
        var operations = 0
        var isUsed = false

        /// The fault of the request that was counted last; nil if it has none.
        mutating func fault(of kind: RequestFault.Kind) -> RequestFault? {
            if let (number, fault) = faults.request, number == requests { return fault }
            switch kind {
            case .start: return Self.first(of: &faults.starts)
            case .file: return Self.first(of: &faults.files)
            case .other:
                guard let (number, fault) = faults.look, number == looks else { return nil }
                return fault
            }
        }

        private static func first(of list: inout [RequestFault]) -> RequestFault? {
            list.isEmpty ? nil : list.removeFirst()
        }
    }

    let spoilsFiles: Bool
    private let state: Mutex<State>

    init(_ faults: Faults) {
        spoilsFiles = !faults.files.isEmpty || faults.cutFiles > 0 || faults.operation != nil
        state = Mutex(State(faults: faults))
    }

    /// Whether anything went wrong.
    var isUsed: Bool { state.withLock(\.isUsed) }

    /// How many requests there were.
    var requests: Int { state.withLock(\.requests) }

    /// How many of them started nothing and fetched no file.
    var looks: Int { state.withLock(\.looks) }

    /// How many operations on files there were.
    var operations: Int { state.withLock(\.operations) }

    func fault(of kind: RequestFault.Kind) -> RequestFault {
        state.withLock { state in
            state.requests += 1
            if kind == .other { state.looks += 1 }
            guard let fault = state.fault(of: kind) else { return RequestFault.none }
            state.isUsed = true
            return fault
        }
    }

    func cutsFile() -> Bool {
        state.withLock { state in
            guard state.faults.cutFiles > 0 else { return false }
            state.faults.cutFiles -= 1
            state.isUsed = true
            return true
        }
    }

    func crash() -> CrashingStore.Crash? {
        state.withLock { state in
            guard let crash = state.faults.crash.take() else { return nil }
            state.isUsed = true
            return crash
        }
    }

    func cutsPower() -> Bool { false }

    func fileFault() -> FileFault? {
        state.withLock { state in
            state.operations += 1
            guard let (number, fault) = state.faults.operation, number == state.operations else { return nil }
            state.isUsed = true
            return fault
        }
    }

    func hasPerson() -> Bool { false }
}
