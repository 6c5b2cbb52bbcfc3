import Lua

/// A state with one module, `plugin`, and short ways to use it.
struct Scratch {
    let state: LuaState

    init(
        _ source: String,
        limits: LuaLimits = LuaLimits(),
        on thread: LuaThread = .leastBusy(),
        leafs: [String: LuaLeaf] = [:],
        isolation: LuaIsolation = .none
    ) async throws {
        state = LuaState(limits: limits, on: thread, leafs: leafs, isolation: isolation)
        try await state.load(Array(source.utf8), as: "plugin", chunkName: "plugins/test/plugin.lua")
    }

    /// Runs a function body, whose parameters are `a, b, c`; its results as JSON text.
    static func run(
        _ body: String,
        _ arguments: LuaArgument...,
        limits: LuaLimits = LuaLimits(),
        leafs: [String: LuaLeaf] = [:]
    ) async throws -> String {
        let scratch = try await Scratch("return { f = function(a, b, c) \(body)\nend }", limits: limits, leafs: leafs)
        return try await scratch.call("f", arguments)
    }

    /// The failure of a function body.
    static func failure(
        of body: String,
        _ arguments: LuaArgument...,
        limits: LuaLimits = LuaLimits(),
        leafs: [String: LuaLeaf] = [:]
    ) async throws -> LuaFailure? {
        let scratch = try await Scratch("return { f = function(a, b, c) \(body)\nend }", limits: limits, leafs: leafs)
        do {
            _ = try await scratch.call("f", arguments)
            return nil
        } catch let failure as LuaFailure {
            return failure
        }
    }

    func call(_ names: String..., arguments: [LuaArgument] = []) async throws -> String {
        try await call(LuaFunction(module: "plugin", path: names.map { .name($0) }), arguments)
    }

    func call(_ name: String, _ arguments: [LuaArgument]) async throws -> String {
        try await call(LuaFunction(module: "plugin", path: [.name(name)]), arguments)
    }

    func call(_ function: LuaFunction, _ arguments: [LuaArgument] = []) async throws -> String {
        String(decoding: try await state.call(function, arguments), as: UTF8.self)
    }

    func manifest() async throws -> String {
        String(decoding: try await state.manifest(of: "plugin"), as: UTF8.self)
    }

    func start(_ name: String, _ arguments: [LuaArgument] = []) async throws -> LuaStep {
        try await state.start(LuaFunction(module: "plugin", path: [.name(name)]), arguments)
    }
}

extension LuaArgument {
    static func text(_ json: String) -> LuaArgument { .json(Array(json.utf8)) }

    static func response(_ head: String, body: String = "") -> LuaArgument {
        .response(head: Array(head.utf8), body: Array(body.utf8))
    }

    static func script(_ json: String = "{}", _ primitives: String...) -> LuaArgument {
        .context(json: Array(json.utf8), primitives: primitives, forbidden: [:])
    }
}

extension LuaStep {
    static func done(_ json: String) -> LuaStep { .done(Array(json.utf8)) }

    static func request(_ operation: String, _ json: String) -> LuaStep {
        .request(operation: operation, arguments: Array(json.utf8))
    }
}
