import Glibc

/// Says why a file cannot be read, which the TLS library does not.
enum FileProbe {
    /// The system's words for it, such as `No such file or directory`; nil if the file can be read.
    static func problem(with path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return text(of: errno) }
        defer { close(file) }
        var byte: UInt8 = 0
        // A folder can be opened but not read.
        return unsafe read(file, &byte, 1) >= 0 ? nil : text(of: errno)
    }

    /// The system's words for an error number.
    static func text(of code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
