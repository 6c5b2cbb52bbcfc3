import Synchronization

/// A sandboxed Lua state: modules are loaded into it, their functions called, scripts run.
///
/// What an entry throws is always a ``LuaFailure``. A state whose time or memory limit was hit, or that was
/// cancelled, fails every later entry the same way and is only good for dropping. All work is done on the thread
/// given at the start; a script that waits for its host holds no thread. An entry that hangs fails, too: its state is
/// left with its thread, and its source is in quarantine.
///
/// JSON that comes out of Lua is *host JSON*: `{"$fn": [keys]}` is a function (in manifests and in arguments of
/// primitives), `{"$null": true}` is `agent.json.null` in manifests (elsewhere plain null), `{"$bytes": "<base64>"}`
/// is a string that is not UTF-8, and a table with integer keys that is no list has names like `"[1]"`.
package actor LuaState {
    /// Where the state lives.
    package nonisolated let thread: LuaThread
    /// Ends what runs now and all that would come after.
    package nonisolated let cancelFlag: CancelFlag

    private let limits: LuaLimits
    private let machine: any StateMachine
    /// What was loaded, by module.
    private var sources: [String: [UInt8]] = [:]
    /// The module of the script under way.
    private var scriptModule = ""
    /// Set before another thread goes on: the machine belongs to the one that hangs in it, for good.
    private nonisolated let isGivenUp = Atomic<Bool>(false)

    /// The state's own thread, on which all of its work is done.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Makes a state with the global `agent`, in which the leafs stand: `time.parse` as `agent.time.parse`.
    package init(
        limits: LuaLimits = LuaLimits(),
        on thread: LuaThread = .leastBusy(),
        leafs: [String: LuaLeaf] = [:],
        isolation: LuaIsolation = .none
    ) {
        self.limits = limits
        self.thread = thread
        cancelFlag = CancelFlag()
        let table = LeafTable(leafs)
        switch isolation {
        case .none: machine = Machine(limits: limits, flag: cancelFlag, leafs: table)
        case .process(let program, let argument):
            machine = ChildMachine(
                program: program,
                argument: argument,
                limits: limits,
                flag: cancelFlag,
                leafs: table
            )
        }
        thread.addState()
    }

    // Isolated, so that the heap is torn down on the state's own thread.
    isolated deinit {
        thread.removeState()
    }

    /// Compiles and runs a source, and keeps what it returns under the module's name.
    ///
    /// The chunk's name is shown in errors and logs as the file. Loading under a name again replaces the module.
    package nonisolated func load(
        _ source: [UInt8],
        as module: String,
        chunkName: String
    ) async throws(LuaFailure) {
        try await enter(.load(source, module), limits.callTime) { machine, time throws(LuaFailure) in
            try machine.load(source, as: module, chunkName: chunkName, time: time)
        }
    }

    /// The table that a module returned, as host JSON.
    package nonisolated func manifest(of module: String) async throws(LuaFailure) -> [UInt8] {
        try await enter(.module(module), limits.callTime) { machine, time throws(LuaFailure) in
            try machine.manifest(of: module, time: time)
        }
    }

    /// Calls a function; its results as a JSON array.
    ///
    /// `time` replaces the limit of CPU time for this call. May be called while a script waits, with one of the
    /// functions in its request for instance; the script is not charged for it.
    package nonisolated func call(
        _ function: LuaFunction,
        _ arguments: [LuaArgument] = [],
        time: Duration? = nil
    ) async throws(LuaFailure) -> [UInt8] {
        try await enter(.module(function.module), time ?? limits.callTime) { machine, time throws(LuaFailure) in
            try machine.call(function, arguments, time: time)
        }
    }

    /// Starts a function as a script.
    ///
    /// Only one script at a time may be under way.
    package nonisolated func start(
        _ function: LuaFunction,
        _ arguments: [LuaArgument] = []
    ) async throws(LuaFailure) -> LuaStep {
        try await enter(.start(function.module), scriptTime) { machine, time throws(LuaFailure) in
            try machine.start(function, arguments, time: time)
        }
    }

    /// Answers the request that the script waits with.
    ///
    /// A replayed step, whose answer comes from a journal, is charged neither as host call nor as CPU time.
    package nonisolated func resume(
        with answer: LuaArgument,
        replayed: Bool = false
    ) async throws(LuaFailure) -> LuaStep {
        try await enter(.resume, scriptTime) { machine, _ throws(LuaFailure) in
            try machine.resume(with: answer, isRaised: false, isReplayed: replayed)
        }
    }

    /// Raises an error at the line of the script's request: JSON of a text, or of an object with `kind`, `message`
    /// and `hint`, to which `where` is added.
    package nonisolated func resume(
        raising error: [UInt8],
        replayed: Bool = false
    ) async throws(LuaFailure) -> LuaStep {
        try await enter(.resume, scriptTime) { machine, _ throws(LuaFailure) in
            try machine.resume(with: .json(error), isRaised: true, isReplayed: replayed)
        }
    }

    /// A member of the last context, as host JSON; `null` if there is none.
    ///
    /// That is the context that the last script was started with, or the last call outside of a script was made
    /// with. Plugin code may have changed it: `state` is meant to be.
    package nonisolated func contextMember(_ name: String) async throws(LuaFailure) -> [UInt8] {
        try await enter(.resume, .seconds(1)) { machine, _ throws(LuaFailure) in try machine.contextMember(name) }
    }

    /// The lines logged since the last time, oldest first.
    package func takeLog() -> [LuaLogLine] { isMine ? machine.takeLog() : [] }

    /// What was used up until now; the script's figures are those of the last one, and there are none of an isolated state.
    package var statistics: LuaStatistics { own?.statistics ?? LuaStatistics() }

    /// For tests: a JSON list of all that plugin code could get hold of, with its types.
    package func reachable() throws(LuaFailure) -> [UInt8] {
        guard let own else { throw LuaFailure(kind: .usage, message: "an isolated state cannot be looked into") }
        return try own.reachable()
    }

    /// For tests: the allocations from number `from` on (1 is the next) are refused, `count` of them.
    package func refuseAllocations(from: UInt64, count: UInt64) {
        own?.refuse(from: from, count: count)
    }

    private nonisolated var scriptTime: Duration { limits.totalTime ?? .seconds(24 * 3600) }

    /// False once an entry hangs in the machine.
    private var isMine: Bool { !isGivenUp.load(ordering: .acquiring) }

    /// The machine, if it is in this process.
    private var own: Machine? { isMine ? machine as? Machine : nil }
}

