import Foundation
import PluginHost
import RunCore
import SQLiteRunStore

/// What `agent doctor` looks at.
struct Examination {
    /// One thing that was looked at.
    struct Finding: Sendable, Hashable {
        enum Verdict: String, Sendable { case ok, note, wrong }

        let verdict: Verdict
        let subject: String
        let text: String
        let advice: String?
    }

    let context: CommandContext
    let plugins: PluginOptions

    /// Where systems keep the certificates they trust.
    private static let trustStores = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]

    func findings() async -> [Finding] {
        [clock(), store(), certificates(), configuration()] + (await pluginFindings())
    }

    private func clock() -> Finding {
        let now = context.clock.now()
        // Before this program was written, or far beyond its life: the clock was never set.
        let isSet = (1_700_000_000_000...4_000_000_000_000).contains(now.milliseconds)
        return Finding(
            verdict: isSet ? .ok : .wrong,
            subject: "clock",
            text: now.rfc3339,
            advice: isSet ? nil : "set the system's clock"
        )
    }

    private func store() -> Finding {
        do {
            let folder = try StateFolder.path(environment: context.environment)
            guard SQLiteRunStore.exists(in: folder) else {
                try StateFolder.check(folder)
                return Finding(
                    verdict: .ok,
                    subject: "state folder",
                    text: "\(folder): none yet, the first run makes it",
                    advice: nil
                )
            }
            try StoreAccess.open(in: context).close()
            return Finding(
                verdict: .ok,
                subject: "state folder",
                text: "\(folder): readable, writable, locks work",
                advice: nil
            )
        } catch {
            let known = CommandError(error)
            return Finding(
                verdict: .wrong,
                subject: "state folder",
                text: known?.message ?? "\(error)",
                advice: known?.hint
            )
        }
    }

    private func certificates() -> Finding {
        guard let path = Self.trustStores.first(where: { FileManager.default.isReadableFile(atPath: $0) }) else {
            return Finding(
                verdict: .wrong,
                subject: "certificates",
                text: "no trusted certificates were found",
                advice: "install the package ca-certificates, or name a file with the setting ca_file"
            )
        }
        return Finding(verdict: .ok, subject: "certificates", text: path, advice: nil)
    }

    private func configuration() -> Finding {
        do {
            let file = try ConfigurationFile.load(named: plugins.config, in: context)
            guard let path = file.path else {
                return Finding(
                    verdict: .ok,
                    subject: "configuration",
                    text: "no agent.yaml; settings come from the environment",
                    advice: nil
                )
            }
            return Finding(
                verdict: .ok,
                subject: "configuration",
                text: "\(path): connections \(file.connections.keys.sorted().joined(separator: ", "))",
                advice: nil
            )
        } catch {
            let known = CommandError(error)
            return Finding(
                verdict: .wrong,
                subject: "configuration",
                text: known?.message ?? "\(error)",
                advice: known?.hint
            )
        }
    }

    private func pluginFindings() async -> [Finding] {
        let search = PluginSearch(plugins, in: context)
        let locations = search.finder.all()
        guard !locations.isEmpty else {
            return [
                Finding(
                    verdict: .note,
                    subject: "plugins",
                    text: "none in \(search.finder.folders.joined(separator: ", "))",
                    advice: "name a folder of plugins with --plugins or AGENT_PLUGINS"
                )
            ]
        }
        var findings: [Finding] = []
        for location in locations {
            do {
                let plugin = try await search.load(location)
                findings.append(
                    Finding(
                        verdict: .ok,
                        subject: "plugin",
                        text: "\(plugin.manifest.name) \(plugin.manifest.version), \(plugin.file)",
                        advice: nil
                    )
                )
            } catch {
                let problems = (error as? PluginLoader.Failure)?.problems
                let first = problems?.first?.text ?? CommandError(error)?.message ?? location.file
                findings.append(
                    Finding(
                        verdict: .wrong,
                        subject: "plugin",
                        text: first,
                        advice: "see all problems with: agent plugins check \(location.name)"
                    )
                )
            }
        }
        return findings
    }
}
