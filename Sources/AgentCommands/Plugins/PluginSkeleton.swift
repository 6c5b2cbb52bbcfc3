/// The files that a new plugin begins with: they work as they are, against their own simulator.
enum PluginSkeleton {
    /// The files by their paths in the plugin's folder.
    static func files(named name: String) -> [(path: String, text: String)] {
        let texts = [
            ("plugin.lua", plugin), ("simulator.lua", simulator), ("cases/success.json", successCase),
            ("README.md", readme),
        ]
        let variable = ConnectionName.variable(name, "url").dropLast("_URL".count)
        return texts.map { path, text in
            (path, text.replacing("AGENT_VARIABLE", with: String(variable)).replacing("NAME", with: name))
        }
    }

    private static let plugin = #"""
        -- What a plugin may say: docs/plugins.md of the agent. Check it with: agent plugins check NAME
        ---@type agent.Plugin
        return {
          api = 1,
          name = "NAME",
          version = "0.1.0",
          summary = "Say what it runs",

          -- From the environment as AGENT_VARIABLE_URL and AGENT_VARIABLE_TOKEN, or from agent.yaml.
          settings = {
            url = { type = "url", required = true, help = "Origin of the service, e.g. https://NAME.example.com" },
            token = { type = "secret", required = true, help = "Where a token is made, and what it has to be allowed" },
          },

          -- 1. auth header style
          base_url = "{settings.url}",
          auth = { type = "bearer", secret = "token" },
          errors = { message = "json.message", [409] = "already_running" },

          target = { help = "Id of the job that is run" },

          -- 2. endpoint paths; remote is what is kept of the answer
          trigger = { request = "POST /jobs/{target}/runs", remote = { run = "json.id" } },
          poll = {
            request = "GET /runs/{remote.run}",
            -- 3. status mapping; a word that is not here is shown as it is
            status = "json.status",
            states = { queued = "queued", running = "running", done = "succeeded", failed = "failed" },
            reason = "json.message",
          },
        }

        """#

    private static let simulator = #"""
        -- An offline stand-in for the service: agent simulate NAME. It checks what the service checks.
        local function guarded(route)
          return function(request, state, sim)
            if sim.bearer(request, sim.settings.token) then return route(request, state, sim) end
            return { status = 401, json = { message = "the token is not valid" } }
          end
        end

        return {
          settings = { token = "test-token" },
          -- Given by --option: how long a run takes, in seconds, and how it ends.
          options = { takes = 3, outcome = "done" },
          -- What agent plugins test tries under faults.
          runs = {
            { target = "nightly" },
            { target = "nightly", options = { outcome = "failed" }, ends = "failed" },
          },
          routes = {
            ["POST /jobs/{job}/runs"] = guarded(function(request, state, sim)
              if sim.running(request.job) then return { status = 409, json = { message = "the job runs already" } } end
              return { status = 201, json = { id = sim.start { target = request.job }.id } }
            end),
            ["GET /runs/{run}"] = guarded(function(request, state, sim)
              local run = sim.run(request.run)
              if not run then return { status = 404, json = { message = "no such run" } } end
              return { json = { status = sim.ended(run) and sim.option("outcome") or "running" } }
            end),
          },
        }

        """#

    private static let successCase = #"""
        {
          "summary": "Runs and ends well. Made up: replace it by what the service answers (agent plugins record RUN).",
          "target": "nightly",
          "settings": { "url": "https://NAME.example.com" },
          "secrets": { "token": "test-token" },
          "exchanges": [
            {
              "request": {
                "method": "POST",
                "url": "https://NAME.example.com/jobs/nightly/runs",
                "headers": { "Authorization": "Bearer [token]" },
                "body": null
              },
              "response": { "status": 201, "json": { "id": "r-1" } }
            },
            {
              "request": { "method": "GET", "url": "https://NAME.example.com/runs/r-1" },
              "response": { "status": 200, "json": { "status": "running" } }
            },
            {
              "request": { "method": "GET", "url": "https://NAME.example.com/runs/r-1" },
              "response": { "status": 200, "json": { "status": "done" } }
            }
          ],
          "expect": { "state": "succeeded", "remote": { "run": "r-1" }, "exit_status": 0 }
        }

        """#

    private static let readme = #"""
        # NAME

        What the service is, and what a run of it is.

        ## Settings

        | setting | |
        | --- | --- |
        | `url` | origin of the service |
        | `token` | where it is made, and what it has to be allowed |

        ## Runs

        ```text
        agent run NAME JOB
        ```

        | the service says | state |
        | --- | --- |
        | `queued` | `running`, queued |
        | `running` | `running` |
        | `done` | `succeeded` |
        | `failed` | `failed` |

        ## Known limits

        What the service cannot do, and what that means for runs.

        """#
}
