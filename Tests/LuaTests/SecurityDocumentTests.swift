import Foundation
import Testing

/// docs/security.md names what shows each defence.
struct SecurityDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The last column of each table names functions: each is a test, so that no defence is only said to be shown.
    @Test func everyTestThatIsNamedIsThere() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/security.md"), encoding: .utf8)
        let names = text.split(separator: "\n").filter { $0.hasPrefix("|") }.flatMap { row in
            (row.split(separator: "|").last ?? "").split(separator: "`").map(String.init)
                .filter { $0.wholeMatch(of: /[a-z]+[A-Z][A-Za-z0-9]+/) != nil }
        }
        #expect(names.count > 60)
        let sources = try FileManager.default.subpathsOfDirectory(atPath: Self.root.appending(path: "Tests").path)
            .filter { $0.hasSuffix(".swift") }
            .map { try String(contentsOf: Self.root.appending(path: "Tests/\($0)"), encoding: .utf8) }
        #expect(Set(names).filter { name in !sources.contains { $0.contains(" func \(name)(") } } == [])
    }

    @Test func everySnippetIsNamedAndThere() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/security.md"), encoding: .utf8)
        let named = text.split(separator: "`").filter { $0.hasSuffix(".lua") }.map(String.init)
        let folder = Self.root.appending(path: "Tests/LuaTests/Hostile").path
        let present = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
        #expect(named.count > 100)
        #expect(named.filter { !present.contains($0) } == [])
        #expect(present.subtracting(named).sorted() == [])
    }
}
