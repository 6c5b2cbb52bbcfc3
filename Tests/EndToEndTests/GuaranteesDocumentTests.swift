import Foundation
import Testing

/// docs/guarantees.md names what shows each promise.
struct GuaranteesDocumentTests {
    @Test func everyTestThatIsNamedIsThere() throws {
        let root = AgentBinary.repository
        let text = try String(contentsOfFile: "\(root)/docs/guarantees.md", encoding: .utf8)
        let named = text.split(separator: "`").filter { $0.wholeMatch(of: /[a-z]+[A-Z]\w+|(\w+\.)?\w+Tests/) != nil }
        let files = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/Tests").filter {
            $0.hasSuffix(".swift")
        }
        let sources = try files.map { try String(contentsOfFile: "\(root)/Tests/\($0)", encoding: .utf8) }.joined()
        let missing = named.filter { name in
            let last = name.split(separator: ".").last ?? name
            return !sources.contains("func \(last)(") && !sources.contains("struct \(last)")
        }
        #expect(named.count > 20)
        #expect(missing == [])
    }
}
