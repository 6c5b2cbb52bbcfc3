-- Stands in for JIM: three connected systems with their Run Profiles, and three Schedules.
--
-- Texts of messages, names and counts are made up here; statuses, codes and the shape of bodies are JIM's.
-- So is the shape of the answers to wrong paging, and that a body on a GET is refused.

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

local function guid(text)
  return text:find("^%x+%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x+$") ~= nil and #text == 36
end

local function integer(text)
  return text:find("^%-?%d+$") ~= nil
end

-- A route: checks the ids of the path, the key and the role before the handler sees the request.
local function route(kinds, handler)
  return function(request, state, sim)
    for name, kind in pairs(kinds) do
      if not kind(request[name]) then return { status = 404 } end
    end
    if request.headers["x-api-key"] ~= sim.settings.api_key then
      return { status = 401, json = { error = "Unauthorized", message = "Authentication required" } }
    end
    if sim.option("role") ~= "Administrator" then
      return refused(sim, 403, "FORBIDDEN", "The Administrator role is required.")
    end
    if request.method == "GET" and request.body and request.body ~= "" then
      return refused(sim, 400, "BAD_REQUEST", "A GET has no body.")
    end
    return handler(request, state, sim)
  end
end

-- Servers before 0.14 do not have the route.
local function newer(kinds, handler)
  local answer = route(kinds, handler)
  return function(request, state, sim)
    if sim.option("server") == "old" then return { status = 404 } end
    return answer(request, state, sim)
  end
end

