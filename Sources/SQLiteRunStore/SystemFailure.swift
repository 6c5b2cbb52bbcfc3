import Glibc

/// What the operating system said of a failed call.
struct SystemFailure: Error, CustomStringConvertible {
    let code: Int32

    /// The failure of the call that was just made on this thread.
    static var latest: SystemFailure { SystemFailure(code: errno) }

    var description: String {
        // Known codes have constant texts in glibc, so the pointer stays good.
        unsafe String(cString: strerror(code))
    }
}
