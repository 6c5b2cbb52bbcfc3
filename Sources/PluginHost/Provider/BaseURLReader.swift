import Lua
import RunCore

/// Finds where a connection's requests go.
struct BaseURLReader {
    let plugin: Plugin
    let connection: Connection
    let hooks: any FunctionCaller

    /// The base URL without a trailing slash.
    func read() async throws(PluginFault) -> String {
        if let url = connection.baseURL { return URLText.base(url) }
        let scope = TemplateScope(settings: connection.settings)
        let url: String
        switch plugin.manifest.baseURL {
        case .template(let template): url = try template.filled(from: scope)
        case .choice(let setting, let urls):
            let value = connection.settings[setting]?.plainText ?? ""
            guard let template = urls[value] else {
                throw PluginFault("base_url: there is no URL for \(setting) '\(value)'", place: plugin.file)
            }
            url = try template.filled(from: scope)
        case .function(let function):
            do throws(LuaFailure) {
                let settings = Array(JSONValue.object(connection.settings).text.utf8)
                let results = try await hooks.call(function, [.json(settings)])
                url = results.first?.string ?? ""
            } catch {
                throw error.fault(in: "base_url")
            }
        }
        guard URLText.isOrigin(url) else {
            throw PluginFault("base_url: '\(url)' is no http or https address", place: plugin.file)
        }
        return URLText.base(url)
    }
}

extension AllowedOrigins {
    /// The base URL's origin, and the hosts that the plugin names.
    init(plugin: Plugin, connection: Connection, baseURL: String) throws(PluginFault) {
        let scope = TemplateScope(settings: connection.settings)
        var entries: [Entry] = []
        func add(_ url: String, takesCredentials: Bool) throws(PluginFault) {
            guard let origin = URLText.origin(of: url) else {
                throw PluginFault("'\(url)' is no address with a host", place: plugin.file)
            }
            let isConfigured = connection.names(hostOf: url)
            entries.append(Entry(origin: origin, takesCredentials: takesCredentials, isConfigured: isConfigured))
        }
        try add(baseURL, takesCredentials: true)
        for host in plugin.manifest.hosts {
            let url = try host.origin.filled(from: scope)
            try add(URLText.isAbsolute(url) ? url : "https://\(url)", takesCredentials: host.takesCredentials)
        }
        self.init(entries: entries)
    }
}
