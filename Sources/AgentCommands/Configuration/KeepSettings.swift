import PluginHost
import RunCore

/// What of runs that are over is kept, and for how long: from the environment and the key `keep` of `agent.yaml`.
struct KeepSettings: Sendable, Hashable {
    /// Whether what is sent and answered is kept.
    var exchanges = true
    /// For how long; nil for as long as the run.
    var exchangesFor: Duration? = .seconds(30 * 86_400)
    /// How much of it.
    var limits = ExchangeLimits()
    /// How long ended runs stay; nil for ever.
    var runsFor: Duration?
    /// How many runs stay; nil for any number.
    var runCount: Int?

    /// What counts where nothing is said.
    static let usual = KeepSettings()

    /// The keys, in the order they are documented.
    static let keys = ["exchanges", "exchange_size", "run_size", "runs", "run_count"]

    /// The environment's variable for a key.
    static func variable(_ key: String) -> String { "AGENT_KEEP_\(key.uppercased())" }

    /// Reads the settings; the environment counts before the file.
    ///
    /// - Throws: an error that names what cannot be read.
    static func read(_ file: ConfigurationFile, in context: CommandContext) throws -> KeepSettings {
        var settings = KeepSettings.usual
        for key in keys {
            let variable = variable(key)
            if let text = context.variable(variable) {
                try settings.set(key, text, as: variable)
            } else if let text = file.keep[key] {
                try settings.set(key, text, as: "\(file.path ?? ""): keep.\(key)")
            }
        }
        return settings
    }

    private mutating func set(_ key: String, _ text: String, as place: String) throws {
        switch key {
        case "exchanges":
            exchanges = text != "off"
            if exchanges { exchangesFor = try Self.time(text, place, words: "a time such as 30d, forever or off") }
        case "exchange_size": limits.body = try Self.size(text, place)
        case "run_size": limits.run = try Self.size(text, place)
        case "runs": runsFor = try Self.time(text, place, words: "a time such as 90d, or forever")
        default: runCount = try Self.count(text, place)
        }
    }

    private static func time(_ text: String, _ place: String, words: String) throws -> Duration? {
        if text == "forever" { return nil }
        guard let duration = Duration(text: text) else { throw problem(place, words, text) }
        return duration
    }

    private static func size(_ text: String, _ place: String) throws -> Int {
        guard let size = ByteSize.bytes(text) else { throw problem(place, "a size such as 64KiB or 1MiB", text) }
        return size
    }

    private static func count(_ text: String, _ place: String) throws -> Int {
        guard let count = Int(text), count > 0 else { throw problem(place, "a whole number above 0", text) }
        return count
    }

    private static func problem(_ place: String, _ expected: String, _ text: String) -> CommandError {
        CommandError(.configuration, "bad_setting", "\(place): \(expected) is expected, not '\(text)'")
    }
}
