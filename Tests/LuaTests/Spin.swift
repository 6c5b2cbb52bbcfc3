import CLuaTesting
import Lua

/// A leaf, `agent.test.spin`, whose C code does not come back until it is told to.
@safe final class Spin: Sendable {
    let begun = Signal()
    // An OpaquePointer is not Sendable. This one is never changed, and all that C does with it is atomic.
    nonisolated(unsafe) private let pointer: OpaquePointer?

    init() {
        unsafe pointer = clua_spin_new()
    }

    deinit {
        if let pointer = unsafe pointer { unsafe clua_spin_free(pointer) }
    }

    var leafs: [String: LuaLeaf] {
        [
            "test.spin": { [self] _ in
                begun.set()
                if let pointer = unsafe pointer { unsafe clua_spin_run(pointer) }
                return Array("1".utf8)
            }
        ]
    }

    func stop() {
        if let pointer = unsafe pointer { unsafe clua_spin_stop(pointer) }
    }
}
