import HTTPTransport

@testable import PluginHost

/// URLs of plugins and servers: who checks the origin and who connects must read the same in them.
enum URLTarget {
    static func broken(by bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        let base = "https://api.example.com/v1/runs"
        for url in [text, URLText.resolve(text, against: base), URLText.base(text)].compactMap(\.self) {
            if let broken = broken(url) { return "\(broken): \(url.debugDescription)" }
        }
        return nil
    }

    private static func broken(_ url: String) -> String? {
        guard let checked = URLText.origin(of: url), let sent = try? Origin(url: url) else { return nil }
        let allowed = try? Origin(url: checked)
        return allowed == sent ? nil : "checked as \(checked), sent to \(sent)"
    }
}
