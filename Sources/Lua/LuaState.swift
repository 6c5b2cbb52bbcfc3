/// A sandboxed Lua state: modules are loaded into it, their functions called, scripts run.
///
/// What an entry throws is always a ``LuaFailure``. A state whose time or memory limit was hit, or that was
/// cancelled, fails every later entry the same way and is only good for dropping. All work is done on the thread
/// given at the start; a script that waits for its host holds no thread.
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
    package func load(_ source: [UInt8], as module: String, chunkName: String) throws(LuaFailure) {
        try machine.load(source, as: module, chunkName: chunkName, time: limits.callTime)
    }

    /// The table that a module returned, as host JSON.
    package func manifest(of module: String) throws(LuaFailure) -> [UInt8] {
        try machine.manifest(of: module, time: limits.callTime)
    }

    /// Calls a function; its results as a JSON array.
    ///
    /// `time` replaces the limit of CPU time for this call. May be called while a script waits, with one of the
    /// functions in its request for instance; the script is not charged for it.
    package func call(
        _ function: LuaFunction,
        _ arguments: [LuaArgument] = [],
        time: Duration? = nil
    ) throws(LuaFailure) -> [UInt8] {
        try machine.call(function, arguments, time: time ?? limits.callTime)
    }

    /// Starts a function as a script.
    ///
    /// Only one script at a time may be under way.
    package func start(_ function: LuaFunction, _ arguments: [LuaArgument] = []) throws(LuaFailure) -> LuaStep {
        try machine.start(function, arguments, time: limits.totalTime ?? .seconds(24 * 3600))
    }

    /// Answers the request that the script waits with.
    ///
    /// A replayed step, whose answer comes from a journal, is charged neither as host call nor as CPU time.
    package func resume(with answer: LuaArgument, replayed: Bool = false) throws(LuaFailure) -> LuaStep {
        try machine.resume(with: answer, isRaised: false, isReplayed: replayed)
    }

    /// Raises an error at the line of the script's request: JSON of a text, or of an object with `kind`, `message`
    /// and `hint`, to which `where` is added.
    package func resume(raising error: [UInt8], replayed: Bool = false) throws(LuaFailure) -> LuaStep {
        try machine.resume(with: .json(error), isRaised: true, isReplayed: replayed)
    }

    /// A member of the last context, as host JSON; `null` if there is none.
    ///
    /// That is the context that the last script was started with, or the last call outside of a script was made
    /// with. Plugin code may have changed it: `state` is meant to be.
    package func contextMember(_ name: String) throws(LuaFailure) -> [UInt8] {
        try machine.contextMember(name)
    }

    /// The lines logged since the last time, oldest first.
    package func takeLog() -> [LuaLogLine] { machine.takeLog() }

    /// What was used up until now; the script's figures are those of the last one, and there are none of an isolated state.
    package var statistics: LuaStatistics { (machine as? Machine)?.statistics ?? LuaStatistics() }

    /// For tests: a JSON list of all that plugin code could get hold of, with its types.
    package func reachable() throws(LuaFailure) -> [UInt8] {
        guard let machine = machine as? Machine else {
            throw LuaFailure(kind: .usage, message: "an isolated state cannot be looked into")
        }
        return try machine.reachable()
    }

    /// For tests: the allocations from number `from` on (1 is the next) are refused, `count` of them.
    package func refuseAllocations(from: UInt64, count: UInt64) {
        (machine as? Machine)?.refuse(from: from, count: count)
    }
}
