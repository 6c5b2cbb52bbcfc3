import ArgumentParser
import RunCore

/// A `name=value` argument.
struct KeyValue: ExpressibleByArgument, Sendable {
    let name: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
        name = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }
}

extension [KeyValue] {
    /// The values by name.
    ///
    /// - Throws: when a name stands twice.
    func dictionary(option: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for pair in self {
            guard values[pair.name] == nil else {
                throw CommandError(.usage, "usage", "\(option) \(pair.name) is given twice")
            }
            values[pair.name] = pair.value
        }
        return values
    }
}
