-- Runs campaigns, agents and policy updates of Rudder (Normation), exports archives, and edits what Rudder manages.

-- Parameters that Rudder reads from the query only, never from a body.
local function general(own)
  own.reason, own.prettify = { help = "Why; Rudder can be set to want one" }, { type = "boolean", help = "Indents" }
  own.changeRequestName = { help = "Name of the change request, where changes are validated" }
  own.changeRequestDescription = { help = "Description of the change request" }
  return own
end
local agents = general { classes = { type = "list", help = "Classes to run with, such as force_inventory" } }
local reads = general { fields = { type = "json", rest = true, help = "Further fields" } }
local writes = general { fields = reads.fields, data = { type = "json", help = "All fields" },
  send = { type = "enum", values = { "json", "form", "query" }, default = "json", help = "How fields are sent" } }

-- A request with general parameters in its query, but `data` and further fields where `send` says.
local function call(line, timeout)
  return function(ctx)
    local send, request = ctx.params.send or "query", { line, query = {}, timeout = timeout }
    request[send] = ctx.params.data or {}
    for name, text in pairs(ctx.params.fields or {}) do
      local value = agent.json.decode(tostring(text)) -- a number with a dot stays a text: versions have one
      local is_text = send ~= "json" or value == nil or math.type(value) == "float"
      request[send][name] = is_text and text or value
    end
    for name in pairs(agents) do request.query[name] = ctx.params[name] end
    return request
  end
end

-- What stands for a name in a list; and a step on one element, whose name may be given in place of its id.
local names = { rules = "displayName", directives = "displayName", groups = "displayName", nodes = "hostname" }
local function on(list, step)
  step.target = { help = "Name or id, as in: agent call rudder list-" .. list }
  if list == "parameters" or list == "techniques" then return step end
  local request, each = "GET /" .. list .. (list == "nodes" and "?include=minimal" or ""), "json." .. list .. "[*]"
  local id, name = names[list] and "id" or "info.id", names[list] or "info.name"
  step.targets, step.resolve = { request = request, each = each, id = id, name = name }, { list = "targets" }
  return step
end

local states = { scheduled = "queued", ["pre-hooks"] = "running", running = "running", ["post-hooks"] = "running",
  finished = "succeeded", skipped = "cancelled", deleted = "cancelled", failure = "failed" }
-- Rudder's code and documents differ: `campaigns` or `campaignEvents`, `state` or `status`. Null is no event.
local function event_of(response)
  local event = (response.json.campaignEvents or response.json.campaigns)[1]
  if event ~= agent.json.null then return event, event and (event.state or event.status) end
end
local function scheduled(response)
  local event = event_of(response)
  if event then return { remote = { event = event.id or agent.json.null } } end
  return nil, "invalid", "Rudder scheduled nothing: a campaign must be enabled and have a date to come"
