-- Jobs started under a key of the caller: the same start again gives the same job.
return {
  api = 1, name = "keyed", version = "1.0.0", summary = "Run a keyed job",
  settings = { url = { type = "url", required = true }, token = { type = "secret", required = true } },
  base_url = "{settings.url}",
  auth = { type = "bearer", secret = "token" },
  target = { help = "Any object" },
  trigger = {
    request = { "POST /jobs", headers = { ["Idempotency-Key"] = "{run.key}" }, json = { object = "{target}" } },
    repeated = "same", remote = { id = "json.id" },
  },
  poll = {
    request = "GET /jobs/{remote.id}", status = "json.state",
    states = { InProgress = "running", Done = "succeeded", Failed = "failed" },
  },
}
