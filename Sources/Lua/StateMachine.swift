/// What a `LuaState` drives: a state of CLua in this process, or in one of its own.
///
/// Not Sendable: it belongs to one actor.
protocol StateMachine: AnyObject {
    func load(_ source: [UInt8], as module: String, chunkName: String, time: Duration) throws(LuaFailure)
    func manifest(of module: String, time: Duration) throws(LuaFailure) -> [UInt8]
    func call(_ function: LuaFunction, _ arguments: [LuaArgument], time: Duration) throws(LuaFailure) -> [UInt8]
    func start(_ function: LuaFunction, _ arguments: [LuaArgument], time: Duration) throws(LuaFailure) -> LuaStep
    func resume(with answer: LuaArgument, isRaised: Bool, isReplayed: Bool) throws(LuaFailure) -> LuaStep
    func contextMember(_ name: String) throws(LuaFailure) -> [UInt8]
    func takeLog() -> [LuaLogLine]
}
