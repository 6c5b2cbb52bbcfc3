-- Bulk jobs: a script that creates, fills, closes and watches a job, then fetches its pages.
return {
  api = 1, name = "bulk", version = "1.0.0", summary = "Run a bulk job",
  settings = { url = { type = "url", required = true }, token = { type = "secret", required = true } },
  base_url = "{settings.url}",
  auth = { type = "bearer", secret = "token" },
  target = { help = "Any object" },
  run = function(ctx)
    local job = ctx.trigger {
      "POST /jobs", json = { key = "agent-" .. ctx.run.key, object = ctx.target }, remote = { id = "json.id" },
      client_id = { key = "agent-{run.key}" }, repeated = "refused", errors = { [409] = "duplicate" },
    }
    ctx.request { "PUT /jobs/{remote.key}/parts/1", json = { rows = 3 }, repeatable = true }
    ctx.sleep("2s")
    ctx.request { "POST /jobs/{remote.key}/close", repeatable = true }
    local done = ctx.poll {
      request = "GET /jobs/{remote.key}", status = "json.state",
      states = { Open = "queued", InProgress = "running", Done = "succeeded", Failed = "failed" },
    }
    local page = 1
    repeat
      local file = ctx.download { "GET /jobs/{remote.key}/pages/" .. page, name = ("part-%d.csv"):format(page) }
      page = page + 1
    until file.headers["x-last-page"] == "true"
    return { result = { pages = page - 1, rows = done.json.rows } }
  end,
}
