-- Stands in for a Krenalis server with one workspace.
--
-- It has these pipelines; servers before v0.40 have numbers for ids:
--
--   CRM/Import users          3mVx8QpLr2Ka   705981339   can run incrementally
--   CRM/Import leads          5nWy9RqMs3Lb   1360924687  disabled
--   Shop/Import customers     7pXz2StNt4Mc   428190553   a database without an update time column
--   Mailing/Export users      8qYa3TuPu5Nd   1194402771  a destination: incremental is refused
--   Files/Nightly             9rZb4UvQv6Pe   862217094   one of two with the same name
--   Files/Nightly             AsAc5VwRw7Qf   1733500218
--   Website/Collect events    BtBd6WxSx8Rg   517729460   events: cannot be run
--
-- Texts of messages that the server's source does not have, names and counts are made up here; so is the member
-- `executions` of the list of v0.16, which was not seen. Statuses, codes, order of checks and bodies are Krenalis's.

local null, array = agent.json.null, agent.json.array

local workspace = { id = "HzJk7DfYf6Xn", number = 104927 }
local steps = { "Receive", "InputValidation", "Filter", "Consent", "Transformation", "OutputValidation", "Finalize" }
local periods = {
  ["5m"] = true, ["15m"] = true, ["30m"] = true, ["1h"] = true, ["2h"] = true, ["3h"] = true, ["6h"] = true,
  ["8h"] = true, ["12h"] = true, ["24h"] = true,
}
-- What a run of each outcome counts: passed and failed of the seven steps, and its error.
local outcomes = {
  succeeded = { { 6029, 6029, 5974, 5974, 5974, 5974, 5974 }, { 0, 0, 55, 0, 0, 0, 0 }, "" },
  partial = { { 6029, 6021, 5966, 5966, 5966, 5954, 5953 }, { 0, 8, 55, 0, 0, 12, 1 }, "" },
  withheld = { { 6029, 6029, 6029, 5990, 5990, 5990, 5990 }, { 0, 0, 0, 39, 0, 0, 0 }, "" },
  empty = { { 0, 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0, 0 }, "" },
  failed = { { 812, 812, 801, 801, 801, 801, 0 }, { 0, 0, 11, 0, 0, 0, 801 }, "an internal error has occurred" },
}
local already_running = {
  current = { "PipelineAlreadyRunning", "pipeline %s is already running" },
  ["v0.39"] = { "RunInProgress", "pipeline %s is already in progress" },
  ["v0.16"] = { "ExecutionInProgress", "pipeline %s is already in progress" },
}
local modes = {
  inspection = { "InspectionMode", "data warehouse is in inspection mode" },
  maintenance = { "MaintenanceMode", "data warehouse is in maintenance mode" },
}

local function refused(status, code, message, ...)
  return { status = status, json = { error = { code = code, message = message:format(...) } } }
end

local function plain(status, text)
  return { status = status, headers = { ["Content-Type"] = "text/plain; charset=utf-8" }, body = text .. "\n" }
end

local function is_current(sim) return sim.option("server") == "current" end

-- An id as it goes over the wire.
local function wire(thing, sim)
  if is_current(sim) then return thing.id end
  return thing.number
end

local function is_id(text, sim)
  if is_current(sim) then return #text == 12 and text:find("^[1-9A-HJ-NP-Za-km-z]+$") ~= nil end
  local number = text:find("^%d+$") and math.tointeger(tonumber(text))
  return number ~= nil and number > 0 and number < 0x80000000
end

local function with_id(things, text, sim)
  for _, thing in pairs(things) do
    if tostring(wire(thing, sim)) == text then return thing end
  end
  return nil
end

-- Ids are made of a digest, so that their order says nothing.
local function new_id(state)
  state.count = (state.count or 0) + 1
  local digest = agent.crypto.sha256("run " .. state.count)
  local letters, id = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", {}
  for place = 1, 12 do
    local at = tonumber(digest:sub(2 * place, 2 * place + 1), 16) % #letters + 1
    id[place] = letters:sub(at, at)
  end
  return table.concat(id), tonumber(digest:sub(1, 7), 16) + 1
end

