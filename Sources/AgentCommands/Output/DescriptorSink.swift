import Foundation
import Synchronization

/// Writes to a file descriptor, and remembers the first failure.
///
/// A reader that has gone away is no failure: the run goes on. A disk that is full is one.
final class DescriptorSink: Console.Sink {
    private let handle: FileHandle
    private let failed = Mutex<String?>(nil)

    init(handle: FileHandle) {
        self.handle = handle
    }

    var failure: String? { failed.withLock { $0 } }

    func write(_ text: String) {
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            guard !Self.isClosedPipe(error) else { return }
            let reason = (error as NSError).localizedFailureReason ?? error.localizedDescription
            failed.withLock { $0 = $0 ?? reason }
        }
    }

    private static func isClosedPipe(_ error: any Error) -> Bool {
        let error = error as NSError
        let code = (error.userInfo[NSUnderlyingErrorKey] as? NSError)?.code ?? error.code
        return code == Int(EPIPE) || code == Int(EBADF)
    }
}
