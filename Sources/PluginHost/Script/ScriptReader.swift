import Lua
import RunCore

/// Reads what a script asks for.
struct ScriptReader: Sendable {
    let builder: RequestBuilder
    let scope: TemplateScope
    let digest: @Sendable (ProviderRequest) -> String

    /// A call, with what is needed to judge its answer.
    struct Reading: Sendable {
        let call: ScriptCall
        var trigger: TriggerManifest?
        var poll: PollManifest?
    }

    func read(_ step: LuaStep) throws(PluginFault) -> Reading {
        switch step {
        case .done(let results): return try Reading(call: .finished(Self.report(results)))
        case .request(let operation, let arguments):
            let values = ((try? HookResult.read(arguments)) ?? .null).array ?? []
            return try read(operation, values)
        }
    }

    private func read(_ operation: String, _ values: [JSONValue]) throws(PluginFault) -> Reading {
        let first = values.first ?? .null
        switch operation {
        case "trigger": return try trigger(first)
        case "poll": return try poll(first)
        case "request":
            let keys = ["repeatable"]
            let request = try request(first, "ctx.request", keys)
            let isRepeatable = request.method == "GET" || request.method == "HEAD" || first["repeatable"]?.bool == true
            return Reading(call: .request(request, isRepeatable: isRepeatable))
        case "download":
            let keys = ["name", "bytes", "sha256", "md5", "records", "format", "optional"]
            let request = try request(first, "ctx.download", keys)
            let link = ArtifactLink(
                request: request,
                name: first["name"]?.string,
                bytes: first["bytes"]?.count,
                sha256: first["sha256"]?.string,
                md5: first["md5"]?.string,
                records: first["records"]?.count,
                format: try LinkReader.format(first["format"], "ctx.download"),
                isOptional: first["optional"]?.bool ?? false
            )
            return Reading(call: .download(link))
        case "sleep": return Reading(call: .sleep(try Self.duration(first)))
        case "progress": return Reading(call: .progress(Progress(fields: first.object ?? [:])))
        case "fail":
            let message = values.count > 1 ? values[1].plainText : first.plainText
            let word = values.count > 1 ? first.string : nil
            return Reading(call: .fail(word.flatMap(ReasonClass.init(rawValue:)), message))
        default: throw PluginFault("ctx.\(operation): there is no such call")
        }
    }

    private func request(_ value: JSONValue, _ purpose: String, _ keys: [String]) throws(PluginFault) -> ProviderRequest
    {
        let template = try RequestBuilder.template(from: value, purpose: purpose, furtherKeys: keys)
        return try builder.fill(template, scope: scope, purpose: purpose)
    }

    private func trigger(_ value: JSONValue) throws(PluginFault) -> Reading {
        let problems = PluginProblems(file: "ctx.trigger", source: "")
        let node = ManifestNode(value: value, path: [], problems: problems, isLiteral: true)
        guard let manifest = TriggerManifest(call: node), problems.found.isEmpty else {
            throw PluginFault("ctx.trigger: \(problems.found.map(\.message).joined(separator: "; "))")
        }
        var remote: [String: JSONValue] = [:]
        for (name, template) in manifest.clientIDs { remote[name] = .string(try template.filled(from: scope)) }
        var scope = scope
        scope.remote.merge(remote) { _, new in new }
        guard case .template(let template) = manifest.request else {
            throw PluginFault("ctx.trigger: a request is expected, not a function")
        }
        let request = try builder.fill(template, scope: scope, purpose: "ctx.trigger")
        let start = PreparedStart(
            request: request,
            remote: remote,
            digest: digest(request),
            isRepeatable: manifest.repeated != .started,
            settle: manifest.settle
        )
        return Reading(call: .trigger(start), trigger: manifest)
    }

    private func poll(_ value: JSONValue) throws(PluginFault) -> Reading {
        let problems = PluginProblems(file: "ctx.poll", source: "")
        let node = ManifestNode(value: value, path: [], problems: problems, isLiteral: true)
        guard let manifest = PollManifest(node), problems.found.isEmpty else {
            throw PluginFault("ctx.poll: \(problems.found.map(\.message).joined(separator: "; "))")
        }
        return Reading(call: .poll(manifest.policy), poll: manifest)
    }

    private static func duration(_ value: JSONValue) throws(PluginFault) -> Duration {
        if let seconds = value.double, seconds >= 0 {
            return max(Duration(clampedSeconds: seconds), .milliseconds(100))
        }
        if let duration = value.string.flatMap(Duration.init(text:)) { return max(duration, .milliseconds(100)) }
        throw PluginFault("ctx.sleep: seconds, or a duration such as \"10s\", are expected, not \(value.text)")
    }

    /// Reads what the script returned: nothing, or `{ result = …, warnings = …, state = …, reason = … }`.
    private static func report(_ results: [UInt8]) throws(PluginFault) -> StatusReport {
        let first = ((try? HookResult.read(results)) ?? .null)[0] ?? .null
        guard let members = first.object else { return StatusReport(.succeeded) }
        var whole = members
        if whole["state"] == nil { whole["state"] = "succeeded" }
        return try StatusReader.report(from: .object(whole), purpose: "run")
    }
}
