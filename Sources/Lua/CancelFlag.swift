import CLua

/// Stops a Lua state from any thread: the state ends its entry, and every later one, with `cancelled`.
///
/// The flag is an allocation of its own, so it may be set after its state is gone.
@safe package final class CancelFlag: Sendable {
    // An OpaquePointer is not Sendable. This one is never changed, and all that C does with it is atomic.
    nonisolated(unsafe) let pointer: OpaquePointer?

    init() {
        unsafe pointer = clua_flag_new()
    }

    deinit {
        if let pointer = unsafe pointer { unsafe clua_flag_release(pointer) }
    }

    /// Takes effect within microseconds in Lua code, within milliseconds in the middle of large strings.
    package func set() {
        if let pointer = unsafe pointer { unsafe clua_flag_set(pointer) }
    }

    /// True once `set()` was called; there is no way back.
    package var isSet: Bool {
        guard let pointer = unsafe pointer else { return true }
        return unsafe clua_flag_is_set(pointer)
    }
}
