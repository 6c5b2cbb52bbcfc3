-- Exports the profiles of an Altcraft database or segment to files and downloads them.
--
-- Settings: url (origin of the platform), token (secret).
--
--   $ agent run altcraft 1
--   succeeded  profiles 1343  1_database_export.csv
--   $ agent run altcraft:segment 7 --param filter='{"occupation":"doctor"}'

-- Both words occur in the vendor's examples; no other word is documented.
local done = { completed = true, success = true }

local function classify(response)
  local task = response.json.data or {}
  local result = task.result or {}
  local files = #(result.urls or {})
  if not task.status then return { state = "other", reason = "no status" } end
  if done[task.status] then
    if files > 0 or result.total == 0 then return { state = "succeeded" } end
    return { state = "failed", reason = task.status .. ", but the answer has no link to a file" }
  end
  if task.progress == 100 and files > 0 then
    local warning = "status word not known: " .. task.status .. "; taken as done: progress is 100, files are there"
    return { state = "succeeded", warnings = { warning } }
  end
  return { state = "running" }
end

local function artifacts(response, ctx)
  local result = response.json.data.result or {}
  local links = {}
  for index, link in ipairs(result.urls or {}) do
    -- Paths start at the origin; the vendor's examples show them with and without the leading slash.
    local rooted = link:find("^/") or link:find("^%a[%w+.-]*://")
    links[index] = { url = rooted and link or "/" .. link }
  end
  if #links == 1 and ctx.params.format == "csv" then links[1].records = result.total end
  return links
end

-- The operation for one kind of source: "database" or "segment".
local function export(kind)
  return {
    target = { type = "integer", help = "Id of the " .. kind },
    params = {
      format = { type = "string", default = "csv", help = "file_format of the export" },
      filter = { type = "json", help = 'custom_request: only such profiles, e.g. {"occupation":"doctor"}' },
    },
    targets = {
      request = { "POST /" .. kind .. "s/list/", json = { limit = 1000 } },
      pages = { token = "json.next_from_id", as = "from_id" },
      each = "json.data[*]", id = "id", name = "name",
    },

    -- 2. endpoint paths
    trigger = {
      request = {
        "POST /profiles/get_all",
        json = {
          source_type = kind, source_id = "{target}",
          file_format = "{params.format}", custom_request = "{params.filter?}",
        },
      },
      remote = { task = "json.data.task_id" },
    },

    -- 3. status mapping
    poll = {
      request = { "POST /tasks/status", json = { task_id = "{remote.task}" } },
      classify = classify,
      progress = { percent = "json.data.progress", message = "json.data.status" },
      warnings = "json.data.result.errors",
      result = { profiles = "json.data.result.total" },
    },
    download = { artifacts = artifacts },
  }
end

---@type agent.Plugin
return {
  api = 1,
  name = "altcraft",
  version = "1.0.0",
  summary = "Export the profiles of an Altcraft database or segment",
  homepage = "https://guides.altcraft.com/en/developer-guide/profiles/3115796",

  settings = {
    url = { type = "url", default = "https://ru.altkraft.com", help = "Origin of the platform" },
    token = { type = "secret", required = true, help = "API token, from Settings > Tokens" },
  },

  -- 1. auth header style
  base_url = "{settings.url}/api/v1.1",
  auth = { type = "bearer", secret = "token" },
  -- Errors come inside HTTP 200.
  errors = {
    code = "json.error", message = "json.error_text",
    codes = { [0] = false, [401] = "auth", [402] = "quota", [403] = "forbidden", ["*"] = "invalid" },
  },
  check = { "POST /databases/list/", json = { limit = 1 } },

  operations = { database = export("database"), segment = export("segment") },
  default = "database",
}
