import Foundation
import Lua
import PluginHost
import RunCore

/// `plugins.lock`: what each plugin of a folder was when a person trusted it.
///
/// Where the file is, only plugins that it names are run, and none that wants more than it did then.
struct PluginLock: Sendable {
    /// What was trusted.
    struct Entry: Sendable, Hashable {
        let version: String
        let digest: String
        let hosts: [String]
        let secrets: [String]

        /// What a plugin is and wants now.
        init(_ plugin: Plugin) {
            version = plugin.manifest.version
            digest = plugin.digest
            hosts = plugin.manifest.hostClaims(digest: plugin.digest).sorted()
            secrets = plugin.manifest.secrets.sorted()
        }

        fileprivate init?(_ json: JSONValue) {
            func texts(_ key: String) -> [String]? { json[key]?.array?.compactMap(\.string) }
            guard let version = json["version"]?.string, let digest = json["digest"]?.string,
                let hosts = texts("hosts"), let secrets = texts("secrets")
            else { return nil }
            self.version = version
            self.digest = digest
            self.hosts = hosts
            self.secrets = secrets
        }

        fileprivate var json: JSONValue {
            [
                "version": .string(version), "digest": .string(digest), "hosts": .array(hosts.map { .string($0) }),
                "secrets": .array(secrets.map { .string($0) }),
            ]
        }

        /// What another plugin wants that this one did not.
        func more(wantedBy other: Entry) -> [String] {
            other.hosts.filter { !hosts.contains($0) }.map { "the host \($0)" }
                + other.secrets.filter { !secrets.contains($0) }.map { "the secret \($0)" }
        }
    }

    /// The file's path.
    let path: String
    /// What was trusted, by the plugins' names; nil where there is no file.
    private(set) var entries: [String: Entry]?

    static let name = "plugins.lock"

    /// The lock of the folder that a plugin was found in.
    init(for plugin: Plugin) throws {
        let file = URL(fileURLWithPath: plugin.file)
        let folder =
            plugin.folder == nil
            ? file.deletingLastPathComponent()
            : file.deletingLastPathComponent()
                .deletingLastPathComponent()
        path = folder.appending(path: Self.name).path
        guard let data = FileManager.default.contents(atPath: path) else { return }
        let json: JSONValue
        do {
            json = try JSONReader.read(Array(data), as: JSONValue.self)
        } catch {
            throw Self.broken(path, "\(error.message), at byte \(error.offset)")
        }
        guard let members = json["plugins"]?.object else { throw Self.broken(path, "the key plugins is missing") }
        var entries: [String: Entry] = [:]
        for (name, member) in members {
            guard let entry = Entry(member) else { throw Self.broken(path, "the entry of \(name) is not whole") }
            entries[name] = entry
        }
        self.entries = entries
    }

    /// Refuses a plugin that is not trusted, or wants more than when it was.
    ///
    /// - Returns: what to tell the user of one that changed, but wants no more; nil if there is nothing to tell.
    func check(_ plugin: Plugin) throws -> String? {
        guard let entries else { return nil }
        let name = plugin.manifest.name
        guard let trusted = entries[name] else { throw refused(plugin, "is not in \(path)") }
        let present = Entry(plugin)
        guard present.digest != trusted.digest else { return nil }
        let more = trusted.more(wantedBy: present)
        guard more.isEmpty else {
            throw refused(plugin, "changed since it was trusted, and wants more: \(more.joined(separator: ", "))")
        }
        return "\(name) changed since it was trusted; it wants no further host or secret"
    }

    /// Puts a plugin in, as it is now, and writes the file.
    mutating func trust(_ plugin: Plugin) throws {
        var entries = entries ?? [:]
        entries[plugin.manifest.name] = Entry(plugin)
        self.entries = entries
        let json: JSONValue = ["plugins": .object(entries.mapValues(\.json))]
        do {
            try Data((json.text + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandError(.configuration, "bad_lock", "\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private func refused(_ plugin: Plugin, _ why: String) -> CommandError {
        CommandError(
            .configuration,
            "not_trusted",
            "the plugin \(plugin.manifest.name) \(why)",
            hint: "look at it with: agent plugins show \(plugin.file), then: agent plugins trust \(plugin.file)"
        )
    }

    private static func broken(_ path: String, _ problem: String) -> CommandError {
        CommandError(.configuration, "bad_lock", "\(path) cannot be read: \(problem)")
    }
}
