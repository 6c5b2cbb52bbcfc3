/// What a state has used up so far.
package struct LuaStatistics: Sendable, Hashable {
    /// Bytes of the heap, now and at most.
    package var memory = 0
    /// The most bytes that the heap had at any time.
    package var peakMemory = 0
    /// Allocations that were refused.
    package var refusals = 0
    /// How often the limits were looked at between instructions.
    package var hooks: UInt64 = 0
    /// Calls of primitives by the last script.
    package var hostCalls: UInt64 = 0
    /// CPU time of the last script's steps.
    package var scriptTime = Duration.zero
    /// CPU time of the last entry.
    package var entryTime = Duration.zero
}