local days = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" }
local months = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }
local function http_date(seconds)
  local year, month, day, clock = agent.time.format(seconds):match("^(%d+)-(%d+)-(%d+)T(%d+:%d+:%d+)")
  local name = days[math.floor(seconds / 86400) % 7 + 1]
  return ("%s, %s %s %s %s GMT"):format(name, day, months[tonumber(month)], year, clock)
end

-- What is wrong with the body, or nil. A body is needed by POST and PUT, but for the start of an identity resolution.
local function wrong_body(request, needs_body)
  if not needs_body then
    return request.body ~= "" and refused(400, "BadRequest", "request body not allowed") or nil
  end
  if request.body == "" then return refused(400, "BadRequest", "request's body is missing") end
  local kind = (request.headers["content-type"] or ""):lower():gsub("%s", "")
  if kind ~= "application/json" and kind ~= "application/json;charset=utf-8" then
    return refused(400, "BadRequest", "request's content type must be 'application/json'")
  end
  if #request.body > 500 * 1024 or type(request.json) ~= "table" then
    return refused(400, "BadRequest", "request's body is not valid")
  end
  return nil
end

-- What is wrong with the key or the workspace, or nil.
local function wrong_key(request, sim)
  local authorization = request.headers.authorization
  if not authorization then
    local text = "Authorization header with the API key is not present in the request"
    return refused(401, "Unauthorized", text)
  end
  local token = authorization:match("^Bearer (.+)$")
  if not token then return refused(400, "BadRequest", "Authorization header is invalid") end
  if token:sub(1, 4) ~= "api_" then
    return refused(400, "BadRequest", "API key is not valid; API keys start with the api_ prefix")
  end
  if token ~= sim.settings.api_key then
    return refused(401, "Unauthorized", "API key in the Authorization header of the request does not exist")
  end
  if sim.option("organization") == "disabled" then
    return refused(422, "OrganizationDisabled", "organization 4kZt8MnPq2Rv is disabled")
  end
  local name = sim.option("server") == "v0.16" and "Meergo-Workspace" or "Krenalis-Workspace"
  local id = request.headers[name:lower()]
  if sim.option("key") == "restricted" then
    if not id or not is_current(sim) then return nil end
    return refused(400, "BadRequest", "%s header cannot be provided with a workspace restricted key", name)
  end
  if not id then
    local text = "%s header is missing; provide it in the format '%s: <WORKSPACE_ID>'"
    return refused(403, "Forbidden", text, name, name)
  end
  if not is_id(id, sim) then return refused(400, "BadRequest", "%s header is invalid", name) end
  if id ~= tostring(wire(workspace, sim)) then return refused(404, "NotFound", "workspace %s does not exist", id) end
  return nil
end

-- A run that the scheduler started an hour before the first request.
local function seed(state, sim)
  if state.seeded then return end
  state.seeded = true
  local id, number = new_id(state)
  local pipeline = state.pipelines[1]
  local run = sim.start { id = id, number = number, pipeline = pipeline, target = pipeline.id, takes = 95 }
  run.started, run.outcome = sim.now() - 3600, "succeeded"
end

-- A route behind the checks that all have: body, key, workspace. Only servers of `versions` have it.
local function route(handle, options)
  return function(request, state, sim)
    local only = options and options.only
    if only and (only == "v0.16") ~= (sim.option("server") == "v0.16") then return plain(404, "404 page not found") end
    seed(state, sim)
    local needs_body = (request.method == "POST" or request.method == "PUT") and not (options and options.bare)
    local answer = wrong_body(request, needs_body) or wrong_key(request, sim) or handle(request, state, sim)
    answer.headers = answer.headers or {}
    answer.headers["Date"] = http_date(sim.now())
    if is_current(sim) then answer.headers["Request-Id"] = sim.id() end
    return answer
  end
end

-- The same behind an id of a pipeline in the path.
local function pipeline_route(handle, options)
  return route(function(request, state, sim)
    if not is_id(request.id, sim) then
      return refused(400, "BadRequest", "identifier %q is not a valid pipeline identifier", request.id)
    end
    local pipeline = with_id(state.pipelines, request.id, sim)
    if not pipeline then return refused(404, "NotFound", "pipeline %s does not exist", request.id) end
    return handle(pipeline, request, state, sim)
  end, options)
