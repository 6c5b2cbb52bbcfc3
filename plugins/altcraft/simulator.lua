-- Stands in for an Altcraft platform with the databases 1 to 3 and the segments 7 to 9.
--
-- Made up here, as the vendor's documents do not say: status words before the end, texts of errors, columns of the
-- file, names of further files, how a failed task shows, XML of lists, and the answer to a download without a token.

local array = agent.json.array

-- An answer in the format that the body of the request asks for.
local function reply(body, value)
  if body.format ~= "xml" then return { json = value } end
  local headers = { ["Content-Type"] = "application/xml; charset=utf-8" }
  return { headers = headers, body = agent.xml.encode { xml = value } }
end

local function ok(body, data, further)
  local value = { data = data, error = 0, error_text = "Successful operation" }
  for name, each in pairs(further or {}) do value[name] = each end
  return reply(body, value)
end

-- Errors come inside HTTP 200.
local function refused(body, code, text)
  return reply(body, { error = code, error_text = text })
end

-- The fields of a body in either format; nil if it is neither.
local function fields(request)
  local kind, body = request.headers["content-type"] or "", nil
  if kind:find("application/json", 1, true) then
    body = request.json
  elseif kind:find("application/xml", 1, true) then
    body = agent.xml.decode(request.body or "")
  end
  return type(body) == "table" and body or nil
end

-- A call of the API: checks body and token before the handler sees the fields.
local function api(handler)
  return function(request, state, sim)
    local body = fields(request)
    if not body or body.format and body.format ~= "json" and body.format ~= "xml" then
      return refused({}, 400, "Incorrect request")
    end
    local place, token = sim.option("token_in"), sim.settings.token
    local known = place ~= "body" and sim.bearer(request, token) or place ~= "header" and body.token == token
    if not known then return refused(body, 401, "Token required") end
    return handler(body, state, sim, request)
  end
end

-- A whole number: in XML every value is a text.
local function integer(value)
  return math.tointeger(tonumber(value))
end

local function create(body, state, sim)
  local outcome = sim.option("outcome")
  if outcome == "quota" then return refused(body, 402, "Tariff limit reached") end
  if outcome == "forbidden" then return refused(body, 403, "No permission") end
  local sources, id = state[body.source_type], integer(body.source_id)
  if not sources or not id or not sources[tostring(id)] then return refused(body, 400, "Incorrect request") end
  local filter = body.custom_request
  if filter ~= nil and type(filter) ~= "table" then return refused(body, 400, "Incorrect request") end
  local run = sim.start {
    id = "task_" .. sim.id(), target = body.source_type .. "/" .. id, takes = sim.option("takes"),
    type = body.source_type, source_id = id, format = body.file_format or "csv", file = sim.id(),
  }
  state.files[run.file] = run.id
  return ok(body, { task_id = run.id })
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

local function status(body, state, sim, request)
  local run = sim.run(type(body.task_id) == "string" and body.task_id or "")
  if not run then return refused(body, 400, "Incorrect request") end
  local outcome, percent = sim.option("outcome"), math.floor(sim.fraction(run) * 100)
  if outcome == "failure_word" and percent >= 50 then
    return ok(body, { status = sim.option("failure_word"), progress = 50 })
  end
  if not sim.ended(run) then return ok(body, { status = sim.option("running"), progress = percent }) end
  if outcome == "failed" then return refused(body, 500, "Export failed") end
  local urls, errors = {}, outcome == "warnings" and { "profile 17: email is not valid" } or {}
  for number = 1, sim.option("files") do urls[number] = link(request, run, number, sim) end
  local xml = body.format == "xml"
  return ok(body, {
    status = outcome == "unknown_word" and "finished" or sim.option("done"),
    progress = 100,
    result = {
      -- In XML an empty list is an empty element, and a list of one a single element.
      errors = xml and #errors == 0 and "" or array(errors), source_id = run.source_id,
      total = sim.option("profiles") + (outcome == "too_few" and 1 or 0), type = run.type, urls = array(urls),
    },
  })
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

-- Takes the token in the header only.
local function download(request, state, sim)
  if not sim.bearer(request, sim.settings.token) then
    return { status = 401, json = { error = 401, error_text = "Token required" } }
  end
  if request.body and request.body ~= "" then return { status = 400 } end
  local run = sim.run(state.files[request.file] or "")
  if not run or not sim.ended(run) then return { status = 404 } end
  local files = sim.option("files")
  for number = 1, files do
    if request.name == name(run, number) then
      return {
        headers = { ["Content-Type"] = run.format == "json" and "application/json" or "text/csv; charset=utf-8" },
        body = content(run, number, files, sim.option("profiles")),
      }
    end
  end
  return { status = 404 }
end

-- Pages from `from_id` on, until a page is empty.
local function list(kind)
  return api(function(body, state, sim)
    local from, limit = integer(body.from_id or 1), integer(body.limit or 1000)
    if not from or not limit or limit < 1 then return refused(body, 400, "Incorrect request") end
    limit = math.min(limit, sim.option("page"))
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
    local following = #data > 0 and data[#data].id + 1 or from
    return ok(body, array(data), { next_from_id = following, total_count = #ids })
  end)
end

return {
  settings = { token = "0123456789abcdef0123456789abcdef" },
  state = {
    files = {},
    database = { ["1"] = "Customers", ["2"] = "Newsletter", ["3"] = "Leads" },
    segment = { ["7"] = "Doctors", ["8"] = "Nurses", ["9"] = "nurses" },
  },
  -- outcome: succeeded, warnings, failed (an error in place of the status), failure_word, unknown_word, too_few (less
  -- in the files than the total says), quota, forbidden; files: how many; profiles: in all files;
  -- links: rooted, bare, absolute; running, done: the status words before and at the end;
  -- failure_word: the word of that outcome; token_in: any, header, body; page: elements of a list at most
  runs = {
    { operation = "database", target = "1", options = { files = 2 }, files = 2 },
    {
      operation = "segment", target = "7", options = { outcome = "failure_word", takes = 50 },
      settings = { failure_words = { "aborted" } }, ends = "failed",
    },
  },
  options = {
    takes = 3, outcome = "succeeded", files = 1, profiles = 1343, links = "rooted",
    running = "in progress", done = "completed", failure_word = "aborted", token_in = "any", page = 2,
  },
  routes = {
    ["POST /api/v1.1/profiles/get_all"] = api(create),
    ["POST /api/v1.1/tasks/status"] = api(status),
    ["POST /api/v1.1/databases/list/"] = list("database"),
    ["POST /api/v1.1/segments/list/"] = list("segment"),
    ["GET /api/download/data/{file}/{name}"] = download,
  },
}
