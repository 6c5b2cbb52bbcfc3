import Foundation
import Testing

/// docs/security.md names what shows each defence.
struct SecurityDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

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
