import RunCore
import Testing

/// One kind of run that is killed over and over, how its provider tells of a start, and how it truly ends.
struct KillScenario: Sendable, CustomTestStringConvertible {
    let plugin: String
    /// What `agent run` is given.
    let arguments: [String]
    /// Options of the simulator.
    var options = ["takes=0.3"]
    /// How many settings the simulator prints.
    var settings = 2
    var environment: [String: String] = [:]
    /// What the path of a start ends with.
    let start: String
    /// Finds the provider's id of a run in the answer to its start.
    let id: @Sendable (JSONValue) -> String?
    /// The exit status that tells the truth.
    var exit: Int32 = 0
    /// The file of a good end, with its content.
    var file: (name: String, bytes: [UInt8])?

    var testDescription: String { exit == 0 ? plugin : "\(plugin), failing" }

    /// Every plugin, with a good and a bad end.
    static let all = good + good.map(\.failing)

    private static let good = [
        KillScenario(plugin: "krenalis", arguments: ["krenalis", "3mVx8QpLr2Ka"], start: "/runs") { $0["id"]?.string },
        KillScenario(plugin: "jim", arguments: ["jim", "1/1"], start: "/execute") { $0["activityId"]?.string },
        KillScenario(
            plugin: "altcraft",
            arguments: ["altcraft", "database/1"],
            start: "/profiles/get_all",
            id: { $0["data"]?["task_id"]?.string },
            file: ("1_database_export.csv", FakeAltcraft.file)
        ),
        KillScenario(
            plugin: "rudder",
            arguments: ["rudder:campaign", "c0ffee00-0000-4000-8000-000000000001"],
            options: ["takes=0.2", "wait=0.1"],
            start: "/schedule"
        ) { $0["data"]?["campaigns"]?[0]?["id"]?.string },
        KillScenario(
            plugin: "rudderstack-profiles",
            arguments: ["rudderstack-profiles", "prj_1"],
            settings: 3,
            start: "/start"
        ) { $0["runId"]?.string },
    ]

    /// The same run with an end that is none.
    private var failing: KillScenario {
        var scenario = self
        scenario.exit = 1
        scenario.file = nil
        switch plugin {
        case "altcraft":
            scenario.options.append("outcome=failure_word")
            scenario.environment["AGENT_ALTCRAFT_FAILURE_WORDS"] = "aborted"
        case "rudder": scenario.options.append("outcome=failure")
        default: scenario.options.append("outcome=failed")
        }
        return scenario
    }
}
