-- Stands in for the RudderStack Profiles API.
--
-- Bodies that RudderStack does not document (401, 403, 404, 409, 500 and the refusal of parameters) are made up here.
-- The list of sources is a call of the vendor's own client, not of the page of the Profiles API.

local flags = { ["--model_refs"] = true, ["--begin_time"] = true, ["--end_time"] = true }

local function refused(status, message)
  return { status = status, json = { error = message } }
end

-- What is wrong with the body of a start, or nil.
local function problem(request)
  if request.body == nil or request.body == "" then return nil end
  if not (request.headers["content-type"] or ""):find("application/json", 1, true) then
    return "Content-Type must be application/json"
  end
  local body = request.json
  if type(body) ~= "table" or type(body.parameters) ~= "table" then return "parameters must be an array" end
  for _, parameter in ipairs(body.parameters) do
    if type(parameter) ~= "string" then return "parameters must be strings" end
    local flag, value = parameter:match("^(%-%-[%w_]+) (.+)$")
    if parameter ~= "--rebase_incremental" and not (value and flags[flag]) then
      return "parameter not allowed: " .. parameter
    end
  end
  return nil
end

local function start(request, state, sim)
  if not sim.bearer(request, sim.settings.token) then return refused(401, "Unauthorized") end
  local outcome = sim.option("outcome")
  if outcome == "not_enabled" then return refused(403, "Feature is not enabled for your account") end
  if request.project == "unknown" then return refused(500, "Internal Server Error") end
  if outcome == "flag_off" then return refused(403, "Flag is not enabled for your account") end
  local message = problem(request)
  if message then return refused(400, message) end
  if outcome == "already_running" or sim.running(request.project) then
    return refused(409, "Profiles project is already running for the specified source ID")
  end
  local run = sim.start { target = request.project, takes = sim.option("takes") }
  local code = sim.option("start_status")
  return { status = code, json = code ~= 204 and { runId = run.id } or nil }
end

local function status(request, state, sim)
  if not sim.bearer(request, sim.settings.token) then return refused(401, "Unauthorized") end
  if request.body and request.body ~= "" then return refused(400, "a GET has no body") end
  local run = sim.run(request.run)
  if not run or run.target ~= request.project then return refused(404, "run not found") end
  local outcome, ended = sim.option("outcome"), sim.ended(run)
  local started = sim.time(run.started)
  local finished = ended and sim.time(run.started + run.takes) or nil
  local word, message = sim.option("running"), nil
  if ended then
    word = outcome == "failed" and "failed" or "finished"
    if outcome == "failed" or outcome == "finished_with_error" then message = "wht: exit status 1" end
  end
  if sim.option("spelling") == "snake" then
    return {
      status = 200,
      json = {
        id = run.id, job_id = run.target, status = word, error = message,
        started_at = started, finished_at = finished,
        tasks = { { task_id = "wht", task_run_id = run.id, started_at = started, finished_at = finished } },
      },
    }
  end
  return {
    status = 200,
    json = {
      jobId = run.target, jobRunId = run.id, status = word, error = message,
      startedAt = started, finishedAt = finished,
      tasks = { { taskId = "wht", taskRunId = run.id, startedAt = started, finishedAt = finished } },
    },
  }
end

-- In pages of two; the link to the next has the `/v2`.
local function sources(request, state, sim)
  if not sim.bearer(request, sim.settings.token) then return refused(401, "Unauthorized") end
  local page, names, list = math.tointeger(tonumber(request.query.page or 1)) or 1, { "shop", "app", "site" }, {}
  for number = 2 * page - 1, math.min(2 * page, #names) do
    list[#list + 1] = { id = "source" .. number, name = names[number], type = "webhook", enabled = true }
  end
  local following = 2 * page < #names and "/v2/sources?page=" .. page + 1 or nil
  return { json = { sources = agent.json.array(list), paging = { total = #names, next = following } } }
end

return {
  settings = { token = "test-token", region = "us" },
  state = {},
  -- outcome: succeeded, failed, finished_with_error, already_running, not_enabled, flag_off; spelling: camel, snake;
  -- running: the word before the end; start_status: 200, 201, 204 and so on
  runs = {
    { target = "prj_1", options = { takes = 25 }, files = 0 },
    { target = "prj_1", options = { outcome = "failed" }, ends = "failed" },
  },
  options = { takes = 3, outcome = "succeeded", spelling = "camel", running = "running", start_status = 200 },
  routes = {
    ["POST /v2/sources/{project}/start"] = start,
    ["GET /v2/sources/{project}/runs/{run}/status"] = status,
    ["GET /v2/sources"] = sources,
  },
}
