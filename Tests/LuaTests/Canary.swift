import Lua
import Testing

/// An honest plugin that must go on undisturbed.
struct Canary {
    private let scratch: Scratch

    init(on thread: LuaThread, isolation: LuaIsolation = .none) async throws {
        scratch = try await Scratch(
            """
            local calls = 0
            return { f = function(a)
              calls = calls + 1
              local words = {}
              for word in a.text:gmatch("%a+") do words[#words + 1] = word:upper() end
              table.sort(words)
              return table.concat(words, ","), ("x"):rep(3), calls > 0, agent.json.encode { 1, "z" }
            end }
            """,
            on: thread,
            isolation: isolation
        )
    }

    func sing() async throws {
        let song = try await scratch.call("f", arguments: [.text(#"{"text":"the quick brown fox"}"#)])
        #expect(song == #"["BROWN,FOX,QUICK,THE","xxx",true,"[1,\"z\"]"]"#)
    }

    func singUntilCancelled() async throws -> Int {
        var count = 0
        repeat {
            try await sing()
            count += 1
        } while !Task.isCancelled
        return count
    }
}
