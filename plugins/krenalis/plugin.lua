-- Runs a pipeline of Krenalis (formerly Meergo), or its identity resolution, and follows it to its end.
--   $ agent run krenalis "CRM/Import users" --param incremental=true
--   succeeded  run 2YpT7kWn9QxB  failed {"Filter":55,…}  passed {"Filter":5974,…}

-- What `passed` and `failed` count, by how many counts there are: servers after v0.43 have one more.
local steps = {
  [6] = { "Receive", "InputValidation", "Filter", "Transformation", "OutputValidation", "Finalize" },
  [7] = { "Receive", "InputValidation", "Filter", "Consent", "Transformation", "OutputValidation", "Finalize" },
}
local by_rule = { Filter = true, Consent = true } -- what these keep back is left out by rule: no fault
local hints = {
  PipelineDisabled = "agent call krenalis enable PIPELINE enables it",
  CannotRunIncrementally = "leave incremental out, or give the pipeline an update time column",
  Forbidden = "a key that is not restricted to one workspace needs the setting workspace",
}

local function message(response)
  local refusal = type(response.json) == "table" and response.json.error
  if type(refusal) ~= "table" then return response.status == 404 and "no such path: see the setting api" or nil end
  return table.concat({ refusal.message or refusal.code, refusal.cause or hints[refusal.code] }, "; ")
end

-- In seconds; a time without a zone is UTC.
local function time(text) return agent.time.parse(text) or agent.time.parse(text .. "Z") end

