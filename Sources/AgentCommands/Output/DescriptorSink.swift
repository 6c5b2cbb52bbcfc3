import Foundation

/// Writes to a file descriptor. A reader that has gone away is no error of ours: the run goes on.
struct DescriptorSink: Console.Sink {
    let handle: FileHandle

    func write(_ text: String) {
        // Nobody is left to be told that standard output or standard error is closed.
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
