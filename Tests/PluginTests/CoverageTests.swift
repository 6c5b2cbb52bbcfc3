import Foundation
import PluginHost
import Rehearsal
import Testing

/// Each plugin's README lists what the provider's documents say, and the case that shows each row.
struct CoverageTests {
    @Test(arguments: PluginFolder.all)
    func everyRowNamesCasesThatExist(folder: PluginFolder) throws {
        let rows = try Self.rows(of: folder)
        #expect(rows.count >= 8)
        let cases = Set(CaseRunner.names(in: folder.location.folder))
        for row in rows {
            let names = Self.caseNames(in: row.last ?? "")
            #expect(!names.isEmpty, "no case is named for: \(row.joined(separator: " | "))")
            #expect(names.filter { !cases.contains($0) } == [])
        }
    }

    @Test(arguments: PluginFolder.all)
    func everyCaseIsNamedInARow(folder: PluginFolder) throws {
        let named = Set(try Self.rows(of: folder).flatMap { Self.caseNames(in: $0.last ?? "") })
        #expect(CaseRunner.names(in: folder.location.folder).filter { !named.contains($0) } == [])
    }

    /// The rows of the tables under `What is covered`, cell by cell, without the heads.
    private static func rows(of folder: PluginFolder) throws -> [[String]] {
        let lines = try folder.text("README.md").split(separator: "\n", omittingEmptySubsequences: false)
        guard let begin = lines.firstIndex(of: "## What is covered") else { return [] }
        let section = lines[(begin + 1)...].prefix { !$0.hasPrefix("## ") }
        var rows: [[String]] = []
        for (index, line) in zip(section.indices, section) where line.hasPrefix("|") {
            let isHead = section.indices.contains(index + 1) && section[index + 1].hasPrefix("| ---")
            if isHead || line.hasPrefix("| ---") { continue }
            let cells = line.replacing("\\|", with: "\u{1}").split(separator: "|")
            rows.append(cells.map { $0.trimmingCharacters(in: .whitespaces) })
        }
        return rows
    }

    /// The names in backticks that end in `.json`.
    private static func caseNames(in cell: String) -> [String] {
        cell.split(separator: "`").map(String.init).filter { $0.hasSuffix(".json") }
    }
}
