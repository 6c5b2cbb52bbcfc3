-- Stands in for JIM: connected system 1 with the Run Profiles 1 and 2, connected system 2 with the Run Profile 3.
--
-- Texts of messages, names and counts are made up here; statuses, codes and the shape of bodies are JIM's.

local null, array = agent.json.null, agent.json.array

local words = {
  succeeded = "Complete",
  warnings = "CompleteWithWarning",
  unhandled_error = "CompleteWithError",
  failed = "FailedWithError",
  cancelled = "Cancelled",
}

local messages = {
  unhandled_error = "An unhandled error occurred on 1 object.",
  failed = "The LDAP server is unavailable.",
}

local objects = 250
local steps = { "Import", "Resolve references", "Persist" }

local function refused(sim, status, code, message)
  return {
    status = status,
    json = {
      code = code, message = message, details = null, validationErrors = null, timestamp = sim.time(sim.now()),
    },
  }
end

local function unauthorised(request, sim)
  if request.headers["x-api-key"] == sim.settings.api_key then return nil end
  return { status = 401, json = { error = "Unauthorized", message = "Authentication required" } }
end

local function integer(text)
  return text:find("^%-?%d+$") ~= nil
end

-- How an activity that has ended turned out.
local function outcome(run, sim)
  return run.outcome or sim.option("outcome")
end

local function word(run, sim)
  return sim.ended(run) and (words[outcome(run, sim)] or outcome(run, sim)) or "InProgress"
end

-- Tasks run one after the other, in the order they came.
local function execute(request, state, sim)
  if not (integer(request.system) and integer(request.profile)) then return { status = 404 } end
  local no = unauthorised(request, sim)
  if no then return no end
  local system = state.systems[request.system]
  if not system then return refused(sim, 404, "NOT_FOUND", "Connected System not found.") end
  local profile = system.profiles[request.profile]
  if not profile then return refused(sim, 404, "NOT_FOUND", "Run Profile not found.") end
  local begin = sim.now() + sim.option("queued")
  for _, other in pairs(state.runs) do begin = math.max(begin, other.started + other.takes) end
  local wait = begin - sim.now()
  local run = sim.start {
    target = request.system .. "/" .. request.profile, takes = wait + sim.option("takes"),
    wait = wait, task = sim.id(), system = system.name, profile = profile.name, run_type = profile.run_type,
  }
  state.tasks[run.task] = run.id
  local warning = sim.option("start_warning")
  return {
    status = 202,
    json = {
      activityId = run.id, taskId = run.task,
      message = ("Run Profile '%s' has been queued for execution."):format(profile.name),
      warnings = array(warning ~= "" and { warning } or {}),
    },
  }
end

