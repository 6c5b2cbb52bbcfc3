import PluginHost
import RunCore

/// What the check of one connection showed, for people and for scripts.
struct CheckText: Sendable {
    /// What came of it.
    enum Outcome: Sendable {
        case checked(ConnectionChecker.Report)
        /// The plugin has nothing to check with.
        case impossible
        /// The connection could not be used.
        case failed(CommandError)
    }

    let name: String
    /// The plugin's name.
    let plugin: String
    /// Names of the secrets that the plugin asks for.
    var secrets: [String] = []
    let outcome: Outcome

    var status: ExitStatus {
        switch outcome {
        case .checked(let report): report.exitStatus
        case .impossible: .success
        case .failed(let error): error.status
        }
    }

    /// One line with the verdict, then one per thing that the credential may or may not do.
    var text: String {
        switch outcome {
        case .impossible: return "\(name): not checked, \(plugin) names no harmless request"
        case .failed(let error): return "\(name): \(error.summary)"
        case .checked(let report):
            var lines = ["\(name): \(verdict(report))"]
            for finding in report.findings {
                let may = finding.may ?? "be used"
                lines.append("  \(finding.isAllowed ? "may" : "may not") \(may)" + Self.detail(finding))
            }
            return lines.joined(separator: "\n")
        }
    }

    var json: JSONValue {
        var findings: [JSONValue] = []
        var problem: String?
        switch outcome {
        case .impossible: break
        case .failed(let error): problem = error.summary
        case .checked(let report):
            problem = report.refusal?.message ?? report.failure?.message
            findings = report.findings.map { finding in
                [
                    "may": finding.may.map { .string($0) } ?? .null, "allowed": .bool(finding.isAllowed),
                    "message": finding.message.map { .string($0) } ?? .null, "result": .object(finding.result),
                ]
            }
        }
        return [
            "connection": .string(name), "plugin": .string(plugin), "findings": .array(findings),
            "problem": problem.map { .string($0) } ?? .null, "exit_status": .integer(Int64(status.rawValue)),
        ]
    }

    private func verdict(_ report: ConnectionChecker.Report) -> String {
        if let failure = report.failure { return "unreachable: \(failure.message)" }
        if let refusal = report.refusal {
            let variables = secrets.map { ConnectionName.variable(name, $0) }.joined(separator: ", ")
            let hint = refusal.reasonClass == .auth && !variables.isEmpty ? " (check \(variables))" : ""
            return "refused: \(refusal.message)\(hint)"
        }
        return report.findings.allSatisfy(\.isAllowed) ? "ok" : "works in part"
    }

    private static func detail(_ finding: ConnectionChecker.Finding) -> String {
        if let message = finding.message { return ": \(message)" }
        if finding.result.isEmpty { return "" }
        let figures = finding.result.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.plainText)" }
        return "  (\(figures.joined(separator: ", ")))"
    }
}
