import Foundation
import Glibc
import Rehearsal
import RunCore
import Testing

/// A simulator, a state folder that knows only it, and runs that are killed one after the other.
struct KillStage {
    private let scenario: KillScenario
    private let chance: SeededRandomness
    private let place: Workplace
    private let simulator: ChildProcess
    /// How long an undisturbed run took here.
    private var usual = Duration.zero
    /// The documents of the runs.
    private var documents: [JSONValue] = []
    /// Starts that belong to a run which was given up, as nobody can tell.
    private var forgiven = 0
    private(set) var tally = KillTally()

    init(_ scenario: KillScenario, number: Int, chance: SeededRandomness) async throws {
        self.scenario = scenario
        self.chance = chance
        var place = try Workplace()
        place.environment["AGENT_HOME"] = "\(place.folder)/state-\(number)"
        place.environment.merge(scenario.environment) { _, new in new }
        let options = scenario.options.flatMap { ["--option", $0] }
        let words = ["simulate", scenario.plugin, "--log-level", "debug"]
        simulator = try place.start(words + options)
        try await place.takeSettings(scenario.settings, of: simulator)
        self.place = place
    }

    /// Kills until there are enough, or until nobody can tell whether something was started.
    mutating func play(kills: Int) async throws {
        let began = ContinuousClock.now
        var goesOn = try await follow(nil)
        usual = ContinuousClock.now - began
        while goesOn, tally.kills < kills { goesOn = try await killedRun() }
        try await close()
    }

    // MARK: - Runs

    /// One run, killed some times and then left to its end.
    ///
    /// - Returns: whether the next one can follow here.
    private mutating func killedRun() async throws -> Bool {
        var id: String?
        for _ in 0...(chance.next() % 4) {
            let driver = try place.start(words(id) + ["--format", "jsonl"])
            if id == nil {
                try await strikeRun(driver)
                id = try await newest()
            } else {
                try await strikeResume(driver, id)
            }
        }
        return try await follow(id)
    }

    /// Kills a process that starts a run: at any moment, or about the time when the start leaves.
    private mutating func strikeRun(_ driver: ChildProcess) async throws {
        if chance.next() % 2 == 0, try await driver.output.line(containing: #""state":"triggering""#) != nil {
            try await Task.sleep(for: .milliseconds(chance.next() % 25))
        } else {
            try await Task.sleep(for: usual * chance.chance())
        }
        try await kill(driver)
    }

    /// Kills a process that takes a run up; now and then it is stopped before, while another one wants the run.
    private mutating func strikeResume(_ driver: ChildProcess, _ id: String?) async throws {
        try await Task.sleep(for: usual * chance.chance())
        guard chance.next() % 5 == 0, let id else { return try await kill(driver) }
        driver.send(SIGSTOP)
        tally.stops += 1
        let other = try await place.run("resume", id, "--poll", "250ms", "--format", "json")
        // It is refused, unless the stopped one had not taken the run yet, or had done with it. A process that is
        // stopped while it opens the store, or in the middle of a write, keeps it locked.
        let said = other.output + other.errors
        let isLockedOut = other.end == .exited(70) && said.contains("another process has")
        if !isLockedOut { notice(other, beside: "a stopped process") }
        guard chance.next() % 2 == 0 else { return try await kill(driver) }
        driver.send(SIGCONT)
        notice(try await Workplace.result(of: driver), beside: "another one, a process that went on")
    }

    private mutating func notice(_ result: CommandResult, beside what: String) {
        let truths: [ChildProcess.End] = [.exited(75), .exited(scenario.exit), .exited(8)]
        if !truths.contains(result.end) { tally.breaches.append("beside \(what), resume \(result.comment.rawValue)") }
    }

    private mutating func kill(_ driver: ChildProcess) async throws {
        driver.send(SIGKILL)
        if try await driver.end() == .killed(by: SIGKILL) { tally.kills += 1 }
    }

    /// Leaves a run to its end, or starts one that is left to it, and settles what a person has to.
    private mutating func follow(_ id: String?) async throws -> Bool {
        let result = try await place.run(words(id) + ["--format", "json"])
        let document = try result.document()
        tally.runs += 1
        switch result.end {
        case .exited(8): return try await settle(document)
        case .exited(scenario.exit): break
        default: tally.breaches.append("run \(document["id"]?.string ?? "") \(result.comment.rawValue)")
        }
        try ended(document)
        return true
    }

