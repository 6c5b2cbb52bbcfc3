import Lua
import RunCore

/// Finds out what can be run, and what a name of it stands for.
struct TargetFinder: Sendable {
    let looker: Looker
    let lookup: LookupManifest
    /// What the target of the operation or action looks like.
    let target: TargetManifest

    /// Everything that the plugin lists; nil if it lists nothing.
    func list(_ scope: TemplateScope) async throws(PluginFault) -> Reply<[TargetCandidate]>? {
        switch lookup.targets {
        case nil: return nil
        case .function(let function):
            let reply = try await looker.call(function, scope: scope, name: "targets")
            return try reply.map { (result) throws(PluginFault) in
                try Self.candidates(result.values.first ?? .null, "targets")
            }
        case .listed(let listing):
            let builder = looker.connected.builder
            let request = try await builder.request(listing.request, scope: scope, purpose: "targets.request")
            let reader = PageReader(
                plugin: looker.connected.plugin,
                courier: looker.courier,
                judge: looker.judge,
                context: Hooks.context(scope),
                purpose: "targets"
            )
            return try await reader.all(request, listing.pages).map { (elements) throws(PluginFault) in
                elements.compactMap { Self.candidate($0, listing) }
            }
        }
    }

    /// What the name in the scope's target stands for.
    func resolve(_ name: String, _ scope: TemplateScope) async throws(PluginFault) -> Reply<TargetChoice> {
        if case .function(let function)? = lookup.resolve {
            let reply = try await looker.call(function, scope: scope, name: "resolve")
            return try reply.map { (result) throws(PluginFault) in try choice(result.values, name) }
        }
        guard let reply = try await list(scope) else {
            throw PluginFault("resolve: there are no targets to look in", place: looker.connected.plugin.file)
        }
        return try reply.map { (candidates) throws(PluginFault) in
            let matches = Self.matches(name, among: candidates)
            guard let one = matches.first, matches.count == 1 else { return .candidates(matches) }
            return .one(try read(one.id, name: one.name))
        }
    }

    /// Those with that id; else those with that name; else those whose name differs in case only.
    private static func matches(_ name: String, among candidates: [TargetCandidate]) -> [TargetCandidate] {
        let rules: [(TargetCandidate) -> Bool] = [
            { $0.id == name }, { $0.name == name }, { $0.name?.lowercased() == name.lowercased() },
        ]
        return rules.lazy.map { candidates.filter($0) }.first { !$0.isEmpty } ?? []
    }

    /// Reads what `resolve` returned: a target, or nil and the candidates.
    private func choice(_ values: [JSONValue], _ name: String) throws(PluginFault) -> TargetChoice {
        let first = values.first ?? .null
        guard first != .null else {
            return .candidates(try Self.candidates(values.count > 1 ? values[1] : .null, "resolve"))
        }
        guard let id = first["id"] else {
            throw PluginFault("resolve returned \(first.excerpt); a table with id, or nil and candidates, are expected")
        }
        return .one(try read(id.plainText, name: first["name"]?.plainText))
    }

    private func read(_ id: String, name: String?) throws(PluginFault) -> RunTarget {
        do throws(SettingProblem) {
            let target = try target.read(id)
            return RunTarget(id: target.id, name: name, parts: target.parts)
        } catch {
            throw PluginFault("resolve gave the id '\(id)', which does not fit: \(error.message)")
        }
    }

    private static func candidate(_ element: JSONValue, _ listing: TargetListManifest.Listing) -> TargetCandidate? {
        func text(_ steps: [AnswerPath.Step]?) -> String? {
            steps.flatMap { AnswerPath.follow($0[...], from: element)?.plainText }
        }
        return text(listing.id).map { TargetCandidate(id: $0, name: text(listing.name), note: text(listing.note)) }
    }

    /// Reads a list of texts, or of `{ id, name, note }`.
    private static func candidates(_ value: JSONValue, _ purpose: String) throws(PluginFault) -> [TargetCandidate] {
        if value == .null || value == [:] { return [] }
        guard let elements = value.array else {
            throw PluginFault("\(purpose) returned \(value.excerpt); a list is expected")
        }
        return try elements.map { (element) throws(PluginFault) in
            if let text = element.string { return TargetCandidate(id: text) }
            guard let id = element["id"]?.plainText else {
                throw PluginFault("\(purpose): an element has no id: \(element.excerpt)")
            }
            return TargetCandidate(id: id, name: element["name"]?.plainText, note: element["note"]?.plainText)
        }
    }
}