end

local function live(pipeline, sim) return sim.running(pipeline.id) end

-- The refusals come in the server's order.
local function start(pipeline, request, state, sim)
  local status = sim.option("refuse")
  if status ~= 0 and not state.refused then
    state.refused = true
    if status == 500 then return plain(500, "Internal Server Error") end
    local answer = status == 429 and refused(429, "TooManyRequests", "API rate limit exceeded")
      or refused(status, "ServiceUnavailable", "the limiter is not available")
    answer.headers = { ["Retry-After"] = "1" }
    return answer
  end
  local id, incremental = wire(pipeline, sim), request.json.incremental
  if incremental ~= nil and type(incremental) ~= "boolean" then
    return refused(400, "BadRequest", "incremental is not a boolean")
  end
  if pipeline.target ~= "User" then
    return refused(400, "BadRequest", "pipeline %s with target %s cannot be run", id, pipeline.target)
  end
  if incremental ~= nil and pipeline.connection.role == "Destination" then
    return refused(400, "BadRequest", "incremental cannot be provided for destination pipelines")
  end
  if incremental and pipeline.connection.type ~= "Application" and not pipeline.update_time then
    return refused(422, "CannotRunIncrementally", "incremental requires an update time column")
  end
  if not pipeline.enabled then return refused(422, "PipelineDisabled", "pipeline %s is disabled", id) end
  if live(pipeline, sim) then
    local code, message = table.unpack(already_running[sim.option("server")])
    return refused(422, code, message, id)
  end
  local mode = modes[sim.option("warehouse")]
  if mode then return refused(422, mode[1], mode[2]) end
  local run_id, number = new_id(state)
  local run = sim.start {
    id = run_id, number = number, pipeline = pipeline, target = pipeline.id, takes = sim.option("takes"),
  }
  return { json = { id = wire(run, sim) } }
end