local function phases(run, sim, done)
  local list = {}
  for number, name in ipairs(steps) do
    local at = math.min(done * #steps, #steps)
    local status = number <= at and "Completed" or number - 1 <= at and done < 1 and "Active" or "Pending"
    list[number] = { key = name:lower(), name = name, order = number, status = status }
  end
  return array(list)
end

local function progress(request, state, sim)
  if sim.option("server") == "old" then return { status = 404 } end
  local no = unauthorised(request, sim)
  if no then return no end
  local run = sim.run(request.activity)
  if not run then return refused(sim, 404, "NOT_FOUND", "Activity not found.") end
  local elapsed = math.max(sim.elapsed(run) - run.wait, 0)
  local begun = sim.elapsed(run) >= run.wait
  local done = sim.ended(run) and 1 or math.min(elapsed / math.max(run.takes - run.wait, 0.001), 1)
  local step = math.min(math.floor(done * #steps) + 1, #steps)
  -- Counts and percent are of the current step.
  local part = sim.ended(run) and 1 or done * #steps - (step - 1)
  local how = outcome(run, sim)
  local failing = sim.ended(run) and how ~= "succeeded" and how ~= "cancelled"
  return {
    status = 200,
    json = {
      id = run.id, status = word(run, sim),
      message = begun and steps[step] or null,
      objectsProcessed = begun and math.floor(objects * part) or 0, objectsToProcess = begun and objects or 0,
      percentComplete = begun and math.floor(part * 1000) / 10 or null,
      elapsedSeconds = sim.elapsed(run), objectsPerSecond = null, estimatedSecondsRemaining = null,
      targetType = "ConnectedSystemRunProfile", runType = run.run_type,
      operationCounts = { Added = math.floor(objects * done) },
      totalErrors = failing and 3 or 0,
      retrievedAt = sim.time(sim.now()),
      phases = phases(run, sim, begun and done or 0), currentPhase = begun and steps[step] or null,
      currentPhaseNumber = begun and step or null, totalPhases = #steps,
    },
  }
end

local function activity(request, state, sim)
  local no = unauthorised(request, sim)
  if no then return no end
  local run = sim.run(request.activity)
  if not run then return refused(sim, 404, "NOT_FOUND", "Activity not found.") end
  local ended, how = sim.ended(run), outcome(run, sim)
  local seconds = math.max(math.floor(run.takes - run.wait), 0)
  return {
    status = 200,
    json = {
      id = run.id, parentActivityId = null, status = word(run, sim),
      created = sim.time(run.started), executed = sim.time(run.started + run.wait),
      targetType = "ConnectedSystemRunProfile", targetOperationType = "Execute",
      targetName = run.profile, targetContext = run.system, initiatedByType = "ApiKey",
      executionTime = ended and ("%02d:%02d:%02d"):format(seconds // 3600, seconds // 60 % 60, seconds % 60) or null,
      warningMessage = ended and how == "warnings" and "3 objects could not be imported." or null,
      errorMessage = ended and messages[how] or null, errorStackTrace = null,
    },
  }
end

local function cancel(request, state, sim)
  if sim.option("server") == "old" then return { status = 404 } end
  local no = unauthorised(request, sim)
  if no then return no end
  local run = sim.run(state.tasks[request.task] or "")
  if not run or sim.ended(run) then return refused(sim, 404, "NOT_FOUND", "Worker task not found.") end
  run.outcome = "cancelled"
  -- A queued task goes at once, a running one when the worker stops.
  run.takes = sim.elapsed(run) + (sim.elapsed(run) < run.wait and 0 or 1)
  return { status = 202 }
end

local function systems(request, state, sim)
  local no = unauthorised(request, sim)
  if no then return no end
  local page, size = tonumber(request.query.page or 1), tonumber(request.query.pageSize or 25)
  if not page or not size or page < 1 or size < 1 then
    return refused(sim, 400, "BAD_REQUEST", "Paging is not valid.")
  end
  size = math.min(size, 100)
  local all, items = { "1", "2" }, {}
  for number = (page - 1) * size + 1, math.min(page * size, #all) do
    items[#items + 1] = { id = tonumber(all[number]), name = state.systems[all[number]].name }
  end
  local pages = math.ceil(#all / size)
  return {
    status = 200,
    json = {
      items = array(items), totalCount = #all, page = page, pageSize = size, totalPages = pages,
      hasNextPage = page < pages, hasPreviousPage = page > 1,
    },
  }
end

local function profiles(request, state, sim)
  if not integer(request.system) then return { status = 404 } end
  local no = unauthorised(request, sim)
  if no then return no end
  local system = state.systems[request.system]
  if not system then return refused(sim, 404, "NOT_FOUND", "Connected System not found.") end
  local list = {}
  for id, profile in pairs(system.profiles) do
    list[#list + 1] = {
      id = tonumber(id), name = profile.name, connectedSystemId = tonumber(request.system),
      runType = profile.run_type, pageSize = 100, targetsDeselectedPartition = false,
    }
  end
  table.sort(list, function(a, b) return a.id < b.id end)
  return { status = 200, json = array(list) }
end

return {
  settings = { api_key = "jim_test" },
  state = {
    runs = {},
    tasks = {},
    systems = {
      ["1"] = {
        name = "Corporate LDAP",
        profiles = {
          ["1"] = { name = "Delta Import", run_type = "DeltaImport" },
          ["2"] = { name = "Full Import", run_type = "FullImport" },
        },
      },
      ["2"] = { name = "HR", profiles = { ["3"] = { name = "Export", run_type = "Export" } } },
    },
  },
  -- outcome: succeeded, warnings, unhandled_error, failed, cancelled, or a status word of your own;
  -- queued: seconds in the queue; start_warning: text of a warning in the answer to the start;
  -- server: current, or old (before 0.13: no progress, no cancel)
  options = { takes = 3, outcome = "succeeded", queued = 0, start_warning = "", server = "current" },
  routes = {
    ["POST /api/v1/synchronisation/connected-systems/{system}/run-profiles/{profile}/execute"] = execute,
    ["GET /api/v1/activities/{activity}/progress"] = progress,
    ["GET /api/v1/activities/{activity}"] = activity,
    ["POST /api/v1/worker-tasks/{task}/cancel"] = cancel,
    ["GET /api/v1/synchronisation/connected-systems"] = systems,
    ["GET /api/v1/synchronisation/connected-systems/{system}/run-profiles"] = profiles,
  },
}
