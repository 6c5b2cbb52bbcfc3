-- Executes a Run Profile of JIM (Junctional Identity Manager) and follows its activity to the end.
--
-- Settings: url (origin of the instance), api_key (secret).
--
--   $ agent run jim 1/1
--   succeeded  activity a1b2c3d4-e5f6-7890-abcd-ef1234567890  run_type DeltaImport

local ends = {
  Complete = "succeeded",
  CompleteWithWarning = "succeeded",
  -- Objects failed with an error that JIM did not handle; what JIM did handle is CompleteWithWarning.
  CompleteWithError = "failed",
  FailedWithError = "failed",
  Cancelled = "cancelled",
}

-- Objects and percent are of the current step and start again with the next.
local function progress(activity)
  local total, steps = activity.objectsToProcess, activity.totalPhases
  return {
    done = activity.objectsProcessed,
    total = total ~= 0 and total or nil,
    unit = "objects",
    percent = activity.percentComplete,
    message = activity.message,
    step = activity.currentPhaseNumber,
    steps = steps ~= 0 and steps or nil,
  }
end

local function warnings(activity)
  local errors = activity.totalErrors or 0
  if errors > 0 then return { ("objects with errors: %d"):format(errors) } end
  if activity.status == "CompleteWithWarning" then return { "JIM reports CompleteWithWarning" } end
  return nil
end

local function classify(response, ctx)
  local activity = response.json
  if response.status == 404 then
    local unknown = activity and activity.code == "NOT_FOUND"
    if unknown or ctx.remote.old_server then return { state = "gone", reason = activity and activity.message } end
    -- A 404 that is not JIM's own: a server before 0.14 has no such path.
    return { state = "running", remote = { old_server = true } }
  end
  -- A queued activity is InProgress as well.
  if activity.status == "InProgress" then return { state = "running", progress = progress(activity) } end
  local state = ends[activity.status]
  if not state then return { state = "other", reason = activity.status or "no status" } end
  return {
    state = state,
    reason = state ~= "succeeded" and (activity.errorMessage or activity.status) or nil,
    warnings = state == "succeeded" and warnings(activity) or nil,
    progress = progress(activity),
  }
end

---@type agent.Plugin
return {
  api = 1,
  name = "jim",
  version = "1.0.0",
  summary = "Execute a Run Profile of JIM",
  homepage = "https://github.com/TetronIO/JIM",

  settings = {
    url = { type = "url", required = true, help = "Origin of the instance, e.g. https://jim.example.com" },
    api_key = { type = "secret", required = true, help = "API key with the Administrator role" },
  },

  -- 1. auth header style
  base_url = "{settings.url}/api/v1",
  auth = { type = "header", name = "X-Api-Key", secret = "api_key" },
  errors = { message = "json.message | json.error" },
  limits = { requests_per_second = 5 },
  check = "GET /synchronisation/connected-systems?pageSize=1",

  target = { form = "system/profile", type = "integer", help = "Ids of the connected system and of its Run Profile" },

  -- 2. endpoint paths
  trigger = {
    request = "POST /synchronisation/connected-systems/{target.system}/run-profiles/{target.profile}/execute",
    remote = { activity = "json.activityId", task = "json.taskId" },
    warnings = "json.warnings",
  },

  -- 3. status mapping
  poll = {
    request = function(ctx)
      if ctx.remote.old_server then return "GET /activities/{remote.activity}" end
      return "GET /activities/{remote.activity}/progress"
    end,
    errors = { [404] = false },
    classify = classify,
    result = { run_type = "json.runType", errors = "json.totalErrors", changes = "json.operationCounts" },
    ended = {
      request = "GET /activities/{remote.activity}",
      reason = "json.errorMessage",
      warnings = "json.warningMessage",
      result = {
        system = "json.targetContext", profile = "json.targetName", execution_time = "json.executionTime",
      },
    },
  },
  cancel = { request = "POST /worker-tasks/{remote.task}/cancel" },
}
