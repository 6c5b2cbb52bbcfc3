import Glibc
import RunCore

/// What the operating system said of a failed call.
struct SystemFailure: Error, CustomStringConvertible {
    let code: Int32

    /// The failure of the call that was just made on this thread.
    static var latest: SystemFailure { SystemFailure(code: errno) }

    var description: String {
        // Known codes have constant texts in glibc, so the pointer stays good.
        unsafe String(cString: strerror(code))
    }

    /// The failure as callers see it.
    ///
    /// `action` is what could not be done, with the path in it, such as `write /tmp/a.csv`.
    func artifactError(_ action: String) -> ArtifactError {
        ArtifactError(kind, "cannot \(action): \(self)")
    }

    private var kind: ArtifactError.Code {
        switch code {
        case ENOSPC, EDQUOT, EFBIG: .space
        case EACCES, EPERM, EROFS, ENOENT, ENOTDIR, EEXIST, ELOOP, ENAMETOOLONG: .folder
        default: .system
        }
    }
}
