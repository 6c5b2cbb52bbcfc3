import CLua

extension Machine {
    func load(_ source: [UInt8], as module: String, chunkName: String, time: Duration) throws(LuaFailure) {
        let time = time.inNanoseconds
        _ = try unsafe enter(source, Array(module.utf8), Array(chunkName.utf8)) { state, source, module, name in
            unsafe clua_load(state, source, module, name, time)
        }
    }

    func manifest(of module: String, time: Duration) throws(LuaFailure) -> [UInt8] {
        let time = time.inNanoseconds
        _ = try unsafe enter(Array(module.utf8)) { state, module, _, _ in
            unsafe clua_manifest(state, module, time)
        }
        return output
    }

    func call(_ function: LuaFunction, _ arguments: [LuaArgument], time: Duration) throws(LuaFailure) -> [UInt8] {
        for argument in arguments { try add(argument) }
        let time = time.inNanoseconds
        _ = try unsafe enter(Array(function.module.utf8), function.pathText) { state, module, path, _ in
            unsafe clua_call(state, module, path, time)
        }
        return output
    }

    func start(_ function: LuaFunction, _ arguments: [LuaArgument], time: Duration) throws(LuaFailure) -> LuaStep {
        for argument in arguments { try add(argument) }
        let time = time.inNanoseconds
        let result = try unsafe enter(Array(function.module.utf8), function.pathText) { state, module, path, _ in
            unsafe clua_start(state, module, path, time)
        }
        return step(result)
    }

    func resume(with answer: LuaArgument, isRaised: Bool, isReplayed: Bool) throws(LuaFailure) -> LuaStep {
        try add(answer)
        let result = try unsafe enter { state, _, _, _ in unsafe clua_resume(state, isRaised, isReplayed) }
        return step(result)
    }

    func contextMember(_ name: String) throws(LuaFailure) -> [UInt8] {
        _ = try unsafe enter(Array(name.utf8)) { state, name, _, _ in unsafe clua_context_member(state, name) }
        return output
    }

    func reachable() throws(LuaFailure) -> [UInt8] {
        _ = try unsafe enter { state, _, _, _ in unsafe clua_reachable(state) }
        return output
    }

    private func step(_ result: clua_result) -> LuaStep {
        result == .CLUA_REQUEST ? .request(operation: operation, arguments: output) : .done(output)
    }

    /// Adds an argument for the next entry.
    private func add(_ argument: LuaArgument) throws(LuaFailure) {
        let (kind, texts) = argument.parts
        guard add(kind, texts[0], texts[1], texts[2]) else {
            throw LuaFailure(kind: .memory, message: "no memory for an argument")
        }
    }
}

extension LuaArgument {
    /// The argument as CLua takes it.
    var parts: (kind: clua_argument_kind, texts: [[UInt8]]) {
        switch self {
        case .json(let json): return (.CLUA_JSON, [json, [], []])
        case .response(let head, let body): return (.CLUA_RESPONSE, [head, body, []])
        case .module(let name): return (.CLUA_MODULE, [Array(name.utf8), [], []])
        case .context(let json, let primitives, let forbidden):
            var names = JSONText()
            names.list(primitives) { name, text in text.string(name) }
            var refusals = JSONText()
            refusals.object(forbidden)
            return (.CLUA_CONTEXT, [json, names.bytes, refusals.bytes])
        }
    }
}

extension Duration {
    /// Whole nanoseconds, at least 0 and at most what fits.
    var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0 else { return 0 }
        guard seconds < Int64.max / 1_000_000_000 else { return .max }
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
