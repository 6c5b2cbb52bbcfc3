import FoundationEssentials
package import Testing

/// Gives a test an empty folder of its own, removed when the test ends.
///
/// With `AGENT_KEEP_SCRATCH` in the environment the folders stay, under the system's temporary folder.
package struct ScratchFolder: TestTrait, SuiteTrait, TestScoping {
    @TaskLocal private static var current: String?

    package var isRecursive: Bool { true }

    /// The absolute path of the running test's folder; an issue is recorded if the test has none.
    package static var path: String {
        if let current { return current }
        Issue.record("this test needs the trait .scratchFolder")
        return "/nonexistent/scratch"
    }

    package func scopeProvider(for test: Test, testCase: Test.Case?) -> ScratchFolder? {
        testCase == nil ? nil : self
    }

    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "agent-\(test.name.prefix { $0 != "(" })-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        defer {
            if ProcessInfo.processInfo.environment["AGENT_KEEP_SCRATCH"] == nil {
                // A folder left behind does no harm to other tests.
                try? FileManager.default.removeItem(at: folder)
            }
        }
        try await Self.$current.withValue(folder.path) { try await body() }
    }
}

extension Trait where Self == ScratchFolder {
    /// Gives the test an empty folder, `ScratchFolder.path`.
    package static var scratchFolder: ScratchFolder { ScratchFolder() }
}