local function named(counts)
  local result, names = {}, steps[#counts] or {}
  for index, count in ipairs(counts) do result[names[index] or "Step" .. index] = count end
  return result
end

-- A run as it is shown. The server has no word for its state; ids are numbers up to v0.39 and texts since.
local function describe(run)
  local fault = run.error ~= "" and run.error or nil
  return {
    id = tostring(run.id), pipeline = tostring(run.pipeline), started = run.startTime, ended = run.endTime,
    state = not run.endTime and "running" or fault and "failed" or "succeeded", error = fault,
    passed = named(run.passed or {}), failed = named(run.failed or {}),
  }
end

local function classify(response, ctx)
  local run, warnings = describe(response.json), {}
  if not run.started then return { state = "other", reason = "the answer is no run" } end
  for step, count in pairs(run.failed) do
    if count > 0 and not by_rule[step] then warnings[#warnings + 1] = ("%s: %d failed"):format(step, count) end
  end
  local result = { passed = run.passed, failed = run.failed, started = run.started, ended = run.ended }
  local remote = { run = tostring(ctx.remote.run) } -- a text from now on
  return { state = run.state, reason = run.error, warnings = warnings, result = result, remote = remote }
end

local function runs(ctx) return ctx.settings.api == "legacy" and "/pipelines/executions" or "/pipelines/runs" end

-- The runs of all pipelines, or of one, latest start first: the server sorts by id, which says nothing.
local function newest_first(ctx, pipeline)
  local list, at, answer = {}, {}, ctx.request({ "GET " .. runs(ctx) }).json
  for _, run in ipairs(answer.runs or answer.executions) do
    if not pipeline or tostring(run.pipeline) == pipeline then
      list[#list + 1] = describe(run)
      at[list[#list]] = time(run.startTime) or 0
    end
  end
  table.sort(list, function(a, b) return at[a] > at[b] end)
  return list
end

local function find(ctx, intent)
  local found = { conclusive = true } -- the list is whole; none is certain, as the scheduler's runs look the same
  for _, run in ipairs(newest_first(ctx, intent.target)) do
    found[#found + 1] = { remote = { run = run.id }, status = run.state, started_at = time(run.started) }
  end
  return found
end

local function pipelines(ctx, runnable)
  local list = {}
  for _, connection in ipairs(ctx.request({ "GET /connections" }).json.connections) do
    for _, pipeline in ipairs(connection.pipelines) do
      local name, note = connection.name .. "/" .. pipeline.name, pipeline.enabled and "enabled" or "disabled"
      local entry = { id = tostring(pipeline.id), name = name, note = connection.role .. ", " .. note }
      -- Only the kinds that can be run say whether they do.
      if pipeline.running ~= nil or not runnable then list[#list + 1] = entry end
    end
  end
  return list
end

local function resolve(ctx)
  if not ctx.target:find("/", 1, true) then return { id = ctx.target } end -- no id has a slash
  local exact, folded = {}, {}
  for _, entry in ipairs(pipelines(ctx)) do
    if entry.name == ctx.target then exact[#exact + 1] = entry end
    if entry.name:lower() == ctx.target:lower() then folded[#folded + 1] = entry end
  end
  local found = #exact > 0 and exact or folded
  return #found == 1 and found[1] or nil, found
end

-- One at a time, without an id: the latest is ours unless it began 5 s before our start was answered and ended by then.
local function resolution(response, ctx)
  local latest, since = response.json, ctx.remote.since and time(ctx.remote.since) or 0
  if not latest.endTime then return { state = latest.startTime and "running" or "queued" } end
  if time(latest.startTime) < since - 5 and time(latest.endTime) <= since then return { state = "queued" } end
  return { state = "succeeded", result = { started = latest.startTime, ended = latest.endTime } }
end

-- Not conclusive: a later one hides ours, and whether it shows at once is not known.
local function find_resolution(ctx)
  local latest = ctx.request({ "GET /identity-resolution/latest" }).json
  if not latest.startTime then return {} end
  local began, status = agent.time.format(time(latest.startTime)), latest.endTime and "succeeded" or "running"
  return { { remote = { since = began }, status = status, started_at = began } }
end

local target = { help = "Id of the pipeline, or Connection/Pipeline" }
local function on_pipeline(action)
  action.target, action.resolve, action.targets = target, resolve, pipelines
  return action
end

local function status(enabled) return { "PUT /pipelines/{target}/status", json = { enabled = enabled } } end
local periods = { "5m", "15m", "30m", "1h", "2h", "3h", "6h", "8h", "12h", "24h", "none" }

---@type agent.Plugin
return {
  api = 1, name = "krenalis", version = "1.1.0", summary = "Run a pipeline of Krenalis",
  homepage = "https://www.krenalis.com/docs/api/pipelines",
  settings = {
    url = { type = "url", required = true, help = "Origin of the server, e.g. https://krenalis.example.com" },
    api_key = { type = "secret", required = true, help = "API key, begins with api_" },
    workspace = { help = "Id of the workspace; leave it out for a key restricted to one" },
    api = { type = "enum", values = { "current", "legacy" }, default = "current", help = "legacy: v0.16 and before" },
  },
  -- 1. auth header style
  base_url = "{settings.url}/v1",
  auth = { type = "bearer", secret = "api_key" },
  headers = { ["Krenalis-Workspace"] = "{settings.workspace?}", ["Meergo-Workspace"] = "{settings.workspace?}" },
  errors = { message = message, code = "json.error.code", codes = {
    ExecutionInProgress = "already_running", RunInProgress = "already_running",
    PipelineAlreadyRunning = "already_running", OperationAlreadyExecuting = "already_running",
    ServiceUnavailable = "busy", -- said before anything is started; another 503 may be a proxy's
  } },
  check = {
    { "GET /connections", may = "read connections and pipelines" },
    { "GET /identity-resolution/latest", may = "read identity resolutions" },
  }, default = "pipeline",
  operations = {
    pipeline = {
      target = target, resolve = resolve, targets = function(ctx) return pipelines(ctx, true) end, find = find,
      params = { incremental = { type = "boolean", help = "Only what changed; left out: as the pipeline is set" } },
      -- 2. endpoint paths
      trigger = { remote = { run = "json.id" }, request = function(ctx)
        local path = "POST /pipelines/{target}" .. (ctx.settings.api == "legacy" and "/exec" or "/runs")
        return { path, json = { incremental = ctx.params.incremental } }
      end },
      -- 3. status mapping
      poll = { request = function(ctx) return "GET " .. runs(ctx) .. "/{remote.run}" end, classify = classify },
    },
    ["identity-resolution"] = {
      summary = "Resolve the identities of the workspace", target = false, find = find_resolution,
      trigger = { request = "POST /identity-resolution/start", remote = { since = "header.date?" } },
      poll = { request = "GET /identity-resolution/latest", classify = resolution },
    },
  },
  actions = {
    enable = on_pipeline { summary = "Enable a pipeline", request = status(true) },
    disable = on_pipeline { summary = "Disable a pipeline", request = status(false) },
    delete = on_pipeline { summary = "Delete a pipeline", request = "DELETE /pipelines/{target}", confirm = true },
    schedule = on_pipeline {
      summary = "Set how often a pipeline runs by itself",
      params = { period = { type = "enum", values = periods, required = true, help = "none: no longer" } },
      request = function(ctx)
        local period = ctx.params.period ~= "none" and ctx.params.period or agent.json.null
        return { "PUT /pipelines/{target}/schedule", json = { period = period } }
      end,
    },
    errors = on_pipeline {
      summary = "List what went wrong in a pipeline", result = "json.errors",
      params = {
        start = { required = true, help = "Such as 2026-11-01T00:00:00Z" }, ["end"] = { required = true },
        step = { type = "enum", values = steps[7] },
        first = { type = "integer", min = 0, max = 9999 }, limit = { type = "integer", min = 1, max = 100 },
      },
      request = { "GET /pipelines/errors/{params.start}/{params.end}", query = {
        pipelines = "{target}", step = "{params.step?}", first = "{params.first?}", limit = "{params.limit?}",
      } },
    },
    runs = {
      summary = "List runs, latest first", target = false, params = { pipeline = { help = "Only its runs: an id" } },
      steps = function(ctx) return { result = agent.json.array(newest_first(ctx, ctx.params.pipeline)) } end,
    },
    ["run-info"] = {
      summary = "Show a run", target = { help = "Id of the run" },
      request = function(ctx) return "GET " .. runs(ctx) .. "/{target}" end,
      result = function(response) return describe(response.json) end,
    },
  },
}