extension LuaState {
    /// Whose code an entry runs.
    private enum Code {
        case load([UInt8], String)
        case module(String)
        case start(String)
        case resume
    }

    /// Does the work on the state's thread, and comes back in any case.
    private nonisolated func enter<Value: Sendable>(
        _ code: Code,
        _ time: Duration,
        _ work: @escaping @Sendable (any StateMachine, Duration) throws(LuaFailure) -> Value
    ) async throws(LuaFailure) -> Value {
        let result = await withCheckedContinuation { answer in
            // Ends when the work does: the task of work that hangs keeps the state for good, and is meant to.
            Task.immediate { await self.perform(code, time, work, answer) }
        }
        return try result.get()
    }

    private func perform<Value: Sendable>(
        _ code: Code,
        _ time: Duration,
        _ work: @Sendable (any StateMachine, Duration) throws(LuaFailure) -> Value,
        _ answer: CheckedContinuation<Result<Value, LuaFailure>, Never>
    ) {
        guard thread.isStarted else { return answer.resume(returning: .failure(.noThread)) }
        let source = source(of: code)
        guard isMine, !Quarantine.shared.contains(source) else {
            return answer.resume(returning: .failure(.quarantined))
        }
        let watch = thread.watchdog.begin(limit: time) {
            if !source.isEmpty { Quarantine.shared.add(source) }
            self.isGivenUp.store(true, ordering: .releasing)
            self.thread.abandonJob()
            answer.resume(returning: .failure(.hung))
        }
        let result = Result { () throws(LuaFailure) in try work(machine, time) }
        // Either the watchdog has answered, or it never will.
        if thread.watchdog.end(watch) { answer.resume(returning: result) }
    }

    /// The source whose code runs; notes what is loaded and started.
    private func source(of code: Code) -> [UInt8] {
        switch code {
        case .load(let source, let module): sources[module] = source
        case .module: break
        case .start(let module): scriptModule = module
        case .resume: break
        }
        switch code {
        case .load(let source, _): return source
        case .module(let module), .start(let module): return sources[module] ?? []
        case .resume: return sources[scriptModule] ?? []
        }
    }
}

extension LuaFailure {
    fileprivate static let noThread = LuaFailure(
        kind: .memory,
        message: "the system has no thread for Lua; try again when less is running"
    )
    fileprivate static let hung = LuaFailure(
        kind: .hung,
        message:
            "the call did not come back and was given up; this plugin is not called again until the program is restarted"
    )
    fileprivate static let quarantined = LuaFailure(
        kind: .hung,
        message:
            "an earlier call of this plugin did not come back; it is not called again until the program is restarted"
    )
}
