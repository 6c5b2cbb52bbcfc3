-- Says of every run that it goes on.
local function answer(request, state, sim)
  return { json = { id = "r1", state = "running" } }
end

return {
  settings = {},
  state = {},
  options = {},
  routes = { ["POST /runs/{target}"] = answer, ["GET /runs/{run}"] = answer },
}
