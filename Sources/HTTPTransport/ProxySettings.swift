/// Says which proxy a request goes through: the setting `proxy`, else the environment, as curl and Go read it.
///
/// `HTTPS_PROXY` counts for https, `HTTP_PROXY` for http, lower case before upper. `NO_PROXY` lists hosts,
/// `.suffixes` (a bare domain counts with its subdomains), `host:port`, IP addresses, or `*`. Loopback hosts and Unix
/// sockets never take the environment's proxy. The setting counts for every host, whatever `NO_PROXY` says.
package struct ProxySettings: Sendable {
    private enum Source: Sendable {
        case fixed(ProxyAddress?)
        case environment(http: ProxyAddress?, https: ProxyAddress?, exceptions: [String])
    }

    private let source: Source

    /// Reads setting and environment once; an unusable proxy in either is an error, even if no request needs it.
    package init(setting: String?, environment: [String: String]) throws(TransportSettingsError) {
        if let setting {
            source = .fixed(setting.isEmpty ? nil : try ProxyAddress(setting, setting: "proxy"))
            return
        }
        let exceptions = Self.variable("NO_PROXY", in: environment)?.text ?? ""
        source = .environment(
            http: try Self.proxy(from: "HTTP_PROXY", in: environment),
            https: try Self.proxy(from: "HTTPS_PROXY", in: environment),
            exceptions: exceptions.lowercased().split { $0 == "," || $0 == " " }.map(String.init)
        )
    }

    /// The proxy for requests to an origin; nil to go there directly.
    package func proxy(for origin: Origin) -> ProxyAddress? {
        if origin.isSocket { return nil }
        switch source {
        case .fixed(let proxy): return proxy
        case .environment(let http, let https, let exceptions):
            if Self.isLoopback(origin.host) || exceptions.contains(where: { Self.exempts($0, origin) }) { return nil }
            return origin.usesTLS ? https : http
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || IPAddress(host)?.restriction == "loopback"
    }

    private static func exempts(_ exception: String, _ origin: Origin) -> Bool {
        if exception == "*" { return true }
        var name = exception[...]
        if let address = IPAddress(exception) { return address == IPAddress(origin.host) }
        if let colon = name.lastIndex(of: ":"), let port = Int(name[name.index(after: colon)...]) {
            guard port == origin.port else { return false }
            name = name[..<colon]
        }
        if name.first == "[", name.last == "]" { name = name.dropFirst().dropLast() }
        if name.hasPrefix("*.") { name = name.dropFirst() }
        let suffix = name.hasPrefix(".") ? String(name) : ".\(name)"
        return origin.host == name || origin.host.hasSuffix(suffix)
    }

    private static func proxy(
        from name: String,
        in environment: [String: String]
    ) throws(TransportSettingsError) -> ProxyAddress? {
        guard let variable = variable(name, in: environment) else { return nil }
        return try ProxyAddress(variable.text, setting: variable.name)
    }

    private static func variable(_ name: String, in environment: [String: String]) -> (name: String, text: String)? {
        for name in [name.lowercased(), name] {
            if let text = environment[name], !text.isEmpty { return (name, text) }
        }
        return nil
    }
}
