import Foundation
import RunCore

/// Files that are written for whoever works on a plugin.
enum PluginFile {
    /// Writes a new file, and the folders it lies in.
    ///
    /// - Throws: when it cannot be written, or is there already; `hint` says what to do then.
    static func create(_ path: String, _ text: String, hint: String? = nil) throws(CommandError) {
        let url = URL(fileURLWithPath: path)
        if FileManager.default.fileExists(atPath: path) {
            throw CommandError(.usage, "exists", "\(path) is there already", hint: hint)
        }
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        } catch {
            throw CommandError(.configuration, "bad_folder", "cannot write \(path): \(error.localizedDescription)")
        }
    }
}
