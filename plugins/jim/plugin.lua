-- Executes a Run Profile or a Schedule of JIM (Junctional Identity Manager) and follows it to its end.
--   $ agent run jim "Corporate LDAP/Delta Import"
local paged = { each = "json.items[*]", page = "page", more = "json.hasNextPage" }
local systems = "GET /synchronisation/connected-systems"
local states = { -- of activities and of Schedules; with "Error" JIM did not handle one, and objects were left behind
  Queued = "queued", InProgress = "running", Paused = "running", Cancelled = "cancelled",
  Complete = "succeeded", Completed = "succeeded", CompleteWithWarning = "succeeded",
  CompleteWithError = "failed", FailedWithError = "failed", Failed = "failed",
}
local function profiles(ctx)
  local list = {}
  for _, system in ipairs(ctx.pages(systems .. "?pageSize=100", paged)) do
    for _, profile in ipairs(ctx.request(systems .. "/" .. system.id .. "/run-profiles").json) do
      local id, name = system.id .. "/" .. profile.id, system.name .. "/" .. profile.name
      list[#list + 1] = { id = id, name = name, note = profile.runType }
    end
  end
  return list
end

-- Lists of activities carry names, which are not unique; an activity by itself carries ids.
-- For --if-running those under way count; for a lost start what API keys began within ten minutes of it.
local function find(ctx, intent)
  local runs, sent = {}, intent.sent_at and agent.time.parse(intent.sent_at)
  local path = "GET /activities?pageSize=100&sortBy=created&sortDirection=desc"
  local rows = ctx.request(path .. (sent and "" or "&status=InProgress")).json.items
  if sent and #rows == 100 and agent.time.parse(rows[100].created) > sent - 600 then return runs end -- too many since
  for _, row in ipairs(rows) do
    local fits = row.status == "InProgress"
    if sent then fits = row.initiatedByType == "ApiKey" and math.abs(agent.time.parse(row.created) - sent) < 600 end
    fits = fits and row.targetType == "ConnectedSystemRunProfile"
    local run = fits and ctx.request("GET /activities/" .. row.id).json or {}
    if run.connectedSystemId == ctx.target.system and run.connectedSystemRunProfileId == ctx.target.profile then
      local state = states[run.status] or "other"
      runs[#runs + 1] = { remote = { activity = run.id }, status = state, started_at = run.created }
    end
  end
  return runs
end

-- Of a run that was started elsewhere the task is looked up: it is listed while it is queued or runs.
local cancel = { steps = function(ctx)
  if ctx.remote.task then return ctx.request("POST /worker-tasks/{remote.task}/cancel") end
  for _, task in ipairs(ctx.request("GET /worker-tasks?pageSize=100").json.items) do
    if task.activityId == ctx.remote.activity then ctx.request("POST /worker-tasks/" .. task.id .. "/cancel") end
  end
end }

local function warning(response)
  local warned, errors = response.json.status == "CompleteWithWarning", response.json.totalErrors or 0
  return warned and (errors > 0 and "objects with errors: " .. errors or "JIM reports CompleteWithWarning") or nil
end

---@type agent.Plugin
return {
  api = 1, name = "jim", version = "1.2.0", homepage = "https://github.com/TetronIO/JIM",
  summary = "Execute a Run Profile or a Schedule of JIM",
  settings = {
    url = { type = "url", required = true, help = "Origin of the instance, e.g. https://jim.example.com" },
    api_key = { type = "secret", required = true, help = "API key with the Administrator role" },
  },
  -- 1. auth header style
  base_url = "{settings.url}/api/v1",
  auth = { type = "header", name = "X-Api-Key", secret = "api_key" },
  errors = { message = "json.message | json.error" }, limits = { requests_per_second = 5 },
  check = {
    { "GET /health/version", may = "reach JIM", result = { version = "json.version" } },
    { systems .. "?pageSize=1", may = "use the API as an administrator" } },
  operations = {
    profile = {
      target = { form = "system/profile", type = "integer", help = "Connected system and Run Profile: ids, or names" },
      summary = "Execute a Run Profile", targets = profiles, resolve = { list = "targets" },
      find = find, cancel = cancel,
      -- 2. endpoint paths
      trigger = {
        request = "POST /synchronisation/connected-systems/{target.system}/run-profiles/{target.profile}/execute",
        remote = { activity = "json.activityId", task = "json.taskId?" }, warnings = "json.warnings" },
      -- 3. status mapping
      poll = {
        request = "GET /activities/{remote.activity}/progress",
        instead = "GET /activities/{remote.activity}", -- before 0.14 there is no /progress
        status = "json.status", states = states, warnings = warning,
        progress = { -- of the current step
          step = "json.currentPhaseNumber", steps = "json.totalPhases", message = "json.message", unit = "objects",
          done = "json.objectsProcessed", total = "json.objectsToProcess", percent = "json.percentComplete",
          rate = "json.objectsPerSecond", remaining = "json.estimatedSecondsRemaining" },
        result = { run_type = "json.runType", errors = "json.totalErrors", changes = "json.operationCounts" },
        ended = { request = "GET /activities/{remote.activity}", reason = "json.errorMessage",
          warnings = "json.warningMessage", result = { system = "json.targetContext", profile = "json.targetName",
            execution_time = "json.executionTime", error_detail = "json.errorDetail" } },
      },
    },
    schedule = {
      summary = "Run a Schedule", target = { help = "Id or name of the Schedule" }, resolve = { list = "targets" },
      targets = { request = "GET /schedules", pages = paged, id = "id", name = "name", note = "description" },
      trigger = { request = "POST /schedules/{target}/run", remote = { execution = "json.executionId" } },
      cancel = { request = "POST /schedule-executions/{remote.execution}/cancel" },
      poll = {
        request = "GET /schedule-executions/{remote.execution}", status = "json.status", states = states,
        reason = "json.errorMessage", result = { schedule = "json.scheduleName", completed_at = "json.completedAt" },
        progress = { done = "json.currentStepIndex", total = "json.totalSteps", unit = "steps" } },
    },
  }, default = "profile",
  actions = {
    activities = {
      summary = "List activities, newest first", target = false, result = "json.items",
      params = { sortBy = { default = "created" }, sortDirection = { default = "desc" },
        query = { type = "json", rest = true, help = "search, page, pageSize, and what else JIM takes" } },
      request = { "GET /activities?sortBy={params.sortBy}&sortDirection={params.sortDirection}",
        query = "{params.query}" },
    },
    activity = { summary = "Show an activity", target = { help = "Its id" }, request = "GET /activities/{target}" },
    stats = { summary = "Show its counters", target = { help = "Its id" }, request = "GET /activities/{target}/stats" },
    items = {
      summary = "Fetch what became of each object", target = { help = "Its id" }, pages = paged,
      request = "GET /activities/{target}/items?pageSize=100", artifact = "activity-{target}-items.jsonl",
    },
  },
}
