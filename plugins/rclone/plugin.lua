-- Copies or syncs files from one place to another through a running `rclone rcd`.
-- Settings: url, user, password (secret).
--   $ agent run rclone s3:exports/2026 --param to=/srv/exports
--   succeeded  job 2  files 2  bytes 20000027
--   $ agent run rclone:sync s3:exports/2026 --param to=/srv/exports

local function classify(response, ctx)
  local job = response.json
  -- Jobs are counted from 1 again when rclone restarts; the group is ours alone.
  if job.group and job.group ~= ctx.remote.group then
    return { state = "gone", reason = "job " .. ctx.remote.job .. " is another job now: rclone was restarted" }
  end
  if job.finished == false then return { state = "running" } end
  if job.finished ~= true then return { state = "other", reason = "no answer to whether the job has finished" } end
  if job.success then return { state = "succeeded" } end
  if job.error == "context canceled" then return { state = "cancelled", reason = "the job was stopped" } end
  return { state = "failed", reason = job.error }
end

-- rclone forgets a job a minute after its end, and then answers 500.
local forgotten = { code = "json.error", codes = { ["job not found"] = "not_found" } }

local function remotes(ctx)
  local list = {}
  for index, name in ipairs(ctx.request("POST /config/listremotes").json.remotes or {}) do
    list[index] = { id = name .. ":" }
  end
  return list
end

-- The jobs of ours that rclone remembers.
local function jobs(ctx)
  local list = {}
  for _, id in ipairs(ctx.request("POST /job/list").json.jobids or {}) do
    local job = ctx.request { "POST /job/status", json = { jobid = id }, expect = { 500 } }
    if job.status == 200 and job.json.group:find("^agent%-") then list[#list + 1] = job.json end
  end
  return list
end

-- A lost start has a group of its own. What a job copies rclone does not tell: nil, for --if-running.
local function find(ctx, intent)
  local found = {}
  for _, job in ipairs(intent.sent_at and jobs(ctx) or {}) do
    local remote, status = { job = job.id, group = job.group }, job.finished and "succeeded" or "running"
    if job.group == ctx.remote.group then found[#found + 1] = { remote = remote, status = status, certain = true } end
  end
  return intent.sent_at and found or nil
end

-- The operation for one command: "copy" or "sync".
local function transfer(command)
  return {
    target = { help = "Source: remote:path, or a path on rclone's machine" },
    targets = remotes, find = find,
    params = {
      to = { type = "string", required = true, help = "Destination: remote:path, or a path on rclone's machine" },
    },

    -- 2. endpoint paths
    trigger = {
      client_id = { group = "agent-{run.key}" },
      request = {
        "POST /sync/" .. command,
        json = { srcFs = "{target}", dstFs = "{params.to}", _async = true, _group = "{remote.group}" },
      },
      remote = { job = "json.jobid" },
    },

    -- 3. status mapping
    poll = {
      request = { "POST /job/status", json = { jobid = "{remote.job}" } },
      max_gap = "30s",
      errors = forgotten,
      classify = classify,
      ended = {
        request = { "POST /core/stats", json = { group = "{remote.group}" } },
        result = {
          files = "json.transfers", bytes = "json.bytes", checks = "json.checks",
          deletes = "json.deletes", errors = "json.errors",
        },
      },
    },
    cancel = { request = { "POST /job/stop", json = { jobid = "{remote.job}" } }, errors = forgotten },
  }
end

---@type agent.Plugin
return {
  api = 1,
  name = "rclone",
  version = "1.1.0",
  summary = "Copy or sync files with rclone",
  homepage = "https://rclone.org/rc/",

  settings = {
    url = { type = "url", required = true, help = "Origin of the remote control" },
    user = { type = "string", required = true, help = "What --rc-user says" },
    password = { type = "secret", required = true, help = "What --rc-pass says" },
  },

  -- 1. auth header style
  base_url = "{settings.url}",
  auth = { type = "basic", user = "{settings.user}", secret = "password" },
  errors = { message = "json.error" },
  check = {
    { "POST /rc/noopauth", may = "use the remote control" },
    { "POST /core/version", may = "ask for the version", result = { version = "json.version" } },
  },

  operations = { copy = transfer("copy"), sync = transfer("sync") }, default = "copy",

  actions = {
    jobs = {
      summary = "List the jobs that rclone remembers, with the group that tells whose they are", target = false,
      steps = function(ctx) return { result = agent.json.array(jobs(ctx)) } end,
    },
  },
}
