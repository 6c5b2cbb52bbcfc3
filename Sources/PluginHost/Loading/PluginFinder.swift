import Foundation

/// Finds plugins by name in the folders that are searched, the first that has one winning.
package struct PluginFinder: Sendable {
    /// The folders in the order they are searched.
    package let folders: [String]

    /// A finder for these folders; ones that do not exist hold no plugins.
    package init(folders: [String]) {
        self.folders = folders
    }

    /// Where a plugin is; nil if no folder has it.
    package func location(of name: String) -> PluginLocation? {
        guard Self.isName(name) else { return nil }
        return folders.lazy.compactMap { Self.location(of: name, in: $0) }.first
    }

    /// All plugins, sorted by name; one that an earlier folder has hides one of a later.
    package func all() -> [PluginLocation] {
        var found: [String: PluginLocation] = [:]
        for folder in folders {
            for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                let name = entry.hasSuffix(".lua") ? String(entry.dropLast(4)) : entry
                guard found[name] == nil, Self.isName(name) else { continue }
                found[name] = Self.location(of: name, in: folder)
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }

    /// Whether a text can be a plugin's name: one path component of lower-case letters, digits and dashes.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.first, first.isLetter else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-" || $0 == "_") }
    }

    private static func location(of name: String, in folder: String) -> PluginLocation? {
        let own = "\(folder)/\(name)"
        if FileManager.default.fileExists(atPath: "\(own)/plugin.lua") {
            return PluginLocation(name: name, file: "\(own)/plugin.lua", folder: own)
        }
        if FileManager.default.fileExists(atPath: "\(own).lua") {
            return PluginLocation(name: name, file: "\(own).lua", folder: nil)
        }
        return nil
    }
}
