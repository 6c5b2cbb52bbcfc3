import PluginHost
import RunCore

/// Plays a case that is no run: an action, a list of targets, or a check of the connection.
struct CaseCall {
    private let recorded: PluginCase
    private let connected: PluginConnection
    private let courier: RequestCourier
    private let patient: PatientCourier

    init(
        _ recorded: PluginCase,
        _ connected: PluginConnection,
        _ transport: RecordedTransport,
        _ randomness: SeededRandomness
    ) {
        self.recorded = recorded
        self.connected = connected
        let clock = VirtualClock()
        courier = RequestCourier(credentials: connected, transport: transport, clock: clock)
        patient = PatientCourier(courier, clock: clock, randomness: randomness)
    }

    /// What came of it, by the names that `expect` uses.
    func document() async throws -> JSONValue {
        if let name = recorded.action { return try await call(name) }
        if let name = recorded.targets { return try await targets(of: name) }
        return Self.document(of: try await ConnectionChecker(of: connected, through: patient).check())
    }

    private func call(_ name: String) async throws -> JSONValue {
        guard let action = connected.plugin.manifest.actions[name] else {
            throw PluginCase.Problem(message: "\(connected.plugin.manifest.name) has no action \(name)")
        }
        let caller = ActionCaller(on: connected, courier: patient) { [courier] (request) async throws(PluginFault) in
            try await courier.sendOnce(request)
        }
        var target = try action.target(recorded.target)
        if let named = target {
            switch try await caller.resolve(named, of: action) {
            case .given(.one(let found)): target = found
            case .given(.candidates(let candidates)):
                let reason = "candidates: \(candidates.map(\.text).joined(separator: ", "))"
                return Self.document(refused: Refusal(candidates.isEmpty ? .notFound : .invalid, reason))
            case .refused(let refusal): return Self.document(refused: refusal)
            case .unanswered(let failure): return Self.document(unanswered: failure)
            }
        }
        let params = try action.params(fromValues: recorded.params)
        switch try await caller.call(action, target: target, params: params) {
        case .refused(let refusal): return Self.document(refused: refusal)
        case .unanswered(let failure): return Self.document(unanswered: failure)
        case .given(let outcome):
            let files = outcome.files.map { file -> JSONValue in
                ["name": .string(file.name), "text": .string(String(decoding: file.bytes, as: UTF8.self))]
            }
            return [
                "result": outcome.result, "warnings": .array(outcome.warnings.map { .string($0) }),
                "artifacts": .array(files), "exit_status": 0, "reason": .null, "reason_class": .null,
            ]
        }
    }

    private func targets(of name: String) async throws -> JSONValue {
        guard let operation = connected.plugin.manifest.operations[name],
            let reply = try await connected.targets(of: operation, through: patient)
        else { throw PluginCase.Problem(message: "\(name) is no operation that lists targets") }
        switch reply {
        case .refused(let refusal): return Self.document(refused: refusal)
        case .unanswered(let failure): return Self.document(unanswered: failure)
        case .given(let targets):
            let list = targets.map { target -> JSONValue in
                ["id": .string(target.id), "name": Self.text(target.name), "note": Self.text(target.note)]
            }
            return ["targets": .array(list), "exit_status": 0]
        }
    }

    private static func document(of report: ConnectionChecker.Report) -> JSONValue {
        let findings = report.findings.map { finding -> JSONValue in
            [
                "may": text(finding.may), "allowed": .bool(finding.isAllowed), "message": text(finding.message),
                "result": .object(finding.result),
            ]
        }
        return [
            "check": .array(findings), "exit_status": .integer(Int64(report.exitStatus.rawValue)),
            "reason": text(report.refusal?.message ?? report.failure?.message),
            "reason_class": text(report.refusal?.reasonClass.rawValue),
        ]
    }

    private static func document(refused refusal: Refusal) -> JSONValue {
        [
            "result": .null, "reason": .string(refusal.message), "reason_class": .string(refusal.reasonClass.rawValue),
            "exit_status": .integer(Int64(refusal.reasonClass.exitStatus.rawValue)),
        ]
    }

    private static func document(unanswered failure: TransportFailure) -> JSONValue {
        let status = failure.mayHaveArrived ? ExitStatus.unknown : .unreachable
        return [
            "result": .null, "reason": .string(failure.message), "reason_class": .null,
            "exit_status": .integer(Int64(status.rawValue)),
        ]
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
