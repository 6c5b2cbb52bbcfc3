import Glibc

/// A socket that is bound to a free port on loopback and does nothing else: who connects to it is refused, and
/// nobody else can get the port while it is open.
final class LoopbackSocket {
    let descriptor: Int32
    let address: sockaddr_in

    /// Fails only if the system gives no socket, which shows as port 0.
    init() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var bound = sockaddr_in()
        bound.sin_family = sa_family_t(AF_INET)
        bound.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        unsafe withUnsafeMutablePointer(to: &bound) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = unsafe bind(descriptor, generic, size)
                _ = unsafe getsockname(descriptor, generic, &size)
            }
        }
        address = bound
    }

    deinit {
        close(descriptor)
    }

    var port: Int { Int(UInt16(bigEndian: address.sin_port)) }
    var url: String { "http://127.0.0.1:\(port)" }
}
