import Lua
import RunCore

/// Reads the facts beside a run's state out of an answer.
struct FactReader: Sendable {
    let hooks: any FunctionCaller

    /// Adds to a report what the sources find and the report does not have yet.
    func add(
        _ sources: ReportSources,
        from answer: AnswerView,
        to report: inout StatusReport,
        context: LuaArgument,
        purpose: String
    ) async throws(PluginFault) {
        if report.reason == nil, let value = try await value(of: sources.reason, answer, context, "\(purpose).reason") {
            report.reason = value.plainText
        }
        if let value = try await value(of: sources.warnings, answer, context, "\(purpose).warnings") {
            report.warnings += Self.texts(in: value).filter { !report.warnings.contains($0) }
        }
        let progress = try await fields(of: sources.progress, answer, context, "\(purpose).progress")
        // A unit alone, which may be a constant of the plugin, is no progress.
        if report.progress == nil, progress.contains(where: { $0.key != "unit" }) {
            report.progress = Progress(fields: progress)
        }
        let result = try await fields(of: sources.result, answer, context, "\(purpose).result")
        report.result.merge(result) { own, _ in own }
    }

    /// One value; a path or function that trips over a body which is no JSON gives nothing.
    func value(
        of source: ValueSource?,
        _ answer: AnswerView,
        _ context: LuaArgument,
        _ purpose: String
    ) async throws(PluginFault) -> JSONValue? {
        switch source {
        case nil: return nil
        case .constant(let text): return .string(text)
        case .path(let path): return path.value(in: answer)
        case .function(let function): return try await call(function, answer, context, purpose)
        }
    }

    /// Named values of an answer; those that are not there are left out.
    func fields(
        of sources: FieldSources?,
        _ answer: AnswerView,
        _ context: LuaArgument,
        _ purpose: String
    ) async throws(PluginFault) -> [String: JSONValue] {
        switch sources {
        case nil: return [:]
        case .function(let function):
            guard let value = try await call(function, answer, context, purpose), value != [] else { return [:] }
            guard let members = value.object else {
                throw PluginFault("\(purpose) returned \(value.excerpt); a table is expected")
            }
            return members
        case .fields(let fields):
            var found: [String: JSONValue] = [:]
            for (name, source) in fields {
                found[name] = try await value(of: source, answer, context, "\(purpose).\(name)")
            }
            return found
        }
    }

    private func call(
        _ function: LuaFunction,
        _ answer: AnswerView,
        _ context: LuaArgument,
        _ purpose: String
    ) async throws(PluginFault) -> JSONValue? {
        do throws(LuaFailure) {
            let value = try await hooks.call(function, [answer.luaArgument, context]).first
            return value == .null ? nil : value
        } catch {
            if error.bodyUndecodable { return nil }
            throw error.fault(in: purpose)
        }
    }

    /// The texts of a value: of a list its elements', of anything else its own; empty texts, empty tables and null
    /// are none.
    static func texts(in value: JSONValue) -> [String] {
        (value.array ?? [value]).filter { $0 != .null && $0 != [:] }.map(\.plainText).filter { !$0.isEmpty }
    }
}

extension Progress {
    /// Reads progress as plugins give it; a field of another kind counts as absent.
    init(fields: [String: JSONValue]) {
        self.init(
            percent: fields["percent"]?.figure.map { min(max($0, 0), 100) },
            done: fields["done"]?.figure,
            // A total of nothing is a total that the provider does not know.
            total: fields["total"]?.figure.flatMap { $0 > 0 ? $0 : nil },
            unit: fields["unit"]?.string,
            message: fields["message"].map(\.plainText),
            step: fields["step"]?.count.map { Int($0) },
            steps: fields["steps"]?.count.map { Int($0) },
            remaining: fields["remaining"]?.figure.map { max($0, 0) },
            rate: fields["rate"]?.figure.map { max($0, 0) }
        )
    }
}
