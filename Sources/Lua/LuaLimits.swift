/// What plugin code may use up.
package struct LuaLimits: Sendable {
    /// Bytes of a state's heap.
    package var memory = 32 << 20
    /// Bytes of the largest single block (a string, an array).
    package var block = 16 << 20
    /// Bytes of one source.
    package var source = 64 << 10
    /// Bytes of one JSON text, into Lua or out of it.
    package var json = 8 << 20
    /// CPU time of one load, manifest or call.
    package var callTime = Duration.milliseconds(250)
    /// CPU time of all steps of a script together; nil is 24 hours.
    package var totalTime: Duration? = .seconds(5)
    /// Calls of primitives in one script.
    package var hostCalls = 100_000
    /// Bytes of log text in one call or script.
    package var logBytes = 1 << 20

    /// The limits for one plugin; each can be changed before a state is made with them.
    package init() {}
}