-- A run as JSON. All counts are 0 until it has ended.
local function run_json(run, sim)
  local ended = sim.ended(run)
  local counts = outcomes[ended and (run.outcome or sim.option("outcome")) or "empty"]
  local passed, failed = {}, {}
  for index, name in ipairs(steps) do
    -- Servers up to v0.43 have no Consent.
    if is_current(sim) or name ~= "Consent" then
      passed[#passed + 1], failed[#failed + 1] = counts[1][index], counts[2][index]
    end
  end
  return {
    id = wire(run, sim), pipeline = wire(run.pipeline, sim),
    startTime = sim.time(run.started), endTime = ended and sim.time(run.started + run.takes) or null,
    passed = array(passed), failed = array(failed), error = counts[3],
  }
end

local function list_runs(request, state, sim)
  local list = {}
  for _, run in pairs(state.runs) do list[#list + 1] = run_json(run, sim) end
  table.sort(list, function(a, b) return a.id > b.id end)
  return { json = { [sim.option("server") == "v0.16" and "executions" or "runs"] = array(list) } }
end

local function get_run(request, state, sim)
  if not is_id(request.id, sim) then
    return refused(400, "BadRequest", "identifier %q is not a valid run identifier", request.id)
  end
  local run = with_id(state.runs, request.id, sim)
  if not run then return refused(404, "NotFound", "pipeline run %s does not exist", request.id) end
  return { json = run_json(run, sim) }
end

local function set_status(pipeline, request)
  if type(request.json.enabled) ~= "boolean" then return refused(400, "BadRequest", "enabled is not a boolean") end
  pipeline.enabled = request.json.enabled
  return {}
end

local function set_schedule(pipeline, request)
  local period = request.json.period
  if pipeline.target ~= "User" then
    return refused(400, "BadRequest", "cannot set schedule period of a %s pipeline", pipeline.target)
  end
  if period ~= nil and not periods[period] then return refused(400, "BadRequest", "schedule period is not valid") end
  pipeline.period = period
  return {}
end

-- The runs go with the pipeline.
local function delete(pipeline, request, state)
  for index, other in ipairs(state.pipelines) do
    if other == pipeline then table.remove(state.pipelines, index) end
  end
  for id, run in pairs(state.runs) do
    if run.pipeline == pipeline then state.runs[id] = nil end
  end
  return {}
end

local function pipeline_json(pipeline, sim)
  local json = {
    id = wire(pipeline, sim), name = pipeline.name, connection = wire(pipeline.connection, sim),
    connector = pipeline.connection.connector, connectorType = pipeline.connection.type,
    connectionRole = pipeline.connection.role, target = pipeline.target, enabled = pipeline.enabled,
  }
  if pipeline.target == "User" then
    json.running = live(pipeline, sim) ~= nil
    json.schedulePeriod, json.scheduleStart = pipeline.period or null, pipeline.period and 415 or null
    if pipeline.connection.role == "Source" then json.incremental = false end
  end
  return json
end

local function list_connections(request, state, sim)
  local list = {}
  for _, connection in ipairs(state.connections) do
    local pipelines = {}
    for _, pipeline in ipairs(state.pipelines) do
      if pipeline.connection == connection then pipelines[#pipelines + 1] = pipeline_json(pipeline, sim) end
    end
    list[#list + 1] = {
      id = wire(connection, sim), name = connection.name, connector = connection.connector,
      connectorType = connection.type, role = connection.role, pipelines = array(pipelines),
    }
  end
  return { json = { connections = array(list) } }
end

local function time_of(text)
  return agent.time.parse(text) or agent.time.parse(text .. "Z") or agent.time.parse(text .. "T00:00:00Z")
end

-- A number of the query within its range, or nil and what is wrong.
local function number_of(request, name, default, from, to)
  local text = request.query[name]
  local number = text == nil and default or math.tointeger(tonumber(text))
  if not number then return nil, refused(400, "BadRequest", "'%s' parameter is not valid", name) end
  if number < from or number > to then
    return nil, refused(400, "BadRequest", "%s must be in range [%d,%d]", name, from, to)
  end
  return number
end

local function list_errors(request, state, sim)
  local from, to = time_of(request.from), time_of(request.to)
  if not from then return refused(404, "NotFound", "start is not valid") end
  if not to then return refused(404, "NotFound", "end is not valid") end
  local wanted = {}
  for id in (request.query.pipelines or ""):gmatch("[^,]+") do
    if not is_id(id, sim) then return refused(400, "BadRequest", "a pipeline is not valid") end
    wanted[id] = true
  end
  if next(wanted) == nil then return refused(400, "BadRequest", "at least a pipeline must be provided") end
  local step, known = request.query.step, false
  for _, name in ipairs(steps) do known = known or name == step and (name ~= "Consent" or is_current(sim)) end
  if step and not known then return refused(400, "BadRequest", "'step' parameter is not valid") end
  local first, wrong = number_of(request, "first", 0, 0, 9999)
  if not first then return wrong end
  local limit
  limit, wrong = number_of(request, "limit", 100, 1, 100)
  if not limit then return wrong end
  if to < from then return plain(500, "Internal Server Error") end
  local found = {}
  for _, run in pairs(state.runs) do
    local at, json = run.started + run.takes, run_json(run, sim)
    if wanted[tostring(json.pipeline)] and sim.ended(run) and at >= from and at < to then
      local counts = outcomes[run.outcome or sim.option("outcome")][2]
      for index, name in ipairs(steps) do
        if counts[index] > 0 and name ~= "Filter" and name ~= "Consent" and (not step or name == step) then
          found[#found + 1] = {
            pipeline = json.pipeline, step = name, count = counts[index],
            message = json.error ~= "" and json.error or "property \"email\" is not valid", lastOccurred = sim.time(at),
          }
        end
      end
    end
  end
  local page = {}
  for index = first + 1, math.min(first + limit, #found) do page[#page + 1] = found[index] end
  return { json = { errors = array(page) } }
end

local function start_resolution(request, state, sim)
  local mode = modes[sim.option("warehouse")]
  if mode then return refused(422, mode[1], mode[2]) end
  local latest = state.resolution
  if latest and not sim.ended(latest) then
    return refused(422, "OperationAlreadyExecuting", "another operation is already executing")
  end
  state.resolution = { started = sim.now(), takes = sim.option("takes") }
  return {}
end

local function latest_resolution(request, state, sim)
  local latest = state.resolution
  if not latest then return { json = { startTime = null, endTime = null } } end
  local ended = sim.ended(latest) and sim.time(latest.started + latest.takes) or null
  return { json = { startTime = sim.time(latest.started), endTime = ended } }
end

local crm = {
  id = "CuCe7XyTy9Sh", number = 31, name = "CRM", connector = "hubspot", type = "Application", role = "Source",
}
local shop = {
  id = "DvDf8YzUz2Ti", number = 32, name = "Shop", connector = "postgresql", type = "Database", role = "Source",
}
local mailing = {
  id = "EwEg9ZaVa3Uj", number = 33, name = "Mailing", connector = "mailchimp", type = "Application",
  role = "Destination",
}
local files = {
  id = "FxFhAabWb4Vk", number = 34, name = "Files", connector = "s3", type = "FileStorage", role = "Source",
}
local website = {
  id = "GyGiBbcXc5Wm", number = 35, name = "Website", connector = "javascript", type = "SDK", role = "Source",
}

local function pipeline(connection, id, number, name, more)
  local result = { id = id, number = number, name = name, connection = connection, target = "User", enabled = true }
  for key, value in pairs(more or {}) do result[key] = value end
  return result
end

return {
  settings = { api_key = "api_test" },
  state = {
    connections = { crm, files, mailing, shop, website },
    pipelines = {
      pipeline(crm, "3mVx8QpLr2Ka", 705981339, "Import users", { period = "1h" }),
      pipeline(crm, "5nWy9RqMs3Lb", 1360924687, "Import leads", { enabled = false }),
      pipeline(shop, "7pXz2StNt4Mc", 428190553, "Import customers"),
      pipeline(mailing, "8qYa3TuPu5Nd", 1194402771, "Export users"),
      pipeline(files, "9rZb4UvQv6Pe", 862217094, "Nightly", { update_time = true }),
      pipeline(files, "AsAc5VwRw7Qf", 1733500218, "Nightly", { update_time = true }),
      pipeline(website, "BtBd6WxSx8Rg", 517729460, "Collect events", { target = "Event" }),
    },
  },
  -- outcome: succeeded, partial, withheld, empty, failed; server: current, v0.39, v0.16; key: restricted, unrestricted;
  -- organization: enabled, disabled; warehouse: normal, inspection, maintenance; refuse: the first start is answered
  -- with this status: 429, 503, 500
  runs = {
    { target = "3mVx8QpLr2Ka", options = { takes = 20 }, files = 0 },
    { target = "3mVx8QpLr2Ka", options = { outcome = "failed" }, ends = "failed" },
  },
  options = {
    takes = 3, outcome = "succeeded", server = "current", key = "restricted", organization = "enabled",
    warehouse = "normal", refuse = 0,
  },
  routes = {
    ["POST /v1/pipelines/{id}/runs"] = pipeline_route(start, { only = "later" }),
    ["POST /v1/pipelines/{id}/exec"] = pipeline_route(start, { only = "v0.16" }),
    ["GET /v1/pipelines/runs"] = route(list_runs, { only = "later" }),
    ["GET /v1/pipelines/executions"] = route(list_runs, { only = "v0.16" }),
    ["GET /v1/pipelines/runs/{id}"] = route(get_run, { only = "later" }),
    ["GET /v1/pipelines/executions/{id}"] = route(get_run, { only = "v0.16" }),
    ["PUT /v1/pipelines/{id}/status"] = pipeline_route(set_status),
    ["PUT /v1/pipelines/{id}/schedule"] = pipeline_route(set_schedule),
    ["DELETE /v1/pipelines/{id}"] = pipeline_route(delete),
    ["GET /v1/pipelines/errors/{from}/{to}"] = route(list_errors),
    ["GET /v1/connections"] = route(list_connections),
    ["POST /v1/identity-resolution/start"] = route(start_resolution, { bare = true }),
    ["GET /v1/identity-resolution/latest"] = route(latest_resolution),
  },
}
