import Foundation

/// One fuzzed entry of Tests/FuzzTests as a libFuzzer program; the environment variable FUZZ_TARGET names it.
private let entries: [String: @Sendable ([UInt8]) -> String?] = [
    "headers": HeaderTarget.broken, "table": TableTarget.broken, "xml": XMLTarget.broken,
]

private let entry = ProcessInfo.processInfo.environment["FUZZ_TARGET"].flatMap { entries[$0] }

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard let entry else { fatalError("FUZZ_TARGET is none of \(entries.keys.sorted().joined(separator: ", "))") }
    if let broken = entry(Array(UnsafeBufferPointer(start: start, count: count))) { fatalError(broken) }
    return 0
}
