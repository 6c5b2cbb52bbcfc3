-- Exports the profiles of an Altcraft database or segment to files and downloads them.
--   $ agent run altcraft segment/Doctors --param filter='{"occupation":"doctor"}'

-- Both words occur in the vendor's examples; no other word is documented.
local done = { completed = true, success = true }

-- A call of the API. Answers are JSON unless the body asks for another format.
local function call(ctx, path, body)
  if ctx.settings.format == "json" then return { path, json = body } end
  body.format = "xml"
  return { path, xml = { xml = body } }
end

-- A list. In XML one element alone is no list, and none is an empty text.
local function list(value)
  if type(value) == "table" and (#value > 0 or next(value) == nil) then return value end
  return value and value ~= "" and { value } or {}
end

local function classify(response, ctx)
  local task, bad, state, reason = (response.json or response.xml).data or {}, {}, "running", nil
  local word, percent, result = task.status, tonumber(task.progress), task.result or {}
  local files, total, warnings = #list(result.urls), tonumber(result.total), list(result.errors)
  for _, each in ipairs(ctx.settings.failure_words or {}) do bad[each] = true end
  if not word then
    state, reason = "other", "no status"
  elseif bad[word] then
    state, reason = "failed", word
  elseif done[word] then
    state = (files > 0 or total == 0) and "succeeded" or "failed"
    if state == "failed" then reason = word .. ", but the answer has no link to a file" end
  elseif percent == 100 and files > 0 then
    state = "succeeded"
    warnings[#warnings + 1] = "status word not known: " .. word .. "; taken as done: progress is 100, files are there"
  end
  local progress = { percent = percent, message = word }
  return { state = state, reason = reason, warnings = warnings, progress = progress, result = { profiles = total } }
end

local function artifacts(response, ctx)
  local links = {}
  for index, link in ipairs(list(((response.json or response.xml).data.result or {}).urls)) do
    -- Paths start at the origin; the vendor's examples show them with and without the leading slash.
    local rooted = link:find("^/") or link:find("^%a[%w+.-]*://")
    links[index] = { url = rooted and link or "/" .. link, format = ctx.params.format == "csv" and "csv" or nil }
  end
  return links
end

-- The operation for one kind of source: "database" or "segment".
local function export(kind)
  return {
    summary = "Export the profiles of a " .. kind, target = { type = "integer", help = "Id or name of the " .. kind },
    params = {
      format = { type = "string", default = "csv", help = "file_format of the export" },
      filter = { type = "json", help = 'custom_request: only such profiles, e.g. {"occupation":"doctor"}' },
    },
    resolve = { list = "targets" },
    targets = function(ctx)
      local found, page = {}, {}
      repeat
        local got = ctx.request(call(ctx, "POST /" .. kind .. "s/list/", { limit = 1000, from_id = page.next_from_id }))
        page = got.json or got.xml
        for _, each in ipairs(list(page.data)) do found[#found + 1] = { id = each.id, name = each.name } end
      until #list(page.data) == 0 or not page.next_from_id
      return found
    end,
    -- 2. endpoint paths
    trigger = {
      request = function(ctx)
        local body = { source_type = kind, source_id = ctx.target, file_format = ctx.params.format }
        body.custom_request = ctx.params.filter
        return call(ctx, "POST /profiles/get_all", body)
      end,
      remote = { task = "json.data.task_id | xml.data.task_id" },
    },
    -- 3. status mapping
    poll = {
      classify = classify,
      request = function(ctx) return call(ctx, "POST /tasks/status", { task_id = ctx.remote.task }) end,
    },
    download = { artifacts = artifacts, records = "json.data.result.total | xml.data.result.total" },
  }
end

---@type agent.Plugin
return {
  api = 1, name = "altcraft", version = "1.2.0", summary = "Export the profiles of an Altcraft database or segment",
  homepage = "https://guides.altcraft.com/en/developer-guide/profiles/3115796",
  settings = {
    url = { type = "url", default = "https://ru.altkraft.com", help = "Origin of the platform" },
    token = { type = "secret", required = true, help = "API token, from Settings > Tokens" },
    format = { type = "enum", values = { "json", "xml" }, default = "json", help = "Of requests and answers" },
    token_in = { type = "enum", values = { "header", "body" }, default = "header", help = "Where the token goes" },
    failure_words = { type = "list", help = "Status words of a task that failed; none is documented" },
  },
  -- 1. auth header style
  base_url = "{settings.url}/api/v1.1",
  headers = { Accept = { by = "settings.format", json = "application/json", xml = "application/xml" } },
  auth = {
    by = "settings.token_in",
    header = { type = "bearer", secret = "token" },
    body = { -- the requests for files have none
      by = "settings.format",
      json = { type = "json", field = "token", secret = "token", otherwise = { type = "bearer", secret = "token" } },
      xml = { type = "xml", field = "token", secret = "token", otherwise = { type = "bearer", secret = "token" } },
    },
  },
  -- Errors come inside HTTP 200.
  errors = {
    code = "json.error | xml.error", message = "json.error_text | xml.error_text",
    codes = { [0] = false, [401] = "auth", [402] = "quota", [403] = "forbidden", ["*"] = "invalid" },
  },
  check = {
    { request = function(ctx) return call(ctx, "POST /databases/list/", { limit = 1 }) end, may = "list databases" },
    { request = function(ctx) return call(ctx, "POST /segments/list/", { limit = 1 }) end, may = "list segments" },
  },
  operations = { database = export("database"), segment = export("segment") }, default = "database",
}
