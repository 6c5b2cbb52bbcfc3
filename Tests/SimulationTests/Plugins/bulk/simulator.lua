-- Jobs have the caller's key; a second one with the same key is refused.
local function job(state, request, sim)
  if not sim.bearer(request, sim.settings.token) then return nil, { status = 401 } end
  local found = state.runs[request.key]
  return found, not found and { status = 404 } or nil
end

return {
  settings = { token = "bulk-token-5f2c9a" },
  runs = {
    { target = "Account", files = 2 },
    { target = "Account", options = { outcome = "Failed", takes = 30 }, ends = "failed" },
  },
  options = { takes = 3, outcome = "Done" },
  routes = {
    ["POST /jobs"] = function(request, state, sim)
      if not sim.bearer(request, sim.settings.token) then return { status = 401 } end
      local key = request.json.key
      if state.runs[key] then return { status = 409, json = { error = "a job has this key" } } end
      sim.start { id = key, target = request.json.object }
      return { status = 201, json = { id = key } }
    end,
    ["PUT /jobs/{key}/parts/{part}"] = function(request, state, sim)
      local found, refusal = job(state, request, sim)
      if found then found.filled = true end
      return refusal or { status = 204 }
    end,
    ["POST /jobs/{key}/close"] = function(request, state, sim)
      local found, refusal = job(state, request, sim)
      if found and not found.filled then return { status = 400 } end
      if found then found.closed = found.closed or sim.now() end
      return refusal or { status = 204 }
    end,
    ["GET /jobs/{key}"] = function(request, state, sim)
      local found, refusal = job(state, request, sim)
      if refusal then return refusal end
      local ended = found.closed and sim.now() - found.closed >= sim.option("takes")
      local word = ended and sim.option("outcome") or found.closed and "InProgress" or "Open"
      return { json = { state = word, rows = 3 } }
    end,
    ["GET /jobs/{key}/pages/{page}"] = function(request, state, sim)
      local _, refusal = job(state, request, sim)
      local last = request.page == "2"
      return refusal or { body = "page " .. request.page .. "\n", headers = { ["X-Last-Page"] = tostring(last) } }
    end,
  },
}
