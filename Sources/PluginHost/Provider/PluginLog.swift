import Logging
import Lua

/// Hands on what a plugin logs (`agent.log`), secrets masked.
struct PluginLog: Sendable {
    let logger: Logger
    let plugin: String
    let mask: LiveMask

    func write(_ lines: [LuaLogLine]) {
        for line in lines {
            let place = line.file.map { file in line.line.map { "\(file):\($0)" } ?? file } ?? ""
            logger.log(
                level: Self.level(of: line.level),
                "\(mask.mask(line.text))",
                metadata: ["plugin": "\(plugin)", "place": "\(place)"]
            )
        }
    }

    private static func level(of level: LuaLogLine.Level) -> Logger.Level {
        switch level {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
