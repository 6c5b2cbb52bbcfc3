@testable import PluginHost
import Testing

/// Something wrong in an otherwise good plugin, and all that must be said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
    /// The part of the plugin's table.
    let text: String
    private let messages: [String]

    init(_ text: String, _ messages: String...) {
        self.text = text
        self.messages = messages
    }

    var testDescription: String { text }

    /// The problems as they are printed.
    func problems(line: Int) -> String {
        messages.map { "sample.lua:\(line): \($0)" }.joined(separator: "\n")
    }
}
