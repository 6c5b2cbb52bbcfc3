/// What is mounted where, read from the text of `/proc/self/mountinfo`.
struct MountTable {
    /// One mounted file system.
    private struct Mount {
        let path: String
        let kind: String
    }

    private let mounts: [Mount]

    /// Reads the lines that have the form of proc(5); skips all others.
    init(mountinfo text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, dash + 1 < fields.count else { return nil }
            return Mount(path: Self.unescaped(fields[4]), kind: String(fields[dash + 1]))
        }
    }

    /// The kind of file system that holds the absolute path, like `ext4`; nil if the table does not tell.
    func fileSystem(of path: String) -> String? {
        var nearest: Mount?
        // Of two mounts at one path the later one is seen.
        for mount in mounts where Self.holds(mount.path, path) {
            if mount.path.utf8.count >= nearest?.path.utf8.count ?? 0 { nearest = mount }
        }
        return nearest?.kind
    }

    /// Whether files of this kind are on another machine, or locks and shared memory do not work on them.
    static func isRemote(_ kind: String) -> Bool {
        remoteKinds.contains(kind) || kind.hasPrefix("fuse.") && kind != "fuse.fuse-overlayfs"
    }

    private static let remoteKinds: Set<String> = [
        "9p", "afs", "ceph", "cifs", "coda", "fuse", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2",
        "smb3", "smbfs", "virtiofs",
    ]

    private static func holds(_ mount: String, _ path: String) -> Bool {
        mount == "/" || path == mount || path.hasPrefix(mount + "/")
    }

    /// Undoes the octal escapes of blanks and backslashes.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = field.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
