import CLua

/// Reads JSON without a Lua state, by the same rules as Lua code does.
///
/// Numbers without fraction and exponent are integers, beyond 64 bits strings of their digits. Lone surrogates and
/// bytes that are not UTF-8 become U+FFFD. At most 100 levels; of equal names the last counts; a byte order mark at
/// the start is passed over.
package enum JSONReader {
    /// The value of a whole document of at most `limit` bytes.
    package static func read<Value: JSONBuildable>(
        _ bytes: [UInt8],
        as type: Value.Type,
        limit: Int = 8 << 20
    ) throws(JSONReadError) -> Value {
        let result: Result<Value, JSONReadError> = unsafe bytes.withUnsafeBufferPointer { buffer in
            let document = unsafe clua_bytes(bytes: buffer.baseAddress, count: buffer.count)
            guard let tape = unsafe clua_tape_new(document, limit) else {
                return .failure(JSONReadError(offset: 0, message: "not enough memory"))
            }
            defer { unsafe clua_tape_free(tape) }
            var offset = 0
            if let error = unsafe clua_tape_error(tape, &offset) {
                return .failure(JSONReadError(offset: offset, message: unsafe String(cString: error)))
            }
            var cursor = unsafe TapeCursor(tape: tape)
            return .success(cursor.value(as: type))
        }
        return try result.get()
    }
}

/// Walks the tokens of a document that was read without error.
@safe private struct TapeCursor {
    private let tape: OpaquePointer
    private var index = 0

    init(tape: OpaquePointer) {
        unsafe self.tape = tape
    }

    mutating func value<Value: JSONBuildable>(as type: Value.Type) -> Value {
        let token = unsafe next()
        switch unsafe token.kind {
        case .CLUA_TOKEN_NULL: return .jsonNull
        case .CLUA_TOKEN_FALSE: return .json(false)
        case .CLUA_TOKEN_TRUE: return .json(true)
        case .CLUA_TOKEN_INTEGER: return unsafe .json(token.integer)
        case .CLUA_TOKEN_REAL: return unsafe .json(token.real)
        case .CLUA_TOKEN_DIGITS, .CLUA_TOKEN_STRING: return unsafe .json(text(of: token))
        case .CLUA_TOKEN_ARRAY: return unsafe .json(list(of: token.count, as: type))
        case .CLUA_TOKEN_OBJECT: return unsafe .json(members(of: token.count, as: type))
        }
    }

    private mutating func next() -> clua_token {
        defer { index += 1 }
        return unsafe clua_tape_token(tape, index)
    }

    private func text(of token: clua_token) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: token.text, count: token.count), as: UTF8.self)
    }

    private mutating func list<Value: JSONBuildable>(of count: Int, as type: Value.Type) -> [Value] {
        var list: [Value] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(value(as: type)) }
        return list
    }

    private mutating func members<Value: JSONBuildable>(of count: Int, as type: Value.Type) -> [String: Value] {
        var members = [String: Value](minimumCapacity: count)
        for _ in 0..<count {
            let name = unsafe text(of: next())
            members[name] = value(as: type)
        }
        return members
    }
}