    /// What a person does: adopts the run that the provider has, or gives up.
    private mutating func settle(_ document: JSONValue) async throws -> Bool {
        tally.unknown += 1
        let id = document["id"]?.string ?? ""
        guard let remote = orphans.first else {
            // What is on its way still may arrive until the simulator has ended.
            documents.append(document)
            forgiven += 1
            let result = try await place.run("resume", id, "--give-up", "--format", "json")
            if result.end != .exited(8) { tally.breaches.append("given up, but \(result.comment.rawValue)") }
            return false
        }
        // A plugin whose function gives the ids names none of them, so that a person has to.
        let adopted = scenario.plugin == "rudder" ? "event=\(remote)" : remote
        let result = try await place.run("resume", id, "--adopt", adopted, "--poll", "250ms", "--format", "json")
        if result.end != .exited(scenario.exit) {
            tally.breaches.append("adopted \(remote), but \(result.comment.rawValue)")
        }
        try ended(try result.document())
        return true
    }

    /// Looks at the files of a run that has ended.
    private mutating func ended(_ document: JSONValue) throws {
        documents.append(document)
        let folder = document["id"]?.string ?? ""
        if place.names(in: "out").contains(where: { $0.hasSuffix(".part") }) {
            tally.breaches.append("run \(folder) left half of a file")
        }
        guard let file = scenario.file else { return }
        let path = document["artifacts"]?[0]?["path"]?.string ?? ""
        if try place.bytes(of: path) != file.bytes { tally.breaches.append("run \(folder) has another \(file.name)") }
    }

    private func words(_ id: String?) -> [String] {
        let watching = ["--poll", "250ms"]
        guard let id else { return ["run"] + scenario.arguments + ["--download", "out"] + watching }
        return ["resume", id] + watching
    }

    /// The id of the run that the last process began; nil if it was killed before it wrote one down.
    private func newest() async throws -> String? {
        let listed = try await place.document("runs", "list", "--limit", "1")
        guard let id = listed[0]?["id"]?.string else { return nil }
        return documents.contains { $0["id"]?.string == id } ? nil : id
    }

    // MARK: - What must never be

    /// Runs that the provider started and that no run of ours holds.
    private var orphans: [String] {
        SimulatorLog(simulator, scenario).started.filter { id in !documents.contains { $0.holds(id) } }
    }

    /// Ends the simulator and compares what it saw with what the store says.
    private mutating func close() async throws {
        simulator.send(SIGTERM)
        try await simulator.end()
        let started = SimulatorLog(simulator, scenario).started
        tally.doubled = max(orphans.count - forgiven, 0)
        if tally.doubled > 0 { tally.breaches.append("the provider started \(orphans), which no run holds") }
        for id in started where documents.count(where: { $0.holds(id) }) > 1 {
            tally.breaches.append("several runs hold \(id)")
        }
        for document in documents where document["state"] != "unknown" && !started.contains(where: document.holds) {
            tally.breaches.append("nothing was started, but \(document.text)")
        }
        try await lookForLostRuns()
        tally.breaches += try secretsInState()
    }

    private mutating func lookForLostRuns() async throws {
        let known = try await place.document("runs", "list", "--limit", "1000").array ?? []
        let states: [JSONValue] = ["succeeded", "failed", "unknown"]
        for document in documents {
            let kept = known.first { $0["id"] == document["id"] }
            if kept.map({ states.contains($0["state"] ?? .null) }) != true { tally.lost += 1 }
        }
        if tally.lost > 0 || known.count != documents.count {
            tally.breaches.append("of \(documents.count) runs the store has \(known.map(\.text))")
        }
    }

    private func secretsInState() throws -> [String] {
        let folder = place.environment["AGENT_HOME"] ?? ""
        let secrets = place.environment.filter { $0.key.hasSuffix("_TOKEN") || $0.key.hasSuffix("_API_KEY") }.values
        return try FileManager.default.subpathsOfDirectory(atPath: folder).flatMap { path in
            let data = FileManager.default.contents(atPath: "\(folder)/\(path)") ?? Data()
            return secrets.filter { data.range(of: Data($0.utf8)) != nil }.map { "\(path) holds the secret \($0)" }
        }
    }
}

extension JSONValue {
    /// Whether a run's document names this run of the provider as its own.
    fileprivate func holds(_ remote: String) -> Bool {
        self["remote"]?.object?.values.contains { $0.plainText == remote } == true
    }
}
