-- The same start again gives the same job.
return {
  settings = { token = "keyed-token-77d1e0" },
  runs = {
    { target = "Account", options = { takes = 20 }, files = 0 },
    { target = "Account", options = { outcome = "Failed" }, ends = "failed" },
  },
  options = { takes = 3, outcome = "Done" },
  routes = {
    ["POST /jobs"] = function(request, state, sim)
      if not sim.bearer(request, sim.settings.token) then return { status = 401 } end
      local key = request.headers["idempotency-key"]
      local run = state.runs["job-" .. key] or sim.start { id = "job-" .. key, target = request.json.object }
      return { status = 201, json = { id = run.id } }
    end,
    ["GET /jobs/{id}"] = function(request, state, sim)
      if not sim.bearer(request, sim.settings.token) then return { status = 401 } end
      local run = sim.run(request.id)
      if not run then return { status = 404 } end
      return { json = { state = sim.ended(run) and sim.option("outcome") or "InProgress" } }
    end,
  },
}
