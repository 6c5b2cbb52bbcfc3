-- Executes a Run Profile or a Schedule of JIM (Junctional Identity Manager) and follows it to its end.
--
--   $ agent run jim "Corporate LDAP/Delta Import"
--   succeeded  activity a1b2c3d4-e5f6-7890-abcd-ef1234567890  run_type DeltaImport

local paged = { each = "json.items[*]", page = "page", more = "json.hasNextPage" }
local systems = "GET /synchronisation/connected-systems"
local states = { -- of activities and of Schedules
  Queued = "queued", InProgress = "running", Paused = "running", Cancelled = "cancelled",
  Complete = "succeeded", Completed = "succeeded", CompleteWithWarning = "succeeded",
  -- Errors that JIM did not handle, or a step of a Schedule that failed while the others went on.
  CompleteWithError = "failed", FailedWithError = "failed", Failed = "failed",
}

local function classify(response)
  -- A server before 0.14 has no such path. Where it is the activity that is not there, the next answer says so.
  if response.status == 404 then return { state = "running", remote = { no_progress = true } } end
  local status, errors, warning = response.json.status, response.json.totalErrors or 0, nil
  if status == "CompleteWithWarning" then
    warning = errors > 0 and "objects with errors: " .. errors or "JIM reports CompleteWithWarning"
  end
  local state = states[status] or "other"
  return { state = state, reason = (state == "failed" or state == "other") and status or nil, warnings = warning }
end