end
-- Some nodes that did not do well are warnings; all of them are a failure.
local function sum(nodes, key, well, name)
  local left = {}
  for _, node in ipairs(nodes) do
    if node[key] ~= well then left[#left + 1] = ("%s: %s"):format(node[name], node[key]) end
  end
  local seen = { warnings = left, result = { nodes = #nodes, [well] = #nodes - #left } }
  if #left == #nodes then seen.state, seen.reason = "failed", ("0 of %d nodes: %s"):format(#nodes, well) end
  return seen
end

local function look(ctx)
  local event, state = event_of(ctx.request("GET /campaigns/events/{remote.event}"))
  if not event then return { state = "gone", reason = "Rudder does not know the event" } end
  local word, why = state.value, state.reason or state.message or state.cause or state.value
  local message = word == "scheduled" and "scheduled for " .. (event.start or "later") or word
  local seen = { state = states[word] or "other", reason = why, progress = { message = message } }
  if word ~= "finished" then return seen end
  -- That says nothing of the nodes. Rudder's plugin for system updates does, where it is installed.
  local path, file = "GET /systemUpdate/events/{remote.event}/", "event-" .. event.id
  local known, nodes = pcall(ctx.pages, path .. "result", { each = "json.eventResult[*].nodes[*]" })
  if not known and nodes.kind:find("^una") then error(nodes) end -- unavailable, unanswered: this look did not count
  local told = known and nodes[1] and nodes[1].status
  if not told then return { state = "succeeded", warnings = { "how its nodes did is not known" } } end
  seen = sum(nodes, "status", "success", "nodeId") seen.state = seen.state or "succeeded"
  seen.artifacts = { { path .. "result", name = file .. "-result.json", optional = true },
    { path .. "report", name = file .. "-report.csv", optional = true } }
  return seen
end
-- An event has the time it is set for, not the time it was made: which one a lost start made cannot be told.
local function find(ctx, intent)
  local found, answer = {}, ctx.request("GET /campaigns/{target}/events?order=start&asc=desc&limit=50")
  for index, each in ipairs(answer.json.campaignEvents) do
    local state, start = states[(each.state or each.status).value] or "other", not intent.sent_at and each.start
    found[index] = { remote = { event = each.id }, status = state, started_at = start or nil }
  end
  return found
end
-- Writes the event back as skipped, unless it has ended.
local cancel = { steps = function(ctx)
  local event, state = event_of(ctx.request("GET /campaigns/events/{remote.event}"))
  if not event or states[state.value] ~= "queued" and states[state.value] ~= "running" then return end
  event[event.state and "state" or "status"] = { value = "skipped", reason = ctx.params.reason or "cancelled by agent" }
  ctx.request { "POST /campaigns/events/{remote.event}", query = ctx.params, json = event }
end }

-- The output of an agent. The server fills it up with zero bytes, and writes its own errors into it.
local function ran(response, ctx)
  local text, counts, file = response.body:gsub("\0", ""), {}, "node-" .. ctx.target .. ".txt"
  local run = { state = "succeeded", result = counts, artifacts = { { text = text, name = file } } }
  local lost = text:match("Error occurr?ed when contacting[^\n]*") or text:match("Error when trying to contact[^\n]*")
  local began = not lost or lost:find("timed out") or text:find(lost, 1, true) > 1
  local summary = text:match("## Summary.*Execution time") or ""
  for count, word in summary:gmatch("%-> (%d+) (%S+)") do counts[word] = (counts[word] or 0) + tonumber(count) end
  if counts.error then
    run.state, run.reason = "failed", "components in error: " .. counts.error
  elseif counts["non-compliant"] then
    run.warnings = { "components that are not compliant: " .. counts["non-compliant"] }
  elseif summary == "" and not began then
    run.state, run.reason = "failed", lost
  elseif summary == "" then
    run.warnings = { "whether the run ended well is not known: " .. (lost or "the output has no summary") }
  end
  return run
end

local function asked(response) return sum(response.json, "result", "Started", "hostname") end
local function begun(response) return { result = assert(response.json) } end
local function done(response) return { state = "succeeded", result = assert(response.json) } end
local ids, kinds = { help = "Ids with commas between them, or all" }, "rules,directives,techniques,groups"
local function export(ctx)
  for kind in (ctx.target == "all" and kinds or ctx.target):gmatch("[^,]+") do
    if not ("," .. kinds .. ","):find("," .. kind .. ",", 1, true) then ctx.fail("invalid", "there are no " .. kind) end
    ctx.params[kind] = ctx.params[kind] or "all"
  end
  ctx.download { "GET /archives/export", query = ctx.params, timeout = "10m", format = "zip" }
end

local function operation(summary, line, started, params)
  local timeout, ends = params == agents and "1h" or "5m", { on = { "succeeded", "failed" } }
  local trigger = { request = call(line, timeout), started = started, live = started == ran }
  return { summary = summary, target = false, params = params or general {}, trigger = trigger, download = ends }
end
local runs = {
  campaign = on("campaigns", operation("Run a campaign", "POST /campaigns/{target}/schedule", scheduled)),
  node = on("nodes", operation("Run the agent of a node", "POST /nodes/{target}/applyPolicy", ran, agents)),
  nodes = operation("Ask all agents to run", "POST /nodes/applyPolicy", asked, agents),
  policies = operation("Update or regenerate policies", "POST /system/{target}/policies", begun),
  groups = operation("Reload the dynamic groups", "POST /system/reload/groups", begun),
  techniques = operation("Reload the techniques", "POST /system/reload/techniques", done),
  archive = { summary = "Export an archive", target = { help = "all, or a list of " .. kinds }, run = export,
    params = general { rules = ids, directives = ids, techniques = ids, groups = ids, include = { help = "Scope" } } },
}
runs.policies.target = { type = "enum", values = { "update", "regenerate" } }
runs.campaign.poll, runs.campaign.find, runs.campaign.cancel = { look = look, max = "1m" }, find, cancel
local actions = {
  info = { summary = "Show the versions of the API", target = false, request = "GET /info" },
  ["campaign-events"] = on("campaigns", {
    summary = "List the events of a campaign", request = "GET /campaigns/{target}/events?limit=100",
    pages = { each = "json.campaignEvents[*]", offset = "offset" } }),
  ["reload-group"] = on("groups", { summary = "Find a group's nodes anew", params = general {}, steps = function(ctx)
    local answer = ctx.request { "GET /groups/{target}/reload", query = ctx.params, expect = { 404, 405 } }
    if answer.status ~= 200 then answer = ctx.request { "POST /groups/{target}/reload", query = ctx.params } end
    return { result = answer.json.groups[1] }
  end }),
  ["import-archive"] = { summary = "Import a ZIP archive", target = false, params = general {
    file = { type = "file", required = true, help = "The archive" }, merge = { help = "Such as keep-rule-targets" } },
    request = function(ctx)
      local parts = { archive = { file = ctx.params.file, type = "application/zip" }, merge = ctx.params.merge }
      return { "POST /archives/import", query = call("")(ctx).query, multipart = parts }
    end },
}
local lines = { list = "GET /%s", create = "PUT /%s",
  get = "GET /%s/{+target}", update = "POST /%s/{+target}", delete = "DELETE /%s/{+target}" }
for _, list in ipairs { "rules", "directives", "groups", "nodes", "parameters", "techniques", "campaigns" } do
  for verb, line in pairs(lines) do
    local one, write = line:find("target", 1, true), verb == "create" or verb == "update"
    local step = { summary = verb .. " " .. list, target = false, params = write and writes or reads,
      request = call(line:format(list)), result = "json." .. list .. (verb == "list" and "" or "[1] | json"),
      confirm = verb == "delete" }
    actions[verb .. "-" .. (verb == "list" and list or list:sub(1, -2))] = one and on(list, step) or step
  end
end
actions["create-campaign"].request, actions["update-campaign"] = call("POST /campaigns"), nil -- does both

---@type agent.Plugin
return {
  api = 1, name = "rudder", version = "1.1.0", homepage = "https://docs.rudder.io/api/",
  summary = "Run campaigns, agents and policy updates of Rudder",
  settings = {
    url = { type = "url", required = true, help = "Address that ends in /rudder" },
    token = { type = "secret", required = true, help = "API token" },
    api_version = { default = "latest", help = "A whole number, or latest" },
    version_in = { type = "enum", values = { "path", "header" }, default = "path", help = "Where the version is sent" },
  },
  base_url = { by = "settings.version_in", header = "{settings.url}/api",
    path = "{settings.url}/api/{settings.api_version}" },
  headers = { ["X-API-Version"] = { by = "settings.version_in", header = "{settings.api_version}" } },
  auth = { type = "header", name = "X-API-Token", secret = "token" }, unwrap = "json.data",
  -- Nearly every error is a 500. With Rudder's envelope nothing was done, without it nobody knows.
  errors = { message = "json.errorDetails", function(response)
    return response.status == 500 and response.json.result == "error" and "invalid" or nil
  end },
  check = { { "GET /info", may = "use the API", result = { latest = "json.availableVersions.latest" } },
    { "GET /nodes/root?include=minimal", may = "read nodes" }, { "GET /campaigns", may = "read campaigns" } },
  operations = runs, default = "campaign", actions = actions,
}
