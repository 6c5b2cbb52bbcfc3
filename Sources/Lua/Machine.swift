import CLua

/// A state of CLua.
///
/// Not Sendable: it belongs to one actor.
@safe final class Machine: StateMachine {
    private let state: OpaquePointer?
    private let leafs: LeafTable

    init(limits: LuaLimits, flag: CancelFlag, leafs: LeafTable) {
        self.leafs = leafs
        var bounds = clua_limits(limits)
        guard let flag = unsafe flag.pointer else {
            unsafe state = nil
            return
        }
        // The table lives as long as the machine, and the state only calls it inside an entry.
        let context = unsafe Unmanaged.passUnretained(leafs).toOpaque()
        unsafe state = withBytes(leafs.names, [], []) { names, _, _ in
            unsafe clua_new(&bounds, flag, names, callLeaf, context)
        }
    }

    deinit {
        if let state = unsafe state { unsafe clua_free(state) }
    }

    /// Runs one entry with up to three texts; its result, or what went wrong.
    @unsafe func enter(
        _ first: [UInt8] = [],
        _ second: [UInt8] = [],
        _ third: [UInt8] = [],
        _ entry: (OpaquePointer, clua_bytes, clua_bytes, clua_bytes) -> clua_result
    ) throws(LuaFailure) -> clua_result {
        guard let state = unsafe state else { throw LuaFailure(kind: .memory, message: "no memory for a Lua state") }
        let result = unsafe withBytes(first, second, third) { first, second, third in
            unsafe entry(state, first, second, third)
        }
        guard result != .CLUA_FAILED else { throw failure }
        return result
    }

    var output: [UInt8] {
        guard let state = unsafe state else { return [] }
        return unsafe copy(clua_output(state))
    }

    var operation: String {
        guard let state = unsafe state else { return "" }
        return unsafe String(decoding: copy(clua_operation(state)), as: UTF8.self)
    }

    private var failure: LuaFailure {
        guard let state = unsafe state else { return LuaFailure(kind: .memory, message: "no memory for a Lua state") }
        let record = unsafe clua_last_failure(state)
        var failure = LuaFailure(
            kind: LuaFailure.Kind(unsafe record.kind),
            message: String(decoding: unsafe copy(record.message), as: UTF8.self),
            file: unsafe text(record.file),
            line: unsafe record.line > 0 ? Int(record.line) : nil
        )
        failure.trace = unsafe text(record.trace)
        failure.thrownKind = unsafe text(record.thrown_kind)
        failure.hint = unsafe text(record.hint)
        failure.bodyUndecodable = unsafe record.undecodable
        return failure
    }

    /// Adds an argument for the next entry; false if there is no memory.
    func add(
        _ kind: clua_argument_kind,
        _ first: [UInt8],
        _ second: [UInt8] = [],
        _ third: [UInt8] = []
    ) -> Bool {
        guard let state = unsafe state else { return false }
        return unsafe withBytes(first, second, third) { first, second, third in
            unsafe clua_argument_add(state, kind, first, second, third)
        }
    }

    func takeLog() -> [LuaLogLine] {
        guard let state = unsafe state else { return [] }
        var lines: [LuaLogLine] = []
        var cursor = 0
        var line = unsafe clua_log_line()
        while unsafe clua_log_next(state, &cursor, &line) {
            unsafe lines.append(
                LuaLogLine(
                    level: LuaLogLine.Level(rawValue: Int(line.level)) ?? .info,
                    text: String(decoding: copy(line.text), as: UTF8.self),
                    file: text(line.file),
                    line: line.line > 0 ? Int(line.line) : nil
                )
            )
        }
        unsafe clua_log_clear(state)
        return lines
    }

    var statistics: LuaStatistics {
        let record = unsafe state.map { unsafe clua_statistics_of($0) } ?? clua_statistics()
        return LuaStatistics(
            memory: record.used,
            peakMemory: record.peak,
            refusals: record.refusals,
            hooks: record.hooks,
            hostCalls: record.host_calls,
            scriptTime: .nanoseconds(record.script_time),
            entryTime: .nanoseconds(record.entry_time)
        )
    }

    func refuse(from: UInt64, count: UInt64) {
        if let state = unsafe state { unsafe clua_refuse(state, from, count) }
    }
}

extension clua_limits {
    init(_ limits: LuaLimits) {
        self.init(
            memory: limits.memory,
            block: limits.block,
            source: limits.source,
            output: limits.json,
            log: limits.logBytes,
            host_calls: UInt64(max(0, limits.hostCalls))
        )
    }
}

extension LuaFailure.Kind {
    init(_ kind: clua_kind) {
        switch kind {
        case .CLUA_SYNTAX: self = .syntax
        case .CLUA_RUNTIME: self = .runtime
        case .CLUA_MEMORY: self = .memory
        case .CLUA_TIME: self = .time
        case .CLUA_CANCELLED: self = .cancelled
        case .CLUA_USAGE: self = .usage
        case .CLUA_LIMIT: self = .limit
        }
    }
}

/// Lends bytes to C for the time of the call.
private func withBytes<Result>(
    _ first: [UInt8],
    _ second: [UInt8],
    _ third: [UInt8],
    _ body: (clua_bytes, clua_bytes, clua_bytes) -> Result
) -> Result {
    unsafe first.withUnsafeBufferPointer { first in
        unsafe second.withUnsafeBufferPointer { second in
            unsafe third.withUnsafeBufferPointer { third in
                unsafe body(clua_bytes(first), clua_bytes(second), clua_bytes(third))
            }
        }
    }
}

extension clua_bytes {
    fileprivate init(_ buffer: UnsafeBufferPointer<UInt8>) {
        unsafe self.init(bytes: buffer.baseAddress, count: buffer.count)
    }
}

/// The bytes that C lent, as our own.
private func copy(_ bytes: clua_bytes) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: bytes.bytes, count: bytes.count))
}

private func text(_ bytes: clua_bytes) -> String? {
    unsafe bytes.count == 0 ? nil : unsafe String(decoding: copy(bytes), as: UTF8.self)
}

/// Called by CLua inside an entry.
///
/// Swift code here returns normally in every case: no error jumps over it.
private func callLeaf(
    _ context: UnsafeMutableRawPointer?,
    _ name: UnsafePointer<CChar>,
    _ arguments: UnsafePointer<UInt8>,
    _ count: Int,
    _ result: OpaquePointer
) -> Bool {
    guard let context = unsafe context else { return false }
    let table = unsafe Unmanaged<LeafTable>.fromOpaque(context).takeUnretainedValue()
    let bytes = unsafe Array(UnsafeBufferPointer(start: arguments, count: count))
    let answer = unsafe table.call(String(cString: name), bytes)
    let isAdded = unsafe answer.bytes.withUnsafeBufferPointer { bytes in
        unsafe clua_buffer_append(result, bytes.baseAddress, bytes.count)
    }
    return answer.isDone && isAdded
}
