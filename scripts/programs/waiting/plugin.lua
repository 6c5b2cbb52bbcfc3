-- A service whose runs take long: for scripts/bench.
return {
  api = 1,
  name = "waiting",
  version = "1.0.0",
  summary = "Wait for a run that takes long",
  settings = { url = { type = "url", required = true, help = "Origin of the service" } },
  base_url = "{settings.url}",
  target = { help = "Anything" },
  limits = { concurrent = 64 },
  trigger = { request = "POST /runs/{target}", remote = { id = "json.id" } },
  poll = {
    request = "GET /runs/{remote.id}",
    every = "30s",
    status = "json.state",
    states = { running = "running", done = "succeeded" },
  },
}
