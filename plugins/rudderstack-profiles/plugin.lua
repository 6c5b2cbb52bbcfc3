-- Runs a RudderStack Profiles project and follows the run to its end.
--
-- Settings: token (secret), region (us or eu).
--
--   $ agent run rudderstack-profiles 2hkeBOp0lGJpMPyur0oXUxxIDhw --param model_refs=models/id_graph_users
--   succeeded  run_id cqf7pvv8sp57cfhreg0g  finished_at 2024-05-31T06:48:08.228Z

-- Each flag goes along with its value in one string.
local function start(ctx)
  local parameters = {}
  for _, name in ipairs { "model_refs", "begin_time", "end_time" } do
    local value = ctx.params[name]
    if value then parameters[#parameters + 1] = "--" .. name .. " " .. value end
  end
  if ctx.params.rebase_incremental then parameters[#parameters + 1] = "--rebase_incremental" end
  return {
    "POST /sources/{target}/start",
    headers = { ["Content-Type"] = "application/json" },
    -- Without parameters there is no body: what `null` or an empty list means is not documented.
    json = #parameters > 0 and { parameters = parameters } or nil,
  }
end

-- No answer tells the id of the run that is under way.
local running = "the project runs already; it cannot be attached to: RudderStack does not tell that run's id (HTTP 409)"

-- `finished` alone is no success: `error` is there when the run finished with errors.
local function classify(response)
  local run = response.json
  local failed = run.error ~= nil and run.error ~= ""
  if run.status == "running" or run.status == "processing" then return { state = "running" } end
  -- Both spellings occur. The times mean nothing before the end.
  local result = { started_at = run.startedAt or run.started_at, finished_at = run.finishedAt or run.finished_at }
  if run.status == "finished" and not failed then return { state = "succeeded", result = result } end
  if run.status == "finished" or run.status == "failed" then
    return { state = "failed", reason = failed and run.error or "failed without a reason", result = result }
  end
  return { state = "other", reason = run.status or "no status" }
end

---@type agent.Plugin
return {
  api = 1,
  name = "rudderstack-profiles",
  version = "1.1.0",
  summary = "Run a RudderStack Profiles project",
  homepage = "https://www.rudderstack.com/docs/api/profiles-api/",

  settings = {
    token = { type = "secret", required = true, help = "Workspace-level Service Access Token (Profiles: Edit)" },
    region = { type = "enum", values = { "us", "eu" }, default = "us", help = "Region of the workspace" },
  },

  -- 1. auth header style
  base_url = {
    by = "settings.region",
    us = "https://api.rudderstack.com/v2",
    eu = "https://api.eu.rudderstack.com/v2",
  },
  auth = { type = "bearer", secret = "token" },
  errors = { message = "json.error | json.message" },
  -- A call of RudderStack's own client, not of the page of the Profiles API.
  check = { { "GET /sources", may = "list sources", result = { sources = "json.paging.total" } } },

  target = { help = "Profiles project id, from the dashboard URL" },
  params = {
    model_refs = { type = "string", help = "Run only these models" },
    begin_time = { type = "string", help = "Passed on as --begin_time" },
    end_time = { type = "string", help = "Passed on as --end_time" },
    rebase_incremental = { type = "boolean", help = "Pass on --rebase_incremental" },
  },

  -- 2. endpoint paths
  trigger = {
    request = start,
    remote = { run_id = "json.runId" },
    errors = function(response)
      if response.status == 409 then return "already_running", running end
    end,
  },

  -- 3. status mapping
  poll = {
    request = "GET /sources/{target}/runs/{remote.run_id}/status",
    every = "10s",
    classify = classify,
  },
}