-- A page of a list; sizes above 100 are cut, pages above 1,000 refused.
local function page(request, sim, all, size)
  local query = request.query
  local number, wanted = tonumber(query.page or 1), tonumber(query.pageSize or size)
  if not (number and wanted) or number > 1000 then
    return { status = 400, json = { title = "One or more validation errors occurred.", status = 400 } }
  end
  number, wanted = math.max(number, 1), wanted < 1 and size or math.min(wanted, 100)
  local items = {}
  for index = (number - 1) * wanted + 1, math.min(number * wanted, #all) do items[#items + 1] = all[index] end
  local pages = math.ceil(#all / wanted)
  return {
    json = {
      items = array(items), totalCount = #all, page = number, pageSize = wanted, totalPages = pages,
      hasNextPage = number < pages, hasPreviousPage = number > 1,
    },
  }
end

-- How an activity that has ended turned out.
local function outcome(run, sim)
  return run.outcome or sim.option("outcome")
end

local function word(run, sim)
  return sim.ended(run) and (words[outcome(run, sim)] or outcome(run, sim)) or "InProgress"
end

-- Tasks run one after the other, in the order they came.
local function queue(state, sim, system, profile, execution)
  local begin = sim.now() + sim.option("queued")
  for _, other in pairs(state.runs) do begin = math.max(begin, other.started + other.takes) end
  local wait = begin - sim.now()
  local run = sim.start {
    target = system.id .. "/" .. profile.id, takes = wait + sim.option("takes"), wait = wait, task = sim.id(),
    system = system, profile = profile, execution = execution,
  }
  state.tasks[run.task] = run.id
  return run
end

local function execute(request, state, sim)
  local system = state.systems[request.system]
  if not system then return refused(sim, 404, "NOT_FOUND", "Connected System not found.") end
  local profile = system.profiles[request.profile]
  if not profile then return refused(sim, 404, "NOT_FOUND", "Run Profile not found.") end
  if profile.deselected then
    return refused(sim, 400, "BAD_REQUEST", "The Run Profile targets a partition that is not selected.")
  end
  local run = queue(state, sim, system, profile)
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

local function phases(done)
  local list = {}
  for number, name in ipairs(steps) do
    local at = math.min(done * #steps, #steps)
    local status = number <= at and "Completed" or number - 1 <= at and done < 1 and "Active" or "Pending"
    list[number] = { key = name:lower(), name = name, order = number, status = status }
  end
  return array(list)
end

local function progress(request, state, sim)
  local run = sim.run(request.activity)
  if not run then return refused(sim, 404, "NOT_FOUND", "Activity not found.") end
  local ended, begun = sim.ended(run), sim.elapsed(run) >= run.wait
  local takes = math.max(run.takes - run.wait, 0.001)
  local done = ended and 1 or math.min(math.max(sim.elapsed(run) - run.wait, 0) / takes, 1)
  local step = math.min(math.floor(done * #steps) + 1, #steps)
  -- Counts, percent, rate and seconds are of the current step.
  local part = ended and 1 or done * #steps - (step - 1)
  local rate = begun and not ended and objects * #steps / takes or null
  local how = outcome(run, sim)
  local failing = ended and how ~= "succeeded" and how ~= "cancelled"
  return {
    json = {
      id = run.id, status = word(run, sim),
      message = begun and steps[step] or null,
      objectsProcessed = begun and math.floor(objects * part) or 0, objectsToProcess = begun and objects or 0,
      percentComplete = begun and math.floor(part * 1000) / 10 or null,
      elapsedSeconds = sim.elapsed(run), objectsPerSecond = rate,
      estimatedSecondsRemaining = rate ~= null and objects * (1 - part) / rate or null,
      targetType = "ConnectedSystemRunProfile", runType = run.profile.run_type,
      operationCounts = { Added = math.floor(objects * done) },
      totalErrors = failing and 3 or 0,
      retrievedAt = sim.time(sim.now()),
      phases = phases(begun and done or 0), currentPhase = begun and steps[step] or null,
      currentPhaseNumber = begun and step or null, totalPhases = #steps,
    },
  }
end

-- What a list shows of an activity.
local function header(run, sim)
  local ended, seconds = sim.ended(run), math.max(math.floor(run.takes - run.wait), 0)
  return {
    id = run.id, created = sim.time(run.started), executed = sim.time(run.started + run.wait), status = word(run, sim),
    targetType = "ConnectedSystemRunProfile", targetOperationType = "Execute",
    targetName = run.profile.name, targetContext = run.system.name, initiatedByType = "ApiKey",
    initiatedById = "00000000-0000-4000-8000-00000000000a", initiatedByName = "agent",
    objectsToProcess = objects, objectsProcessed = ended and objects or 0,
    executionTime = ended and ("%02d:%02d:%02d"):format(seconds // 3600, seconds // 60 % 60, seconds % 60) or null,
    connectedSystemRunType = run.profile.run_type, childActivityCount = 0,
    scheduleExecutionId = run.execution or null,
  }
end

local function activity(request, state, sim)
  local run = sim.run(request.activity)
  if not run then return refused(sim, 404, "NOT_FOUND", "Activity not found.") end
  local ended, how, detail = sim.ended(run), outcome(run, sim), header(run, sim)
  detail.parentActivityId = null
  detail.connectedSystemId, detail.connectedSystemRunProfileId = run.system.id, run.profile.id
  detail.warningMessage = ended and how == "warnings" and "3 objects could not be imported." or null
  detail.errorMessage, detail.errorStackTrace = ended and messages[how] or null, null
  detail.errorDetail = ended and how == "failed" and '{"check":"connection"}' or null
  return { json = detail }
end

local sorts = {
  created = "created", executed = "executed", status = "status", type = "targetType", target = "targetName",
}

-- Oldest first unless something else is asked for; an unknown name to sort by is the same as none.
local function activities(request, state, sim)
  local query, all = request.query, {}
  local direction = query.sortDirection or "asc"
  if direction ~= "asc" and direction ~= "desc" then
    return { status = 400, json = { title = "One or more validation errors occurred.", status = 400 } }
  end
  for _, run in pairs(state.runs) do
    local row, search = header(run, sim), (query.search or ""):lower()
    local found = row.targetName:lower():find(search, 1, true) or row.targetType:lower():find(search, 1, true)
    for name, field in pairs { status = "status", connectedSystem = "targetContext", runProfile = "targetName" } do
      if sim.option("server") ~= "old" and query[name] and query[name] ~= row[field] then found = nil end
    end
    if found then all[#all + 1] = row end
  end
  local key = sorts[query.sortBy or "created"] or "created"
  table.sort(all, function(a, b)
    if a[key] == b[key] then return a.id < b.id end
    if direction == "desc" then return a[key] > b[key] end
    return a[key] < b[key]
  end)
  return page(request, sim, all, 25)
end

local function stats(request, state, sim)
  local run = sim.run(request.activity)
  if not run then return refused(sim, 404, "NOT_FOUND", "Activity not found.") end
  local done = sim.ended(run) and objects or 0
  return {
    json = {
      totalObjectsProcessed = done, totalObjectChangeCount = done, totalUnchanged = 0,
      totalObjectErrors = outcome(run, sim) == "warnings" and 3 or 0, totalObjectTypes = 1,
      totalCsoAdds = done, totalCsoUpdates = 0, totalCsoDeletes = 0,
    },
  }
end

local function items(request, state, sim)
  local run = sim.run(request.activity)
  if not run then return refused(sim, 404, "NOT_FOUND", "Activity not found.") end
  local all = {}
  for number = 1, sim.ended(run) and objects or 0 do
    all[number] = {
      id = ("%08x-0000-4000-8000-00000000001f"):format(number), externalIdValue = "user" .. number,
      displayName = "User " .. number, connectedSystemObjectType = "user", objectChangeType = "Add",
      errorType = outcome(run, sim) == "warnings" and number <= 3 and "DuplicateObject" or null,
      outcomeSummary = null,
    }
  end
  return page(request, sim, all, 25)
end

local function task(run, sim)
  local begun = sim.elapsed(run) >= run.wait
  return {
    id = run.task, name = run.system.name .. " - " .. run.profile.name, type = "Synchronisation",
    timestamp = sim.time(run.started), activityId = run.id, initiatedByType = "ApiKey",
    status = run.cancelled and "CancellationRequested" or begun and "Processing" or "Queued",
  }
end

-- Newest first; a task that has ended is not there any more.
local function tasks(request, state, sim)
  local all = {}
  for _, run in pairs(state.runs) do
    if not sim.ended(run) then all[#all + 1] = task(run, sim) end
  end
  table.sort(all, function(a, b) return a.timestamp > b.timestamp end)
  return page(request, sim, all, 50)
end

local function stop(run, sim)
  run.outcome, run.cancelled = "cancelled", true
  -- A queued task goes at once, a running one when the worker stops.
  run.takes = sim.elapsed(run) + (sim.elapsed(run) < run.wait and 0 or 1)
end

local function cancel(request, state, sim)
  local run = sim.run(state.tasks[request.task] or "")
  if not run or sim.ended(run) then return refused(sim, 404, "NOT_FOUND", "Worker task not found.") end
  stop(run, sim)
  return { status = 202 }
end

local function sorted(map)
  local list = {}
  for _, each in pairs(map) do list[#list + 1] = each end
  table.sort(list, function(a, b) return a.id < b.id end)
  return list
end

local function systems(request, state, sim)
  local all = {}
  for index, system in ipairs(sorted(state.systems)) do
    all[index] = { id = system.id, name = system.name, status = "Active", connectorName = "JIM LDAP Connector" }
  end
  return page(request, sim, all, 25)
end

local function system(request, state, sim)
  local found = state.systems[request.system]
  if not found then return refused(sim, 404, "NOT_FOUND", "Connected System not found.") end
  return { json = { id = found.id, name = found.name, status = "Active", objectCount = objects } }
end

-- A bare list, not in pages.
local function profiles(request, state, sim)
  local found = state.systems[request.system]
  if not found then return refused(sim, 404, "NOT_FOUND", "Connected System not found.") end
  local list = {}
  for index, profile in ipairs(sorted(found.profiles)) do
    list[index] = {
      id = profile.id, name = profile.name, connectedSystemId = found.id, runType = profile.run_type,
      pageSize = 100, partitionName = null, targetsDeselectedPartition = profile.deselected or false,
    }
  end
  return { json = array(list) }
end

local function schedules(request, state, sim)
  local all = {}
  for index, schedule in ipairs(sorted(state.schedules)) do
    all[index] = {
      id = schedule.id, name = schedule.name, description = schedule.description, triggerType = "Manual",
      isEnabled = true, stepCount = #schedule.steps,
    }
  end
  return page(request, sim, all, 20)
end

-- The codes of answers about Schedules are empty.
local function run_schedule(request, state, sim)
  local schedule = state.schedules[request.schedule]
  if not schedule then return refused(sim, 404, "", "Schedule not found: " .. request.schedule) end
  if #schedule.steps == 0 then return refused(sim, 400, "", "Cannot run a schedule with no steps") end
  local execution = { id = sim.id(), schedule = schedule, queued = sim.now(), runs = {} }
  for index, step in ipairs(schedule.steps) do
    local of = state.systems[step[1]]
    execution.runs[index] = queue(state, sim, of, of.profiles[step[2]], execution.id)
  end
  state.executions[execution.id] = execution
  return {
    status = 202,
    json = { executionId = execution.id, message = ("Schedule '%s' started successfully"):format(schedule.name) },
  }
end

-- What an execution is, and its steps; after a step that failed the others are not run.
local function execution_json(execution, sim, detailed)
  local status, current, message, list, over = nil, 0, null, {}, false
  for index, run in ipairs(execution.runs) do
    local ended, how = sim.ended(run), outcome(run, sim)
    local bad = how == "failed" or how == "unhandled_error"
    if over and not ended then stop(run, sim) end
    if not status and not ended then
      status = sim.elapsed(execution.runs[1]) < execution.runs[1].wait and "Queued" or "InProgress"
      current = index - 1
    elseif not status and (how == "cancelled" or bad) then
      status, current, over = bad and "Failed" or "Cancelled", index - 1, true
      message = messages[how] or null
    end
    list[index] = {
      stepIndex = index - 1, name = run.system.name .. " - " .. run.profile.name, stepType = "RunProfile",
      executionMode = "Sequential", connectedSystemId = run.system.id, taskId = run.task, activityId = run.id,
      status = ended and (bad and "Failed" or "Completed") or "Processing", activityStatus = word(run, sim),
      errorMessage = ended and messages[how] or null,
    }
  end
  over = status ~= "Queued" and status ~= "InProgress"
  return {
    id = execution.id, scheduleId = execution.schedule.id, scheduleName = execution.schedule.name,
    status = status or sim.option("completed"), currentStepIndex = status and current or #list - 1,
    totalSteps = #list, queuedAt = sim.time(execution.queued), startedAt = sim.time(execution.queued),
    completedAt = over and sim.time(sim.now()) or null, initiatedByType = "ApiKey",
    errorMessage = message, steps = detailed and array(list) or nil,
  }
end

local function execution(request, state, sim)
  local found = state.executions[request.execution]
  if not found then return refused(sim, 404, "", "Schedule execution not found: " .. request.execution) end
  return { json = execution_json(found, sim, true) }
end

-- Newest first unless `sortDescending=false`.
local function executions(request, state, sim)
  local query, all = request.query, {}
  if query.scheduleId and not guid(query.scheduleId) then
    return { status = 400, json = { title = "One or more validation errors occurred.", status = 400 } }
  end
  for _, each in pairs(state.executions) do
    if not query.scheduleId or each.schedule.id == query.scheduleId then
      all[#all + 1] = execution_json(each, sim, false)
    end
  end
  local up = query.sortDescending == "false"
  table.sort(all, function(a, b)
    if up then return a.queuedAt < b.queuedAt end
    return a.queuedAt > b.queuedAt
  end)
  return page(request, sim, all, 20)
end

local function cancel_execution(request, state, sim)
  local found = state.executions[request.execution]
  if not found then return refused(sim, 404, "", "Schedule execution not found: " .. request.execution) end
  local status = execution_json(found, sim, false).status
  if status ~= "Queued" and status ~= "InProgress" then
    return refused(sim, 400, "", "Cannot cancel execution with status: " .. status)
  end
  for _, run in ipairs(found.runs) do
    if not sim.ended(run) then stop(run, sim) end
  end
  return { json = execution_json(found, sim, false) }
end

local function version(request, state, sim)
  return { json = { product = "JIM", version = sim.option("server") == "old" and "0.12.0" or "0.14.0" } }
end

local nightly = "5c4ed01e-0000-4000-8000-000000000001"
local empty = "5c4ed01e-0000-4000-8000-000000000002"
local hourly = "5c4ed01e-0000-4000-8000-000000000003"
local of_profile, of_activity = { system = integer, profile = integer }, { activity = guid }

return {
  settings = { api_key = "jim_test" },
  state = {
    runs = {},
    tasks = {},
    executions = {},
    systems = {
      ["1"] = {
        id = 1, name = "Corporate LDAP",
        profiles = {
          ["1"] = { id = 1, name = "Delta Import", run_type = "DeltaImport" },
          ["2"] = { id = 2, name = "Full Import", run_type = "FullImport" },
          ["4"] = { id = 4, name = "Import of Branches", run_type = "FullImport", deselected = true },
        },
      },
      ["2"] = {
        id = 2, name = "HR",
        profiles = {
          ["3"] = { id = 3, name = "Export", run_type = "Export" },
          ["5"] = { id = 5, name = "Export/All", run_type = "Export" },
        },
      },
      ["3"] = { id = 3, name = "HR/Export", profiles = { ["6"] = { id = 6, name = "All", run_type = "Export" } } },
    },
    schedules = {
      [nightly] = {
        id = nightly, name = "Nightly", description = "Import and export", steps = { { "1", "1" }, { "2", "3" } },
      },
      [empty] = { id = empty, name = "Empty", description = null, steps = {} },
      [hourly] = { id = hourly, name = "Hourly", description = null, steps = { { "1", "1" } } },
    },
  },
  -- outcome: succeeded, warnings, unhandled_error, failed, cancelled, or a status word of your own;
  -- queued: seconds in the queue; start_warning: text of a warning in the answer to the start;
  -- server: current, or old (before 0.13: no progress, no tasks); role: of the key;
  -- completed: the word of a Schedule that has ended well (Complete, or Completed on older servers)
  runs = {
    { target = "1/1", files = 0 },
    { target = "1/1", options = { outcome = "failed", takes = 40 }, ends = "failed" },
  },
  options = {
    takes = 3, outcome = "succeeded", queued = 0, start_warning = "", server = "current", role = "Administrator",
    completed = "Complete",
  },
  routes = {
    ["POST /api/v1/synchronisation/connected-systems/{system}/run-profiles/{profile}/execute"] =
      route(of_profile, execute),
    ["GET /api/v1/synchronisation/connected-systems"] = route({}, systems),
    ["GET /api/v1/synchronisation/connected-systems/{system}"] = route({ system = integer }, system),
    ["GET /api/v1/synchronisation/connected-systems/{system}/run-profiles"] = route({ system = integer }, profiles),
    ["GET /api/v1/activities"] = route({}, activities),
    ["GET /api/v1/activities/{activity}"] = route(of_activity, activity),
    ["GET /api/v1/activities/{activity}/progress"] = newer(of_activity, progress),
    ["GET /api/v1/activities/{activity}/stats"] = route(of_activity, stats),
    ["GET /api/v1/activities/{activity}/items"] = route(of_activity, items),
    ["GET /api/v1/worker-tasks"] = newer({}, tasks),
    ["POST /api/v1/worker-tasks/{task}/cancel"] = newer({ task = guid }, cancel),
    ["GET /api/v1/schedules"] = route({}, schedules),
    ["POST /api/v1/schedules/{schedule}/run"] = route({ schedule = guid }, run_schedule),
    ["GET /api/v1/schedule-executions"] = route({}, executions),
    ["GET /api/v1/schedule-executions/{execution}"] = route({ execution = guid }, execution),
    ["POST /api/v1/schedule-executions/{execution}/cancel"] = route({ execution = guid }, cancel_execution),
    ["GET /api/v1/health/version"] = version,
  },
}
