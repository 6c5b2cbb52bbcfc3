import CLua

/// A state in a process of its own.
final class ChildMachine: StateMachine {
    private let pipe: ChildPipe
    private let leafs: LeafTable
    private let flag: CancelFlag
    /// CPU time of all steps of the script.
    private var scriptTime = Duration.zero

    init(program: String, argument: String, limits: LuaLimits, flag: CancelFlag, leafs: LeafTable) {
        self.leafs = leafs
        self.flag = flag
        pipe = ChildPipe(program: program, argument: argument)
        var bounds = clua_limits(limits)
        let bytes = unsafe withUnsafeBytes(of: &bounds) { unsafe Array($0) }
        // What goes wrong here is the end of the pipe, which the first entry reports.
        _ = try? ask(.CLUA_FRAME_NEW, [bytes, leafs.names])
    }

    func load(_ source: [UInt8], as module: String, chunkName: String, time: Duration) throws(LuaFailure) {
        let texts = [source, Array(module.utf8), Array(chunkName.utf8)]
        _ = try ask(.CLUA_FRAME_LOAD, texts, time)
    }

    func manifest(of module: String, time: Duration) throws(LuaFailure) -> [UInt8] {
        try ask(.CLUA_FRAME_MANIFEST, [Array(module.utf8)], time).text(0)
    }

    func call(_ function: LuaFunction, _ arguments: [LuaArgument], time: Duration) throws(LuaFailure) -> [UInt8] {
        for argument in arguments { try add(argument) }
        let texts = [Array(function.module.utf8), function.pathText]
        return try ask(.CLUA_FRAME_CALL, texts, time).text(0)
    }

    func start(_ function: LuaFunction, _ arguments: [LuaArgument], time: Duration) throws(LuaFailure) -> LuaStep {
        for argument in arguments { try add(argument) }
        let texts = [Array(function.module.utf8), function.pathText]
        scriptTime = time
        return Self.step(try ask(.CLUA_FRAME_START, texts, time))
    }

    func resume(with answer: LuaArgument, isRaised: Bool, isReplayed: Bool) throws(LuaFailure) -> LuaStep {
        try add(answer)
        return Self.step(try ask(.CLUA_FRAME_RESUME, [], scriptTime, isRaised ? 1 : 0, isReplayed ? 1 : 0))
    }

    func contextMember(_ name: String) throws(LuaFailure) -> [UInt8] {
        try ask(.CLUA_FRAME_CONTEXT, [Array(name.utf8)]).text(0)
    }

    func takeLog() -> [LuaLogLine] {
        var lines: [LuaLogLine] = []
        do throws(LuaFailure) {
            pipe.begin(limit: .zero)
            try pipe.send(.CLUA_FRAME_LOG)
            while true {
                let frame = try pipe.receive()
                guard frame.head.kind == .CLUA_FRAME_LOG_LINE else { return lines }
                lines.append(
                    LuaLogLine(
                        level: LuaLogLine.Level(rawValue: Int(frame.head.first)) ?? .info,
                        text: frame.string(0) ?? "",
                        file: frame.string(1),
                        line: frame.head.number > 0 ? Int(frame.head.number) : nil
                    )
                )
            }
        } catch {
            // The next entry reports that the child is gone.
            return lines
        }
    }

    // MARK: - Parts

    /// Sends a frame and serves the child's leafs until it answers.
    private func ask(
        _ kind: clua_frame_kind,
        _ texts: [[UInt8]],
        _ time: Duration = .zero,
        _ first: UInt8 = 0,
        _ second: UInt8 = 0
    ) throws(LuaFailure) -> ChildPipe.Frame {
        if flag.isSet { throw LuaFailure(kind: .cancelled, message: "cancelled") }
        pipe.begin(limit: time)
        try pipe.send(kind, texts, number: time.inNanoseconds, first, second)
        while true {
            let frame = try pipe.receive()
            switch frame.head.kind {
            case .CLUA_FRAME_LEAF:
                let answer = leafs.call(frame.string(0) ?? "", frame.text(1))
                try pipe.send(.CLUA_FRAME_LEAF_ANSWER, [answer.bytes], answer.isDone ? 1 : 0)
            case .CLUA_FRAME_FAILED: throw Self.failure(frame)
            default: return frame
            }
        }
    }

    private func add(_ argument: LuaArgument) throws(LuaFailure) {
        let (kind, texts) = argument.parts
        try pipe.send(.CLUA_FRAME_ARGUMENT, texts, UInt8(kind.rawValue))
    }

    private static func step(_ frame: ChildPipe.Frame) -> LuaStep {
        frame.head.kind == .CLUA_FRAME_REQUEST
            ? .request(operation: frame.string(1) ?? "", arguments: frame.text(0)) : .done(frame.text(0))
    }

    private static func failure(_ frame: ChildPipe.Frame) -> LuaFailure {
        let kind = clua_kind(rawValue: UInt32(frame.head.first)) ?? .CLUA_RUNTIME
        var failure = LuaFailure(
            kind: LuaFailure.Kind(kind),
            message: frame.string(0) ?? "",
            file: frame.string(1),
            line: frame.head.number > 0 ? Int(frame.head.number) : nil
        )
        failure.trace = frame.string(2)
        failure.thrownKind = frame.string(3)
        failure.hint = frame.string(4)
        failure.bodyUndecodable = frame.head.second != 0
        return failure
    }
}
