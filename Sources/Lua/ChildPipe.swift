import CLua
import Glibc

/// The child of an isolated state, and the socket to it.
///
/// Blocks the thread of its state while the child computes; a child that does not come back is ended.
final class ChildPipe {
    /// One frame with its texts.
    struct Frame {
        var head = clua_frame()
        var texts: [[UInt8]] = []

        func text(_ index: Int) -> [UInt8] { texts.indices.contains(index) ? texts[index] : [] }
        func string(_ index: Int) -> String? {
            text(index).isEmpty ? nil : String(decoding: text(index), as: UTF8.self)
        }
    }

    private var child: (process: pid_t, descriptor: Int32)?
    /// How the child ended, once it has.
    private(set) var end: LuaFailure?

    /// How long the child is waited for in the present entry.
    private var patience = clua_patience()

    /// CPU time that a child may use beyond its limit.
    private static let grace = Duration.seconds(2)
    /// Seconds in which it may use none at all, while this process runs.
    private static let idleLooks: Int32 = 30
    /// Frames are never larger than a body and its head.
    private static let largestText = 64 << 20

    init(program: String, argument: String) {
        var descriptor: Int32 = -1
        var process: pid_t = 0
        let error = unsafe clua_child_spawn(program, argument, &descriptor, &process)
        if error == 0 {
            child = (process, descriptor)
        } else {
            end = LuaFailure(
                kind: .crashed,
                message: "the process for the plugin cannot be started: \(unsafe String(cString: strerror(error)))"
            )
        }
    }

    deinit {
        if let child { _ = clua_child_end(child.process, child.descriptor) }
    }

    /// Begins an entry that may use so much CPU time.
    func begin(limit: Duration) {
        guard let child else { return }
        let due = Duration.nanoseconds(clua_process_time(child.process)) + limit + Self.grace
        patience = clua_patience(process: child.process, due: due.inNanoseconds, looks: Self.idleLooks)
    }

    /// Sends a frame.
    func send(
        _ kind: clua_frame_kind,
        _ texts: [[UInt8]] = [],
        number: Int64 = 0,
        _ first: UInt8 = 0,
        _ second: UInt8 = 0
    )
        throws(LuaFailure)
    {
        var frame = clua_frame()
        frame.kind = kind
        frame.first = first
        frame.second = second
        frame.number = number
        var bytes: [UInt8] = []
        unsafe withUnsafeMutableBytes(of: &frame.counts) { counts in
            let numbers = unsafe counts.bindMemory(to: UInt32.self)
            for (index, text) in texts.enumerated() { unsafe numbers[index] = UInt32(text.count) }
        }
        unsafe withUnsafeBytes(of: frame) { unsafe bytes.append(contentsOf: $0) }
        for text in texts { bytes += text }
        guard let child else { throw ended(by: 0) }
        let isSent = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.map {
                unsafe clua_write_all(child.descriptor, $0, bytes.count, &patience)
            } ?? true
        }
        if !isSent { throw close() }
    }

    /// Waits for a frame.
    func receive() throws(LuaFailure) -> Frame {
        var frame = Frame()
        let isRead = unsafe withUnsafeMutableBytes(of: &frame.head) { unsafe read(into: $0) }
        if !isRead { throw close() }
        let counts = unsafe withUnsafeBytes(of: frame.head.counts) { unsafe Array($0.bindMemory(to: UInt32.self)) }
        for count in counts {
            guard count <= Self.largestText else { throw close() }
            var text = [UInt8](repeating: 0, count: Int(count))
            let isWhole = unsafe text.withUnsafeMutableBytes { unsafe read(into: $0) }
            if !isWhole { throw close() }
            frame.texts.append(text)
        }
        return frame
    }

    private func read(into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        guard let child else { return false }
        guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
        return unsafe clua_read_all(child.descriptor, base, bytes.count, &patience)
    }

    /// Ends the child, and says how it came to that.
    private func close() -> LuaFailure {
        guard let child else { return ended(by: 0) }
        self.child = nil
        return ended(by: clua_child_end(child.process, child.descriptor))
    }

    private func ended(by signal: Int32) -> LuaFailure {
        if let end { return end }
        let cause: String
        switch signal {
        // The C library aborts by a signal to itself, for which it has no system call either.
        case SIGSYS: cause = "it made a system call that it may not make (to abort is one, too)"
        case SIGKILL: cause = "it did not come back, or was killed"
        case 0: cause = "it ended"
        default: cause = unsafe "it crashed: \(String(cString: strsignal(signal)))"
        }
        let failure = LuaFailure(kind: .crashed, message: "the plugin's process is gone: \(cause)")
        end = failure
        return failure
    }
}
