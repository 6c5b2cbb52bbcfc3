import FoundationEssentials
import Glibc
package import RunCore

/// The folder that holds the store, its locks and the process files: `$AGENT_HOME`.
package enum StateFolder {
    /// Where state is kept: `$AGENT_HOME`, else `$XDG_STATE_HOME/agent`, else `$HOME/.local/state/agent`.
    ///
    /// An empty variable counts as absent.
    package static func path(environment: [String: String]) throws(RunError) -> String {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let home = value("AGENT_HOME") { return home }
        if let state = value("XDG_STATE_HOME") { return "\(state)/agent" }
        if let home = value("HOME") { return "\(home)/.local/state/agent" }
        throw RunError(
            .stateFolder,
            "there is no place for state: AGENT_HOME, XDG_STATE_HOME and HOME are all unset",
            hint: "set AGENT_HOME to a folder of your own"
        )
    }

    /// Creates the folder and its parents where they are missing, for the owner alone, and checks that a store can
    /// be kept in it safely.
    ///
    /// - Returns: the absolute path without symbolic links.
    static func prepare(_ folder: String) throws(RunError) -> String {
        do throws(SystemFailure) {
            try create(folder)
        } catch {
            throw RunError(
                .stateFolder,
                "cannot create the state folder \(folder): \(error)",
                hint: otherFolder,
                cause: error
            )
        }
        try checkRights(of: folder)
        let resolved = try resolve(folder)
        try checkFileSystem(of: resolved)
        return resolved
    }

    /// Checks that a store can be kept in `folder`, as far as that shows without it; creates nothing.
    package static func check(_ folder: String) throws(RunError) {
        guard unsafe access(folder, F_OK) == 0 else { return }
        try checkRights(of: folder)
        try checkFileSystem(of: try resolve(folder))
    }

    private static let otherFolder = "set AGENT_HOME to another folder"

    private static func create(_ folder: String) throws(SystemFailure) {
        if unsafe mkdir(folder, 0o700) == 0 { return sync(parent(of: folder)) }
        switch errno {
        case EEXIST: return
        case ENOENT where parent(of: folder) != folder:
            try create(parent(of: folder))
            guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .latest }
            sync(parent(of: folder))
        default: throw .latest
        }
    }

    private static func parent(of path: String) -> String {
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        if path.hasPrefix("/") { return "/" + parent }
        return parent.isEmpty ? "." : parent
    }

    /// Writes a folder's entries to disk, so that a new folder outlives a power cut.
    private static func sync(_ folder: String) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        // Some file systems cannot; SQLite does what can be done for the files inside.
        _ = fsync(descriptor)
        _ = close(descriptor)
    }

    private static func checkRights(of folder: String) throws(RunError) {
        var info = stat()
        guard unsafe stat(folder, &info) == 0 else {
            throw RunError(
                .stateFolder,
                "cannot look at the state folder \(folder): \(SystemFailure.latest)",
                hint: otherFolder
            )
        }
        guard info.st_mode & S_IFMT == S_IFDIR else {
            throw RunError(.stateFolder, "the state folder \(folder) is no folder", hint: otherFolder)
        }
        guard info.st_uid == geteuid() else {
            throw RunError(
                .stateFolder,
                "the state folder \(folder) belongs to user \(info.st_uid), not to user \(geteuid()) who runs this",
                hint: otherFolder
            )
        }
        let mode = info.st_mode & 0o7777
        guard mode & 0o022 == 0 else {
            throw RunError(
                .stateFolder,
                "others may write to the state folder \(folder) (mode \(String(mode, radix: 8)))",
                hint: "run `chmod 700 \(folder)`, or \(otherFolder)"
            )
        }
        guard unsafe access(folder, R_OK | W_OK | X_OK) == 0 else {
            throw RunError(
                .stateFolder,
                "the state folder \(folder) cannot be used: \(SystemFailure.latest)",
                hint: "run `chmod 700 \(folder)`, or \(otherFolder)"
            )
        }
    }

    private static func resolve(_ folder: String) throws(RunError) -> String {
        guard let path = unsafe realpath(folder, nil) else {
            throw RunError(.stateFolder, "cannot resolve the state folder \(folder): \(SystemFailure.latest)")
        }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    private static func checkFileSystem(of folder: String) throws(RunError) {
        guard let data = FileManager.default.contents(atPath: "/proc/self/mountinfo") else { return }
        let table = MountTable(mountinfo: String(decoding: data, as: UTF8.self))
        guard let kind = table.fileSystem(of: folder), MountTable.isRemote(kind) else { return }
        throw RunError(
            .stateFolder,
            "the state folder \(folder) is on a network file system (\(kind)), where file locks cannot be relied on",
            hint: "set AGENT_HOME to a folder on a local disk"
        )
    }
}
