import AgentTesting
import Foundation
import RunCore
import Synchronization

/// An Airflow that gives a token for name and password, and the plugin that speaks to it.
///
/// The paths and the refusal of a token are those of Airflow 3 (`POST /auth/token`, `POST /api/v2/dags/…/dagRuns`).
struct FakeAirflow {
    /// What the test wants of it.
    struct Behaviour {
        /// Answers to logins, before tokens are given again.
        var logins: [FakeProviderReply] = []
        /// How many requests each token is good for, one after the other; any number once they are used up.
        var uses: [Int] = []
    }

    private struct State {
        var behaviour: Behaviour
        var logins = 0
        var starts = 0
        var polls = 0
        /// How many requests the present token is still good for; nil for any number.
        var left: Int?
    }

    let fake: FakeProvider
    private let state: Box

    /// Stands nowhere but in the bodies of logins.
    static let password = "airflow_5e2b7c9d01"
    /// What every token begins with.
    static let token = "token_for_airflow_91f3"

    private final class Box: Sendable {
        let state: Mutex<State>
        init(_ behaviour: Behaviour) { state = Mutex(State(behaviour: behaviour)) }
    }

    init(_ fake: FakeProvider, _ behaviour: Behaviour) {
        self.fake = fake
        let box = Box(behaviour)
        state = box
        fake.reply { request in box.state.withLock { Self.answer(request, &$0) } }
    }

    /// Logins that arrived.
    var logins: Int { state.state.withLock(\.logins) }
    /// Runs that were started.
    var starts: Int { state.state.withLock(\.starts) }

    private static func answer(_ request: FakeProviderRequest, _ state: inout State) -> FakeProviderReply {
        if request.uri == "/auth/token" {
            state.logins += 1
            if !state.behaviour.logins.isEmpty { return state.behaviour.logins.removeFirst() }
            guard request.text.contains(#""password":"\#(password)""#) else {
                return .answer(401, text: #"{"detail": "Invalid credentials"}"#)
            }
            state.left = state.behaviour.uses.isEmpty ? nil : state.behaviour.uses.removeFirst()
            return .answer(201, text: #"{"access_token": "\#(token)_\#(state.logins)"}"#)
        }
        let isPresent = request.headers["authorization"] == "Bearer \(token)_\(state.logins)"
        guard isPresent, state.left != 0 else {
            return .answer(403, text: #"{"detail": "Invalid JWT token"}"#)
        }
        state.left = state.left.map { $0 - 1 }
        if request.method == "POST" {
            state.starts += 1
            return .answer(200, text: #"{"state": "queued"}"#)
        }
        state.polls += 1
        return .answer(200, text: #"{"state": "\#(state.polls > 3 ? "success" : "running")"}"#)
    }

    /// A place to run the agent in that knows it and its plugin.
    func place(password: String = password) throws -> Workplace {
        var place = try Workplace()
        let plugins = "\(place.folder)/plugins"
        try FileManager.default.createDirectory(atPath: "\(plugins)/airflow", withIntermediateDirectories: true)
        try Self.plugin.write(toFile: "\(plugins)/airflow/plugin.lua", atomically: true, encoding: .utf8)
        place.environment["AGENT_PLUGINS"] = plugins
        place.environment["AGENT_AIRFLOW_URL"] = fake.url
        place.environment["AGENT_AIRFLOW_USERNAME"] = "ops"
        place.environment["AGENT_AIRFLOW_PASSWORD"] = password
        return place
    }

    private static let plugin = """
        return {
          api = 1, name = "airflow", version = "1.0.0", summary = "Run an Airflow DAG",
          settings = {
            url = { type = "url", required = true },
            username = { type = "string", required = true },
            password = { type = "secret", required = true },
          },
          base_url = "{settings.url}/api/v2",
          auth = {
            type = "login",
            request = {
              "POST {settings.url}/auth/token",
              json = { username = "{settings.username}", password = "{settings.password}" },
            },
            token = "json.access_token", send = { type = "bearer" },
            expired = function(response)
              return response.status == 403 and response.json.detail == "Invalid JWT token"
            end,
          },
          errors = { message = "json.detail.message | json.detail" },
          target = { help = "DAG id" },
          trigger = {
            client_id = { dag_run_id = "agent-{run.key}" },
            repeated = "refused",
            request = {
              "POST /dags/{target}/dagRuns",
              json = { dag_run_id = "{remote.dag_run_id}", logical_date = agent.json.null },
            },
            errors = { [409] = "duplicate" },
          },
          poll = {
            request = "GET /dags/{target}/dagRuns/{remote.dag_run_id}",
            status = "json.state",
            states = { queued = "queued", running = "running", success = "succeeded", failed = "failed" },
          },
        }
        """
}

/// Runs a fake Airflow and gives it to a test.
func withFakeAirflow(
    _ behaviour: FakeAirflow.Behaviour = FakeAirflow.Behaviour(),
    _ body: (FakeAirflow) async throws -> Void
) async throws {
    try await withFakeProvider { try await body(FakeAirflow($0, behaviour)) }
}
