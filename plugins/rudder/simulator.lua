-- Stands in for a Rudder server of version 9.1, below /rudder or at the root.
--
-- Paths, statuses, envelopes and most texts are those of Rudder's code and its tests. Made up here: names and ids, the
-- page of a 401, the text of a 403, what campaigns and archives hold, and how a plugin that is not installed answers.

local array, null = agent.json.array, agent.json.null

local served = { ["21"] = true, ["22"] = true, ["23"] = true }
local latest = "23"

local function envelope(action, id, data)
  return { status = 200, json = { action = action, id = id, result = "success", data = data } }
end

-- Nearly every error is a 500.
local function refused(action, text, status, id)
  return { status = status or 500, json = { action = action, id = id, result = "error", errorDetails = text } }
end

local function html(status, text)
  return {
    status = status, headers = { ["Content-Type"] = "text/html;charset=utf-8" },
    body = ("<html><head><title>%d</title></head><body><h2>%s</h2></body></html>"):format(status, text),
  }
end

local function copy(value)
  return agent.json.decode(agent.json.encode(value))
end

-- Campaigns and their events -----------------------------------------------------------------------------------------

local function campaign_list(state)
  local list = {}
  for _, campaign in pairs(state.campaigns) do list[#list + 1] = campaign end
  table.sort(list, function(a, b) return a.info.id < b.info.id end)
  return array(list)
end

local outcomes = {
  skipped = { value = "skipped", reason = "The campaign was disabled" },
  deleted = { value = "deleted", reason = "deleted by a user" },
  failure = { value = "failure", cause = "Pre-hook error", message = "hook 10-check exited with 1" },
}

-- The state of an event at this time: it waits, runs its hooks around the campaign, and ends.
local function state_of(event, sim)
  if event.written then return event.written end
  local run = event.run
  local elapsed, outcome = sim.elapsed(run), sim.option("outcome")
  local old = tostring(sim.option("server")) == "8.2"
  if outcome == "strange" and elapsed >= run.wait then return { value = "paused" } end
  if elapsed < run.wait then return { value = "scheduled" } end
  if sim.ended(run) then
    if outcomes[outcome] and not (old and outcome ~= "skipped") then return outcomes[outcome] end
    return { value = "finished" }
  end
  local part = (elapsed - run.wait) / math.max(run.takes - run.wait, 0.001)
  if old then return { value = "running" } end
  if part < 0.2 then return { value = "pre-hooks", hookResults = { results = array {} } } end
  if part < 0.8 then return { value = "running" } end
  return { value = "post-hooks", nextState = { value = "finished" }, hookResults = { results = array {} } }
end

local function event_json(event, sim)
  return {
    id = event.id, campaignId = event.campaignId, name = event.name,
    [sim.option("state_key")] = state_of(event, sim),
    start = sim.time(event.start), ["end"] = sim.time(event["end"]), campaignType = event.campaignType,
  }
end

local function schedule(request, state, sim, id)
  local campaign = state.campaigns[id]
  if not campaign then
    return refused("scheduleCampaign", ("Campaign with id '%s' was not found"):format(id), 500, id)
  end
  local key = sim.option("schedule_key")
  if campaign.info.status.value ~= "enabled" then
    return envelope("scheduleCampaign", id, { [key] = array { null } })
  end
  if tostring(sim.option("server")) == "8.2" then
    for other, event in pairs(state.events) do
      if event.campaignId == id and state_of(event, sim).value == "scheduled" then state.events[other] = nil end
    end
  end
  local wait, number = sim.option("wait"), 1
  for _, event in pairs(state.events) do number = number + (event.campaignId == id and 1 or 0) end
  local run = sim.start { target = id, wait = wait, takes = wait + sim.option("takes") }
  local event = {
    id = run.id, campaignId = id, name = ("%s #%d"):format(campaign.info.name, number), run = run,
    campaignType = campaign.campaignType, start = sim.now() + wait, ["end"] = sim.now() + wait + 3600,
  }
  state.events[event.id] = event
  return envelope("scheduleCampaign", id, { [key] = array { event_json(event, sim) } })
end

local function event_list(action, request, state, sim, campaign)
  local query, list = request.query, {}
  for _, event in pairs(state.events) do
    local word, start = state_of(event, sim).value, sim.time(event.start)
    local wanted = campaign or query.campaignId
    if (not wanted or event.campaignId == wanted)
      and (not query.state or query.state == word)
      and (not query.campaignType or query.campaignType == event.campaignType)
      and (not query.after or start >= query.after) and (not query.before or start <= query.before) then
      list[#list + 1] = event
    end
  end
  local key = (query.order == "end" or query.order == "endDate") and "end" or "start"
  table.sort(list, function(a, b)
    if a[key] == b[key] then return a.id < b.id end
    if query.asc == "asc" then return a[key] < b[key] end
    return a[key] > b[key]
  end)
  local page, offset, limit = {}, tonumber(query.offset) or 0, tonumber(query.limit) or #list
  for number = offset + 1, math.min(offset + limit, #list) do page[#page + 1] = event_json(list[number], sim) end
  return envelope(action, nil, { campaignEvents = array(page) })
end

-- The id in the path is ignored: the one in the body counts.
local function save_event(request, state, sim, body)
  local given = body and (body.state or body.status)
  if type(given) ~= "table" or not given.value or not body.id then
    return refused("saveCampaignEvent", "Unexpected: (missing)")
  end
  local event = state.events[body.id]
  if not event then
    event = { id = body.id, campaignId = body.campaignId, name = body.name, campaignType = body.campaignType }
    event.start, event["end"] = agent.time.parse(body.start or "") or 0, agent.time.parse(body["end"] or "") or 0
    state.events[body.id] = event
  end
  event.written = given
  return envelope("saveCampaignEvent", nil, { campaignEvents = array { event_json(event, sim) } })
end

local function event_result(state, sim, event)
  local words, outcome, list = { "success", "success", "success" }, sim.option("outcome"), {}
  if outcome == "node-error" then words[2] = "error" end
  if outcome == "all-error" then words = { "error", "error", "missing" } end
  for number = 1, 3 do
    local node = state.node_order[number]
    list[number] = { nodeId = node, status = words[number], nbPackages = 7 * number, date = sim.time(sim.now()) }
  end
  return { id = event.id, nodes = array(list) }
end

local function save_campaign(request, state, sim, body)
  local info = body and body.info
  if type(info) ~= "table" or not info.name then
    return refused("saveCampaign", "Error when saving campaign: .info(missing)")
  end
  local saved = copy(body)
  if (info.id or "") == "" then saved.info.id = sim.id() end
  state.campaigns[saved.info.id] = saved
  return envelope("saveCampaign", nil, { campaigns = array { saved } })
end

local function campaigns(request, state, sim, path, body)
  local method, id = request.method, path[2]
  if id == "events" then
    local event = state.events[path[3] or ""]
    if method == "GET" and not path[3] then return event_list("getCampaignEvents", request, state, sim) end
    if method == "GET" then
      local shown = event and event_json(event, sim) or null
      return envelope("getCampaignEventDetails", path[3], { campaignEvents = array { shown } })
    end
    if method == "POST" and path[3] then return save_event(request, state, sim, body) end
    if method == "DELETE" and path[3] then
      state.events[path[3]] = nil
      return envelope("deleteCampaignEvent", path[3], path[3])
    end
  elseif path[3] == "events" and method == "GET" then
    return event_list("getCampaignEventsForModel", request, state, sim, id)
  elseif path[3] == "schedule" and method == "POST" then
    return schedule(request, state, sim, id)
  elseif not id and method == "GET" then
    return envelope("getCampaigns", nil, { campaigns = campaign_list(state) })
  elseif not id and method == "POST" then
    return save_campaign(request, state, sim, body)
  elseif id and not path[3] and method == "GET" then
    return envelope("getCampaignDetails", id, { campaigns = array { state.campaigns[id] or null } })
  elseif id and not path[3] and method == "DELETE" then
    state.campaigns[id] = nil
    return envelope("deleteCampaign", id, id)
  end
  return nil
end

local function system_update(request, state, sim, path)
  if not sim.option("plugin") or path[2] ~= "events" or request.method ~= "GET" then return nil end
  local event = state.events[path[3] or ""]
  if not event then return refused("getCampaignEventResult", "Event was not found") end
  if path[4] == "result" then
    return envelope("getCampaignEventResult", nil, { eventResult = array { event_result(state, sim, event) } })
  end
  if path[4] ~= "report" then return nil end
  local lines = { "node;status;packages" }
  for _, node in ipairs(event_result(state, sim, event).nodes) do
    lines[#lines + 1] = ("%s;%s;%d"):format(node.nodeId, node.status, node.nbPackages)
  end
  local headers = { ["Content-Type"] = "text/plain;charset=utf-8" }
  return { status = 200, headers = headers, body = table.concat(lines, "\n") .. "\n" }
end

-- Agent runs ---------------------------------------------------------------------------------------------------------

-- The server writes its buffer of 4096 bytes whole, whatever was read into it.
local function padded(text, sim)
  return sim.option("padding") and text .. ("\0"):rep(-#text % 4096) or text
end

local head = [[
Start execution with config [20261121-101502-11ce4f64]

Hostname             M| State       Technique  Component           Key  Message
%s    E| compliant   Common     ncf Initialization       Configuration library initialization was correct
%s    E| compliant   Common     Update                   Policy and configuration library are up to date
]]

local tail = [[

## Summary #####################################################################
90 components verified in 15 directives
  => 62 components in Enforce mode
      -> %d compliant
      -> 13 not-applicable
%s  => 28 components in Audit mode
      -> %d compliant
      -> 3 not-applicable
%sExecution time: 8.89s
################################################################################
]]

local function output(node, kind, classes)
  local begin = head:format(node.hostname, node.hostname)
  if classes then begin = begin .. "info: classes " .. classes .. "\n" end
  local wrong = "Error occurred when contacting internal remote-run API to apply classes on Node '" .. node.id .. "': "
  if kind == "refused" then return wrong .. "(HTTP code 404)" end
  if kind == "old" then return (wrong .. "(HTTP code 500)"):gsub("occurred", "occured") end
  if kind == "timeout" then return wrong .. "request timed out after 30 s" end
  if kind == "broken" then return begin .. "Error when trying to contact internal remote-run API: Read timed out" end
  if kind == "cut" then return begin end
  local errors = kind == "error" and "      -> 1 error\n" or ""
  local odd = kind == "non-compliant" and "      -> 10 non-compliant\n" or ""
  return begin .. tail:format(errors == "" and 49 or 48, errors, odd == "" and 25 or 15, odd)
end

local function no_agent(node)
  return ("Node with id '%s' has an agent type (dsc) which doesn't support remote run"):format(node.id)
end

local function apply_policy(request, state, sim, node, id)
  if not node then return refused("applyPolicy", ("Node with id '%s' was not found"):format(id)) end
  if node.agent == "dsc" then return refused("applyPolicy", no_agent(node)) end
  local classes = request.query.classes or request.form and request.form.classes
  if not classes and request.json then classes = table.concat(request.json.classes or {}, ",") end
  local kind = sim.option("agent")
  local text = kind == "silent" and "" or padded(output(node, kind, classes), sim)
  return { status = 200, headers = { ["Content-Type"] = "text/plain;charset=utf-8" }, body = text }
end

local function apply_all(state, sim)
  local list = {}
  for _, node in ipairs(state.node_order) do
    node = state.stores.nodes[node]
    local result = "Started"
    if sim.option("agent") == "refused" then
      local address = "https://127.0.0.1/rudder/relay-api/remote-run/nodes/" .. node.id
      result = ("Can not connect to local remote run API (POST:%s)"):format(address)
    elseif node.agent == "dsc" then
      result = no_agent(node)
    end
    if not (node.agent == "dsc" and sim.option("agent") == "ok") then
      list[#list + 1] = { id = node.id, hostname = node.hostname, result = result }
    end
  end
  return envelope("applyPolicyAllNodes", nil, array(list))
end

-- Archives -----------------------------------------------------------------------------------------------------------

local function crc32(text)
  local crc = 0xFFFFFFFF
  for index = 1, #text do
    crc = crc ~ text:byte(index)
    for _ = 1, 8 do crc = crc & 1 == 1 and (crc >> 1) ~ 0xEDB88320 or crc >> 1 end
  end
  return crc ~ 0xFFFFFFFF
end

local function little(value, bytes)
  local list = {}
  for index = 1, bytes do list[index] = string.char(value >> (index - 1) * 8 & 0xFF) end
  return table.concat(list)
end

-- A ZIP with one entry that is stored as it is.
local function zip(name, text)
  local size, crc = little(#text, 4), little(crc32(text), 4)
  local common = little(20, 2) .. little(0, 2) .. little(0, 2) .. little(0, 2) .. little(0x21, 2) .. crc .. size .. size
    .. little(#name, 2) .. little(0, 2)
  local entry = "PK\3\4" .. common .. name .. text
  local index = "PK\1\2" .. little(20, 2) .. common .. little(0, 2) .. little(0, 2) .. little(0, 2) .. little(0, 4)
    .. little(0, 4) .. name
  return entry .. index .. "PK\5\6" .. little(0, 4) .. little(1, 2) .. little(1, 2) .. little(#index, 4)
    .. little(#entry, 4) .. little(0, 2)
end

local function export(request, sim)
  local lines = {}
  for _, kind in ipairs { "rules", "directives", "techniques", "groups" } do
    local ids = request.query[kind]
    if ids then
      -- A "+" that is not written as %2B arrives as a space, and is no revision.
      if ids:find(" ", 1, true) then lines.broken = true end
      lines[#lines + 1] = kind .. ": " .. ids
    end
  end
  lines[#lines + 1] = "include: " .. (request.query.include or "all")
  local body = zip("rudder-archive/content.txt", table.concat(lines, "\n") .. "\n")
  -- An error while the archive is built is only logged: the answer is 200, and is cut.
  if lines.broken or sim.option("archive") == "empty" then body = "" end
  if sim.option("archive") == "cut" then body = body:sub(1, -23) end
  return {
    status = 200, body = body,
    headers = {
      ["Content-Type"] = "application/octet-stream",
      ["Content-Disposition"] = 'attachment; filename="rudder-archive.zip"',
    },
  }
end

local function import(request)
  local type = request.headers["content-type"] or ""
  if not type:find("^multipart/form%-data") or not request.body:find('name="archive"', 1, true) then
    return refused("import", "Unexpected: Missing uploaded file with parameter name 'archive'")
  end
  if not request.body:find("PK\5\6", 1, true) then return refused("import", "SystemError: the archive is no ZIP") end
  local merge = request.body:match('name="merge"\r\n\r\n([^\r\n]*)') or "override-all"
  if not ({ ["override-all"] = true, ["keep-rule-targets"] = true, ["ignore-source-targets"] = true })[merge] then
    return refused("import", "Unexpected: merge algorithm is not known: " .. merge)
  end
  return envelope("import", nil, { archiveImported = true })
end

-- Rules, directives, groups, nodes, parameters, techniques -----------------------------------------------------------

local kinds = {
  rules = { "Rule", "displayName" }, directives = { "Directive", "displayName" }, groups = { "Group", "displayName" },
  nodes = { "Node", "hostname" }, parameters = { "Parameter", "id" }, techniques = { "Technique", "name" },
}

local actions = { GET = "%sDetails", POST = "update%s", DELETE = "delete%s" }

-- The fields of a change: a JSON body if there is one, else the form and the query. JSON counts with its type only.
local function fields_of(request, body)
  if body then return body end
  local fields = {}
  for name, value in pairs(request.query) do fields[name] = value end
  for name, value in pairs(request.form or {}) do fields[name] = value end
  fields.prettify, fields.reason, fields.changeRequestName, fields.changeRequestDescription = nil, nil, nil, nil
  for name, value in pairs(fields) do
    if value == "true" or value == "false" then fields[name] = value == "true" end
  end
  return fields
end

local function truth(value)
  return value == nil or type(value) == "boolean"
end

local function change(action, store, kind, id, fields, sim)
  if not truth(fields.enabled) then return refused(action, ".enabled(expected 'true' or 'false')") end
  local item = id and store[id] or { id = fields.id or sim.id(), enabled = kind == "rules" and true or nil }
  for name, value in pairs(copy(fields)) do if name ~= "id" then item[name] = value end end
  if kind == "techniques" then
    item.version = item.version or "1.0"
    store[(fields.id or item.id) .. "/" .. item.version] = item
  else
    store[item.id] = item
  end
  return envelope(action, item.id, { [kind] = array { item } })
end

local function create_nodes(state, body, sim)
  local list = type(body) == "table" and body or {}
  if #list == 0 then return refused("createNodes", "Unexpected: (expected a list of nodes)") end
  local created, failed = {}, {}
  for _, node in ipairs(list) do
    if node.id and node.hostname then
      state.stores.nodes[node.id] = { id = node.id, hostname = node.hostname, status = "accepted" }
      state.node_order[#state.node_order + 1] = node.id
      created[#created + 1] = node.id
    else
      failed[#failed + 1] = node.id or "a node without id"
    end
  end
  return envelope("createNodes", nil, { created = array(created), failed = array(failed) })
end

local function items(request, state, sim, path, body)
  local kind, method = path[1], request.method
  local word, name, store = kinds[kind][1], kinds[kind][2], state.stores[kind]
  if not path[2] and method == "GET" then
    local list = {}
    for _, item in pairs(store) do
      local shown = copy(item)
      if kind == "nodes" and request.query.include == "minimal" then
        shown = { id = item.id, hostname = item.hostname, status = item.status }
      end
      list[#list + 1] = shown
    end
    table.sort(list, function(a, b) return tostring(a[name]) < tostring(b[name]) end)
    local action = kind == "nodes" and "listAcceptedNodes" or "list" .. word .. "s"
    return envelope(action, nil, { [kind] = array(list) })
  end
  local fields = fields_of(request, body)
  if not path[2] and method == "PUT" then
    if kind == "nodes" then return create_nodes(state, body, sim) end
    local action = "create" .. word
    if not fields[name] then return refused(action, ("Bad parameters for request: '%s' is mandatory"):format(name)) end
    return change(action, store, kind, nil, fields, sim)
  end
  local id, rest = path[2], path[3]
  if kind == "techniques" then id, rest = path[3] and path[2] .. "/" .. path[3] or path[2], path[4] end
  if not id or rest or not actions[method] then return nil end
  local action = actions[method]:format(method == "GET" and word:lower() or word)
  local item = store[id]
  if not item then
    local text = "Inconsistency: %s with id '%s' was not found"
    if kind == "parameters" then text = "Inconsistency: Could not find %s %s" end
    return refused(action, text:format(word, id))
  end
  if method == "POST" then return change(action, store, kind, id, fields, sim) end
  if method == "DELETE" then store[id] = nil end
  return envelope(action, id, { [kind] = array { item } })
end

local function reload_group(request, state, sim, id)
  -- No server is known that takes POST alone; the documents show POST.
  if request.method ~= sim.option("reload_by") then return nil end
  local group = state.stores.groups[id]
  if not group then return refused("reloadGroup", ("Inconsistency: Group with id '%s' was not found"):format(id)) end
  if not group.dynamic then return refused("reloadGroup", "Group is not a dynamic group") end
  return envelope("reloadGroup", id, { groups = array { group } })
end

-- The server ---------------------------------------------------------------------------------------------------------

local function info()
  return envelope("apiGeneralInformations", nil, {
    documentation = "https://docs.rudder.io/api/",
    availableVersions = {
      latest = 23,
      all = array {
        { version = 21, status = "deprecated" }, { version = 22, status = "maintained" },
        { version = 23, status = "maintained" },
      },
    },
    endpoints = array { { listRules = "List all rules with their information", GET = "[21,22,23] /rules" } },
  })
end

local starts = {
  ["system/update/policies"] = { "updatePolicies", { policies = "Started" } },
  ["system/regenerate/policies"] = { "regeneratePolicies", { policies = "Started" } },
  ["system/reload/techniques"] = { "reloadTechniques", { techniques = "Started" } },
  ["system/reload/groups"] = { "reloadGroups", { groups = "Started" } },
  ["system/reload"] = { "reloadAll", { groups = "Started", techniques = "Started" } },
}

-- The answer of an endpoint, or nil where there is none.
local function endpoint(request, state, sim, path, body)
  local whole = table.concat(path, "/")
  if whole == "info" and request.method == "GET" then return info() end
  if starts[whole] and request.method == "POST" then
    if sim.option("outcome") == "failure" then return refused(starts[whole][1], "Could not reload: disk full") end
    return envelope(starts[whole][1], nil, starts[whole][2])
  end
  if whole == "archives/export" and request.method == "GET" then return export(request, sim) end
  if whole == "archives/import" and request.method == "POST" then return import(request) end
  if whole == "nodes/applyPolicy" and request.method == "POST" then return apply_all(state, sim) end
  if path[1] == "nodes" and path[3] == "applyPolicy" and request.method == "POST" then
    return apply_policy(request, state, sim, state.stores.nodes[path[2]], path[2])
  end
  if path[1] == "groups" and path[3] == "reload" then return reload_group(request, state, sim, path[2]) end
  if path[1] == "campaigns" then return campaigns(request, state, sim, path, body) end
  if path[1] == "systemUpdate" then return system_update(request, state, sim, path) end
  if kinds[path[1]] then return items(request, state, sim, path, body) end
  return nil
end

-- The version comes from the path or from a header that can be read; where both are, they must agree.
local function version_problem(in_path, in_header, request, path)
  local known = (in_header == "latest" or served[in_header or ""]) and (in_header == "latest" and latest or in_header)
  local own = in_path == "latest" and latest or in_path
  if own and known and own ~= known then
    local text = "Bad request: Request is requiring version '%s' but the available endpoints only provide version '%s'"
    return refused("unknow", text:format(known, own))
  end
  if own or known then return nil end
  local text = "Bad request: Request is missing a version but the version is required for '%s api/%s'. "
    .. "Available versions: '21','22','23'"
  return refused("unknow", text:format(request.method, table.concat(path, "/")))
end

local function answer(request, state, sim)
  local route = request.path:gsub("^/rudder", "", 1)
  if route:find("^/index") then return html(200, "Rudder") end
  if route:sub(-1) == "/" then return { status = 302, headers = { Location = "/rudder/index" } } end
  local path = {}
  for part in route:gmatch("[^/]+") do path[#path + 1] = agent.url.decode(part) end
  if table.remove(path, 1) ~= "api" then return html(404, "Not found") end
  if request.headers["x-api-token"] ~= sim.settings.token then return html(401, "Unauthorized") end
  local in_path
  if path[1] == "latest" or (path[1] or ""):find("^%d") then in_path = table.remove(path, 1) end
  if in_path and in_path ~= "latest" and not served[in_path] then return html(404, "Not found") end
  local trouble = sim.option("trouble")
  if trouble == "down" then return html(503, "Service Unavailable") end
  if trouble == "crash" then return html(500, "java.lang.NullPointerException") end
  local body
  if (request.headers["content-type"] or ""):find("^application/json") then body = request.json end
  local problem = version_problem(in_path, request.headers["x-api-version"], request, path)
  if problem then return problem end
  if request.method ~= "GET" then
    if trouble == "read-only" then return refused("", "You are not authorized to access that API", 403) end
    if trouble == "reason" and not request.query.reason then
      return refused("unknown", "Reason field is mandatory and should be at least 5 characters long")
    end
  end
  return endpoint(request, state, sim, path, body) or html(404, "Not found")
end

return {
  settings = { token = "0123456789abcdefghijklmnopqrstuv" },
  state = {
    events = {},
    campaigns = {
      ["c0ffee00-0000-4000-8000-000000000001"] = {
        info = {
          id = "c0ffee00-0000-4000-8000-000000000001", name = "Monthly update", description = "",
          status = { value = "enabled" },
          schedule = { type = "monthly", position = "first", start = { day = 1, hour = 3, minute = 42 } },
        },
        campaignType = "system-update", version = 1, details = {},
      },
      ["c0ffee00-0000-4000-8000-000000000002"] = {
        info = {
          id = "c0ffee00-0000-4000-8000-000000000002", name = "Retired", description = "",
          status = { value = "disabled", reason = "no longer used" },
          schedule = { type = "one-shot", start = "2026-01-01T00:00:00Z", ["end"] = "2026-01-01T04:00:00Z" },
        },
        campaignType = "system-update", version = 1, details = {},
      },
    },
    node_order = {
      "root", "b81d08e8-03f8-46b7-9399-9bea54e41ec7", "378740d3-c4a9-4474-8485-478e7e52db52",
      "0b5a4e5c-6f4b-4c9e-9d4e-8f6f2b8f7a11",
    },
    stores = {
      nodes = {
        root = { id = "root", hostname = "server.rudder.local", status = "accepted" },
        ["b81d08e8-03f8-46b7-9399-9bea54e41ec7"] = {
          id = "b81d08e8-03f8-46b7-9399-9bea54e41ec7", hostname = "node1.example.com", status = "accepted",
          lastRunDate = "2026-11-21T09:10:00Z",
        },
        ["378740d3-c4a9-4474-8485-478e7e52db52"] = {
          id = "378740d3-c4a9-4474-8485-478e7e52db52", hostname = "node2.example.com", status = "accepted",
        },
        ["0b5a4e5c-6f4b-4c9e-9d4e-8f6f2b8f7a11"] = {
          id = "0b5a4e5c-6f4b-4c9e-9d4e-8f6f2b8f7a11", hostname = "windows.example.com", status = "accepted",
          agent = "dsc",
        },
      },
      rules = {
        ["0c1713ae-cb9d-4f7b-abda-ca38c5d643ea"] = {
          id = "0c1713ae-cb9d-4f7b-abda-ca38c5d643ea", displayName = "Security policy", enabled = true,
          directives = array { "16d86a56-93ef-49aa-86b7-0d10102e4ea9" }, targets = array { "special:all" },
        },
        ["ff44fb97-b65e-43c4-b8c2-000000000000"] = {
          id = "ff44fb97-b65e-43c4-b8c2-000000000000", displayName = "Twin", enabled = true,
        },
        ["ff44fb97-b65e-43c4-b8c2-0df8d5e8549f"] = {
          id = "ff44fb97-b65e-43c4-b8c2-0df8d5e8549f", displayName = "Twin", enabled = true,
        },
      },
      directives = {
        ["16d86a56-93ef-49aa-86b7-0d10102e4ea9"] = {
          id = "16d86a56-93ef-49aa-86b7-0d10102e4ea9", displayName = "Clock", techniqueName = "clockConfiguration",
          techniqueVersion = "3.0", enabled = true,
        },
      },
      groups = {
        ["0000f5d3-8c61-4d20-88a7-bb947705ba8a"] = {
          id = "0000f5d3-8c61-4d20-88a7-bb947705ba8a", displayName = "Real nodes", dynamic = true, enabled = true,
          nodeIds = array { "b81d08e8-03f8-46b7-9399-9bea54e41ec7", "378740d3-c4a9-4474-8485-478e7e52db52" },
        },
        ["1111f5d3-8c61-4d20-88a7-bb947705ba8a"] = {
          id = "1111f5d3-8c61-4d20-88a7-bb947705ba8a", displayName = "Fixed group", dynamic = false, enabled = true,
          nodeIds = array {},
        },
      },
      parameters = { stringParam = { id = "stringParam", value = "some string", description = "a string" } },
      techniques = {
        ["clockConfiguration/3.0"] = { id = "clockConfiguration", name = "Clock", version = "3.0" },
      },
    },
  },
  -- takes: seconds an event runs, after it waited `wait` seconds; outcome: finished, node-error, all-error, skipped,
  -- deleted, failure (of reloads too), strange; server: 9.1 or 8.2 (fewer states, and a second schedule replaces);
  -- plugin: whether "System update" is installed; schedule_key, state_key: the spellings of code or documents;
  -- agent: ok, error, non-compliant, cut, broken, timeout, refused, old, silent, mixed; padding: whether the output is
  -- filled up with zero bytes; archive: whole, cut, empty;
  -- reload_by: GET or POST; trouble: none, read-only, reason (one is wanted), crash, down
  runs = {
    { operation = "campaign", target = "c0ffee00-0000-4000-8000-000000000001" },
    {
      operation = "campaign", target = "c0ffee00-0000-4000-8000-000000000001",
      options = { outcome = "failure" }, ends = "failed",
    },
  },
  options = {
    takes = 3, wait = 1, outcome = "finished", server = "9.1", plugin = true, schedule_key = "campaigns",
    state_key = "state", agent = "ok", padding = false, archive = "whole", reload_by = "GET", trouble = "none",
  },
  routes = { ["* *"] = answer },
}
