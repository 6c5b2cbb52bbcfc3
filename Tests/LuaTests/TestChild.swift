import Foundation
import Lua

/// The test program as its own child, which `Tests/CLuaTesting/child.c` makes of it.
enum TestChild {
    /// Lives as the child of an isolated state does.
    static let isolated = LuaIsolation.process(program: program, argument: LuaChild.argument)

    /// Ends otherwise than by an answer, after it was shut in.
    static func that(_ deed: String) -> LuaIsolation {
        .process(program: program, argument: "child-that-\(deed)")
    }

    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
}
