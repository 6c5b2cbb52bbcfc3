import Glibc

/// A listening socket whose queue is full: who connects to it gets no answer at all.
final class BlackHole {
    let port: Int
    private var sockets: [Int32] = []

    /// Fails only if the system gives no socket, which shows as port 0.
    init() {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        sockets.append(listener)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = unsafe bind(listener, generic, size)
                _ = unsafe getsockname(listener, generic, &size)
            }
        }
        listen(listener, 0)
        port = Int(UInt16(bigEndian: address.sin_port))
        // The queue takes one connection more than asked for; all further SYNs are dropped.
        for _ in 0..<3 {
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            sockets.append(client)
            unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    _ = unsafe connect(client, generic, size)
                }
            }
        }
    }

    deinit {
        for socket in sockets { close(socket) }
    }
}
