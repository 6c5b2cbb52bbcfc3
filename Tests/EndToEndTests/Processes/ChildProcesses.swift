import Synchronization
import Testing

/// Ends all processes that a test started, each by its id, when the test ends.
struct ChildProcesses: TestTrait, SuiteTrait, TestScoping {
    /// The processes of one test.
    private final class Kept: Sendable {
        let processes = Mutex<[ChildProcess]>([])
    }

    @TaskLocal private static var kept: Kept?

    var isRecursive: Bool { true }

    /// Takes a process into the scope of the running test; an issue is recorded if it has none.
    static func keep(_ process: ChildProcess) {
        guard let kept else {
            Issue.record("this test needs the trait .childProcesses")
            return
        }
        kept.processes.withLock { $0.append(process) }
    }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> ChildProcesses? {
        testCase == nil ? nil : self
    }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let kept = Kept()
        let result: Result<Void, any Error>
        do {
            result = .success(try await Self.$kept.withValue(kept) { try await body() })
        } catch {
            result = .failure(error)
        }
        let processes = kept.processes.withLock(\.self)
        // Not part of the test's task, which may be cancelled: it has to wait for the ends all the same.
        await Task { for process in processes { await process.destroy() } }.value
        try result.get()
    }
}

extension Trait where Self == ChildProcesses {
    /// Ends all processes that the test started.
    static var childProcesses: ChildProcesses { ChildProcesses() }
}
