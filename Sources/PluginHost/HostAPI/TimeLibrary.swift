import Lua
import RunCore

/// `agent.time`: arithmetic on given times; there is no clock.
enum TimeLibrary {
    static let leafs: [String: LuaLeaf] = [
        // RFC 3339 text, or the date of an HTTP header, to seconds since 1970; nil for anything else.
        "time.parse": {
            try LeafArguments($0).answer { arguments in
                let text = try arguments.text(0)
                guard let time = Timestamp(rfc3339: text) ?? RetryAfter.httpDate(text) else { return .null }
                return .seconds(Double(time.milliseconds) / 1000)
            }
        },
        // Seconds since 1970 to RFC 3339 text in UTC; nil for a number that is no time.
        "time.format": {
            try LeafArguments($0).answer { arguments in
                guard let milliseconds = Int64(exactly: (try arguments.number(0) * 1000).rounded()) else {
                    return .null
                }
                return .string(Timestamp(milliseconds: milliseconds).rfc3339)
            }
        },
        // A duration such as "10s" to seconds; nil for anything else.
        "time.duration": {
            try LeafArguments($0).answer { arguments in
                Duration(text: try arguments.text(0)).map { .seconds($0.inSeconds) } ?? .null
            }
        },
    ]
}
