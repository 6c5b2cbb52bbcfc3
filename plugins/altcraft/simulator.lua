-- Stands in for an Altcraft platform with the databases 1 and 2 and the segment 7.
--
-- Made up here, as the vendor's documents do not say: status words before the end, texts of errors, columns of the
-- file, names of further files, how a failed task shows, and the answer to a download without a token.

local array = agent.json.array

local function ok(data)
  return { status = 200, json = { data = data, error = 0, error_text = "Successful operation" } }
end

-- Errors come inside HTTP 200.
local function refused(code, text)
  return { status = 200, json = { error = code, error_text = text } }
end

-- What is wrong with a call of the API, or nil.
local function problem(request, sim)
  local body = request.json
  if not (request.headers["content-type"] or ""):find("application/json", 1, true) or type(body) ~= "table" then
    return refused(400, "Incorrect request")
  end
  if not sim.bearer(request, sim.settings.token) and body.token ~= sim.settings.token then
    return refused(401, "Token required")
  end
  return nil
end

local function create(request, state, sim)
  local no = problem(request, sim)
  if no then return no end
  local outcome = sim.option("outcome")
  if outcome == "quota" then return refused(402, "Tariff limit reached") end
  if outcome == "forbidden" then return refused(403, "No permission") end
  local body = request.json
  local sources = state[body.source_type]
  if not sources or math.type(body.source_id) ~= "integer" or not sources[tostring(body.source_id)] then
    return refused(400, "Incorrect request")
  end
  local filter = body.custom_request
  if filter ~= nil and type(filter) ~= "table" then return refused(400, "Incorrect request") end
  local run = sim.start {
    id = "task_" .. sim.id(), target = body.source_type .. "/" .. body.source_id, takes = sim.option("takes"),
    type = body.source_type, source_id = body.source_id, format = body.file_format or "csv", file = sim.id(),
  }
  state.files[run.file] = run.id
  return ok { task_id = run.id }
end

local function name(run, number)
  local base = ("%d_%s_export"):format(run.source_id, run.type)
  return base .. (number > 1 and "_" .. number or "") .. "." .. run.format
end

-- A link as the vendor's examples show it; "bare" has no leading slash, "absolute" is a whole URL.
local function link(request, run, number, sim)
  local path = "api/download/data/" .. run.file .. "/" .. name(run, number)
  local form = sim.option("links")
  if form == "bare" then return path end
  if form == "absolute" then return "http://" .. request.headers.host .. "/" .. path end
  return "/" .. path
end

local function status(request, state, sim)
  local no = problem(request, sim)
  if no then return no end
  local run = sim.run(type(request.json.task_id) == "string" and request.json.task_id or "")
  if not run then return refused(400, "Incorrect request") end
  if not sim.ended(run) then
    return ok { status = sim.option("running"), progress = math.floor(sim.fraction(run) * 100) }
  end
  local outcome = sim.option("outcome")
  if outcome == "failed" then return refused(500, "Export failed") end
  local urls = {}
  for number = 1, sim.option("files") do urls[number] = link(request, run, number, sim) end
  return ok {
    status = outcome == "unknown_word" and "finished" or sim.option("done"),
    progress = 100,
    result = {
      errors = array(outcome == "warnings" and { "profile 17: email is not valid" } or {}),
      source_id = run.source_id, total = sim.option("profiles"), type = run.type, urls = array(urls),
    },
  }
end

-- The part of the profiles that is in file `number` of `files`.
local function content(run, number, files, total)
  local first, last = (number - 1) * total // files + 1, number * total // files
  local lines = {}
  if run.format == "json" then
    for id = first, last do lines[#lines + 1] = ('{"id":%d,"email":"user%d@example.com"}'):format(id, id) end
    return "[" .. table.concat(lines, ",") .. "]"
  end
  for id = first, last do lines[#lines + 1] = ("%d,user%d@example.com\n"):format(id, id) end
  return "id,email\n" .. table.concat(lines)
end

local function download(request, state, sim)
  if not sim.bearer(request, sim.settings.token) then
    return { status = 401, json = { error = 401, error_text = "Token required" } }
  end
  local run = sim.run(state.files[request.file] or "")
  if not run or not sim.ended(run) then return { status = 404 } end
  local files = sim.option("files")
  for number = 1, files do
    if request.name == name(run, number) then
      return {
        status = 200,
        headers = { ["Content-Type"] = run.format == "json" and "application/json" or "text/csv; charset=utf-8" },
        body = content(run, number, files, sim.option("profiles")),
      }
    end
  end
  return { status = 404 }
end

-- Pages from `from_id` on, until a page is empty.
local function list(kind)
  return function(request, state, sim)
    local no = problem(request, sim)
    if no then return no end
    local from, limit = request.json.from_id or 1, request.json.limit or 1000
    local sources, ids, data = state[kind], {}, {}
    for id in pairs(sources) do ids[#ids + 1] = tonumber(id) end
    table.sort(ids)
    for _, id in ipairs(ids) do
      if id >= from and #data < limit then
        data[#data + 1] = {
          id = id, name = sources[tostring(id)], ui_tags = array {}, Groups = array { { Id = 1, Name = "Marketing" } },
        }
      end
    end
    return {
      status = 200,
      json = {
        data = array(data), next_from_id = #data > 0 and data[#data].id + 1 or from, total_count = #ids,
        error = 0, error_text = "Successful operation",
      },
    }
  end
end

return {
  settings = { token = "0123456789abcdef0123456789abcdef" },
  state = {
    files = {},
    database = { ["1"] = "Customers", ["2"] = "Newsletter" },
    segment = { ["7"] = "Doctors" },
  },
  -- outcome: succeeded, warnings, failed (an error in place of the status), unknown_word, quota, forbidden;
  -- files: how many; profiles: in all files; links: rooted, bare, absolute;
  -- running, done: the status words before and at the end
  options = {
    takes = 3, outcome = "succeeded", files = 1, profiles = 1343, links = "rooted",
    running = "in progress", done = "completed",
  },
  routes = {
    ["POST /api/v1.1/profiles/get_all"] = create,
    ["POST /api/v1.1/tasks/status"] = status,
    ["POST /api/v1.1/databases/list/"] = list("database"),
    ["POST /api/v1.1/segments/list/"] = list("segment"),
    ["GET /api/download/data/{file}/{name}"] = download,
  },
}
