import Testing

@testable import SQLiteRunStore

struct MountTableTests {
    private let table = MountTable(
        mountinfo: #"""
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            23 22 0:21 / /home rw shared:2 master:3 - autofs systemd-1 rw
            24 22 0:44 / /home rw - nfs4 server:/home rw
            25 22 0:45 / /mnt/with\040blank\134x rw - fuse.sshfs server: rw
            26 22 0:46 / /home/ada/local rw - btrfs /dev/sdb rw
            broken line
            27 22 0:47 / /cut rw -
            """#
    )

    @Test(arguments: [
        ("/", "ext4"),
        ("/var/lib", "ext4"),
        ("/home", "nfs4"),
        ("/home/ada/state", "nfs4"),
        ("/homes", "ext4"),
        ("/home/ada/local/x", "btrfs"),
        ("/mnt/with blank\\x/y", "fuse.sshfs"),
        ("/cut", "ext4"),
    ])
    func deepestAndLatestMountCounts(path: String, kind: String) {
        #expect(table.fileSystem(of: path) == kind)
    }

    @Test func emptyTableTellsNothing() {
        #expect(MountTable(mountinfo: "").fileSystem(of: "/") == nil)
    }

    @Test(arguments: ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone", "ceph", "9p"])
    func networkFileSystemIsRemote(kind: String) {
        #expect(MountTable.isRemote(kind))
    }

    @Test(arguments: ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "fuseblk", "fuse.fuse-overlayfs"])
    func localFileSystemIsNot(kind: String) {
        #expect(!MountTable.isRemote(kind))
    }
}