local function profiles(ctx)
  local list = {}
  for _, system in ipairs(ctx.pages({ systems, query = { pageSize = 100 } }, paged)) do
    for _, profile in ipairs(ctx.request(systems .. "/" .. system.id .. "/run-profiles").json) do
      local id, name = system.id .. "/" .. profile.id, system.name .. "/" .. profile.name
      list[#list + 1] = { id = id, name = name, note = profile.runType }
    end
  end
  return list
end

-- Tasks are listed while they are queued or run; before 0.13 there is no such list.
local function task_of(ctx, activity)
  local queue = ctx.request { "GET /worker-tasks", query = { pageSize = 100 }, expect = { 404 } }
  for _, task in ipairs(queue.status == 200 and queue.json.items or {}) do
    if task.activityId == activity then return task.id end
  end
end

local function cancel(ctx)
  local task = ctx.remote.task or task_of(ctx, ctx.remote.activity)
  if task then ctx.request("POST /worker-tasks/" .. task .. "/cancel") end
end

-- Activities carry names and no ids.
local function find(ctx, intent)
  local path, profile, runs = systems .. "/{target.system}", nil, {}
  local system = ctx.request(path).json.name
  for _, each in ipairs(ctx.request(path .. "/run-profiles").json) do
    if each.id == ctx.target.profile then profile = each.name end
  end
  local query = { search = profile, sortBy = "created", sortDirection = "desc", pageSize = 100 }
  for _, each in ipairs(ctx.request { "GET /activities", query = query }.json.items) do
    if each.targetContext == system and each.targetName == profile and each.targetType == "ConnectedSystemRunProfile"
      and (not intent.sent_at or each.initiatedByType == "ApiKey") then
      local status = states[each.status] or "other"
      local task = status == "running" and task_of(ctx, each.id) or nil
      runs[#runs + 1] = { remote = { activity = each.id, task = task }, status = status, started_at = each.created }
    end
  end
  return runs
end

local function find_executions(ctx, intent)
  local runs, query = {}, { scheduleId = ctx.target, pageSize = 100 }
  for _, each in ipairs(ctx.request { "GET /schedule-executions", query = query }.json.items) do
    local run = { remote = { execution = each.id }, started_at = each.queuedAt }
    run.status = states[each.status] or "other"
    if not intent.sent_at or each.initiatedByType == "ApiKey" then runs[#runs + 1] = run end
  end
  return runs
end

-- A Schedule goes on after a step that was done in part.
local function step_warnings(response)
  local list = {}
  for _, step in ipairs(response.json.steps or {}) do
    local status = step.activityStatus or ""
    if status:find("With") then list[#list + 1] = step.name .. ": " .. (step.errorMessage or status) end
  end
  return list
end

local function activity(summary, path, pages, artifact)
  local request = { "GET /activities/{target}" .. path, query = pages and { pageSize = 100 } }
  local target = { help = "Id of the activity" }
  return { summary = summary, target = target, request = request, pages = pages, artifact = artifact }
end

---@type agent.Plugin
return {
  api = 1, name = "jim", version = "1.1.0", homepage = "https://github.com/TetronIO/JIM",
  summary = "Execute a Run Profile or a Schedule of JIM",
  settings = {
    url = { type = "url", required = true, help = "Origin of the instance, e.g. https://jim.example.com" },
    api_key = { type = "secret", required = true, help = "API key with the Administrator role" },
  },
  -- 1. auth header style
  base_url = "{settings.url}/api/v1",
  auth = { type = "header", name = "X-Api-Key", secret = "api_key" },
  errors = { message = "json.message | json.error" },
  limits = { requests_per_second = 5 },
  check = {
    { "GET /health/version", may = "reach JIM", result = { version = "json.version" } },
    { systems .. "?pageSize=1", may = "use the API as an administrator" },
  },
  operations = {
    profile = {
      summary = "Execute a Run Profile",
      target = { form = "system/profile", type = "integer", help = "Connected system and Run Profile: ids, or names" },
      resolve = { list = "targets" }, targets = profiles, find = find,
      -- 2. endpoint paths
      trigger = {
        request = "POST /synchronisation/connected-systems/{target.system}/run-profiles/{target.profile}/execute",
        remote = { activity = "json.activityId", task = "json.taskId?" }, warnings = "json.warnings",
      },
      cancel = { steps = cancel },
      -- 3. status mapping
      poll = {
        request = function(ctx)
          return "GET /activities/{remote.activity}" .. (ctx.remote.no_progress and "" or "/progress")
        end,
        errors = function(response, ctx)
          if response.status == 404 and not ctx.remote.no_progress then return false end
        end,
        classify = classify,
        progress = { -- of the current step
          done = "json.objectsProcessed", unit = "objects", percent = "json.percentComplete",
          total = function(response)
            return response.json.objectsToProcess ~= 0 and response.json.objectsToProcess or nil
          end,
          rate = "json.objectsPerSecond", remaining = "json.estimatedSecondsRemaining",
          message = "json.message", step = "json.currentPhaseNumber", steps = "json.totalPhases",
        },
        result = { run_type = "json.runType", errors = "json.totalErrors", changes = "json.operationCounts" },
        ended = {
          request = "GET /activities/{remote.activity}",
          reason = "json.errorMessage", warnings = "json.warningMessage",
          result = {
            system = "json.targetContext", profile = "json.targetName", execution_time = "json.executionTime",
            error_detail = "json.errorDetail",
          },
        },
      },
    },
    schedule = {
      summary = "Run a Schedule", target = { help = "Id or name of the Schedule" }, find = find_executions,
      resolve = { list = "targets" },
      targets = {
        request = "GET /schedules?pageSize=100", pages = paged, id = "id", name = "name", note = "description",
      },
      trigger = { request = "POST /schedules/{target}/run", remote = { execution = "json.executionId" } },
      cancel = { request = "POST /schedule-executions/{remote.execution}/cancel" },
      poll = {
        request = "GET /schedule-executions/{remote.execution}",
        status = "json.status", states = states, reason = "json.errorMessage", warnings = step_warnings,
        progress = { done = "json.currentStepIndex", total = "json.totalSteps", unit = "steps" },
        result = { schedule = "json.scheduleName", steps = "json.totalSteps", completed_at = "json.completedAt" },
      },
    },
  },
  default = "profile",
  actions = {
    activities = {
      summary = "List activities, newest first", target = false, result = "json.items",
      params = { query = { type = "json", rest = true, help = "search, page, pageSize, and what else JIM takes" } },
      request = function(ctx)
        local query = ctx.params.query or {}
        query.sortBy, query.sortDirection = query.sortBy or "created", query.sortDirection or "desc"
        return { "GET /activities", query = query }
      end,
    },
    activity = activity("Show an activity", ""),
    children = activity("List what an activity started", "/children", paged),
    stats = activity("Show the counters of an activity", "/stats"),
    items = activity("Fetch what became of each object", "/items", paged, "activity-{target}-items.jsonl"),
  },
}
