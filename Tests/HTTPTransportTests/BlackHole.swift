import Glibc

/// A listening socket whose queue is full: who connects to it gets no answer at all.
final class BlackHole {
    private let listener = LoopbackSocket()
    private var clients: [Int32] = []

    init() {
        listen(listener.descriptor, 0)
        var address = listener.address
        // The queue takes one connection more than asked for; all further SYNs are dropped.
        for _ in 0..<3 {
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            clients.append(client)
            unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    _ = unsafe connect(client, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }

    deinit {
        for client in clients { close(client) }
    }

    var port: Int { listener.port }
}
