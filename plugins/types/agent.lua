---@meta
-- What a plugin may write and call, for editors that know LuaLS annotations. Says the same as docs/plugins.md.

---A placeholder text: `{target}`, `{params.x}`, `{settings.x}`, `{remote.x}`, `{run.id}`, `{run.key}`.
---@alias agent.Template string

---Where something stands in an answer: `json.a.b[1].c`, `json.list[*].x`, `xml.a.b`, `header.location`, `status`, `url`,
---`body`; alternatives with `|`; `?` at its end allows it to be absent.
---@alias agent.Path string

---A text such as `250ms`, `10s`, `5m`, `2h`, `1h30m`, `PT1H`, or seconds.
---@alias agent.Duration string|number

---@alias agent.State "queued"|"running"|"succeeded"|"failed"|"cancelled"|"gone"|"other"
---@alias agent.End "succeeded"|"failed"|"cancelled"

---@alias agent.ErrorClass
---| "auth" # credentials refused
---| "forbidden" # not allowed
---| "not_found" # no such target, or run
---| "invalid" # the request is wrong
---| "quota" # a limit of the account
---| "already_running" # the target runs already
---| "duplicate" # our own earlier start
---| "busy" # nothing started: try again
---| "rate_limited" # nothing started: try again later
---| "unavailable" # cannot answer at present
---| "unreadable" # an answer that is not what it claims to be
---| "gone" # the provider no longer knows the run

---@class agent.Plugin: agent.Operation
---@field api 1 The version of the contract.
---@field name string The name of the folder.
---@field version string The plugin's own version.
---@field summary string One line.
---@field homepage? string Address of the provider's documentation.
---@field settings? table<string, agent.Schema>
---@field base_url agent.Template|agent.BaseURLChoice|fun(settings: table<string, any>): string
---@field hosts? (agent.Template|agent.Host)[] Further hosts that requests may go to.
---@field auth? false|agent.Auth|agent.Login|agent.ClientCredentials|agent.AuthChoice
---@field headers? table<string, agent.Template|agent.HeaderChoice> Headers of every request the plugin makes.
---@field unwrap? agent.Path What stands there is `json` in answers with a status 2xx.
---@field limits? agent.Limits
---@field check? agent.RequestSource|agent.CheckRequest[] Harmless requests that need the credentials.
---@field actions? table<string, agent.Action> One-shot calls beside runs.
---@field operations? table<string, agent.Operation> Several kinds of run, by name.
---@field default? string The operation that needs no name.

---@class agent.Operation
---@field summary? string One line.
---@field target? false|agent.Target What is run; `false` if there is nothing to name. Must be there.
---@field params? table<string, agent.Schema>
---@field trigger? agent.Trigger
---@field poll? agent.Poll
---@field download? agent.Download
---@field run? fun(ctx: agent.ScriptContext): agent.ScriptResult? In place of trigger, poll and download.
---@field resolve? agent.ListLookup|fun(ctx: agent.LookContext): agent.Candidate?, (string|agent.Candidate)[]? Turns a name into an id.
---@field targets? agent.TargetList|fun(ctx: agent.LookContext): (string|agent.Candidate)[] What can be run.
---@field find? fun(ctx: agent.LookContext, intent: agent.Intent): agent.FoundRuns? Recent runs of the target.
---@field cancel? agent.Cancel
---@field errors? agent.Errors

---@class agent.Schema
---@field type? "string"|"integer"|"number"|"boolean"|"enum"|"url"|"duration"|"list"|"json"|"secret"|"file"
---@field required? boolean
---@field default? any
---@field values? string[] The values of an enum.
---@field min? number
---@field max? number
---@field help? string One line for the user.
---@field rest? boolean Of a parameter: takes all that no other names.

---@class agent.BaseURLChoice One template for each value of a setting; further keys are its values.
---@field by string Such as `settings.region`.
---@field [string] agent.Template

---@class agent.Host
---@field [1] agent.Template
---@field credentials? boolean Whether the credentials may go there.

---@class agent.AuthChoice One auth for each value of a setting; further keys are its values.
---@field by string Such as `settings.token_in`.
---@field [string] false|agent.Auth|agent.Login|agent.ClientCredentials|agent.AuthChoice

---@class agent.HeaderChoice One template for each value of a setting; another value leaves the header out.
---@field by string Such as `settings.version_in`.
---@field [string] agent.Template

---@class agent.Auth
---@field type "bearer"|"header"|"basic"|"query"|"json"|"form"|"xml"
---@field secret string The name of a setting of type secret.
---@field name? string Of the header, or of the query parameter.
---@field prefix? string Before the secret, in a header.
---@field user? agent.Template Of basic.
---@field field? string Of the body.
---@field otherwise? agent.Auth For requests without a body.

---@class agent.Login A token that is got by a request.
---@field type "login"
---@field request string|agent.LoginRequest
---@field token? agent.Path Where it stands in the answer; none where cookies are the token.
---@field send? agent.TokenCarrier How requests carry it; a bearer token unless said otherwise.
---@field expires? agent.Path|"jwt"|agent.Duration When it ends.
---@field expired? fun(response: agent.Response): boolean? Of a status other than 2xx: whether the token is no longer good.

---@class agent.LoginRequest: agent.Request In its body secrets may stand.
---@field auth? false|agent.Auth|agent.AuthChoice The credentials of the login itself; no further login.

---@class agent.ClientCredentials RFC 6749 section 4.4.
---@field type "oauth2_client_credentials"
---@field token_url agent.Template
---@field client_id agent.Template
---@field secret string The name of a setting of type secret.
---@field scope? agent.Template
---@field fields? table<string, agent.Template> Further fields of the form.
---@field client_in? "header"|"body" Where id and secret go.
---@field send? agent.TokenCarrier
---@field expired? fun(response: agent.Response): boolean?

---@class agent.TokenCarrier
---@field type "bearer"|"header"|"query"|"cookie"
---@field name? string Of the header, or of the query parameter.
---@field prefix? string Before the token, in a header.

---@class agent.Limits
---@field requests_per_second? number
---@field concurrent? integer Connections at once.

---@class agent.Target
---@field help? string
---@field form? string Parts with `/` between them, such as `system/profile`.
---@field type? "string"|"integer"|"enum"
---@field values? string[] The values of an enum.

---@class agent.Request
---@field [1] agent.Template Method and path, or URL: `GET /runs/{remote.id}`.
---@field query? table<string, any>|agent.Template
---@field headers? table<string, any>
---@field json? any
---@field form? table<string, any>|agent.Template
---@field xml? table<string, any> One root element; `@name` is an attribute, `#text` the text beside attributes.
---@field multipart? table<string, any|agent.FilePart>
---@field body? string
---@field timeout? agent.Duration For the whole exchange; default 60 s.
---@field auth? boolean `false` sends no credentials.
---@field expect? integer[] Statuses that are no error here.

---@class agent.FilePart
---@field file agent.Template A path that came from a parameter or setting of type file.
---@field type? agent.Template Default `application/octet-stream`.

---@alias agent.RequestSource agent.Template|agent.Request|fun(ctx: agent.Context): agent.Template|agent.Request

---@class agent.Trigger
---@field request agent.RequestSource
---@field remote? table<string, agent.Path> Ids of the answer that the run keeps.
---@field started? fun(response: agent.Response, ctx: agent.Context): agent.Started?, agent.ErrorClass?, string? In place of remote.
---@field client_id? table<string, agent.Template> Ids of ours that go with the start.
---@field repeated? "same"|"refused"|"started" What the provider does with the same start again.
---@field settle? string How long a start may take to show in what `find` lists, such as `5s`.
---@field warnings? agent.ValueSource
---@field errors? agent.Errors
---@field accepts? integer[] Further statuses that mean accepted.
---@field live? boolean The answer is a text that is shown while it comes.

---@class agent.Started
---@field remote? table<string, any>
---@field warnings? string|string[]
---@field state? agent.State
---@field reason? string
---@field progress? agent.Progress
---@field result? table<string, any>
---@field artifacts? (string|agent.File)[]

---@alias agent.ValueSource agent.Path|fun(response: agent.Response, ctx: agent.Context): any

---@class agent.Facts
---@field reason? agent.ValueSource
---@field warnings? agent.ValueSource
---@field progress? agent.ProgressSources|fun(response: agent.Response, ctx: agent.Context): agent.Progress?
---@field result? table<string, agent.ValueSource>|fun(response: agent.Response, ctx: agent.Context): table<string, any>?

---@class agent.Poll: agent.Facts
---@field request? agent.RequestSource Required, unless there is `look`.
---@field look? fun(ctx: agent.LookContext): agent.Status Looks for itself, in place of request, status and classify.
---@field instead? agent.RequestSource Sent in its place where the answer is 404 or 405.
---@field status? agent.Path Where the status word stands.
---@field states? table<string|integer, agent.State> What each word means; `["*"]` is any other.
---@field classify? fun(response: agent.Response, ctx: agent.Context): agent.Status In place of status and states.
---@field ended? agent.Ended One more request after the end.
---@field errors? agent.Errors
---@field first? agent.Duration Before the first look; default 1 s.
---@field every? agent.Duration The shortest interval; default 1 s. Alone it is a fixed one.
---@field factor? number From one interval to the next; default 1.25.
---@field max? agent.Duration The longest interval; default 30 s.
---@field floor? agent.Duration Never less; default 250 ms.
---@field max_gap? agent.Duration Never more.

---@class agent.Ended: agent.Facts
---@field request agent.RequestSource
---@field on? agent.End[]

---@class agent.Status
---@field state agent.State
---@field reason? string
---@field warnings? string|string[]
---@field progress? agent.Progress
---@field remote? table<string, any> Further ids to keep.
---@field result? table<string, any>
---@field artifacts? (string|agent.File)[]
---@field retry_after? number Seconds.

---@class agent.Progress
---@field percent? number
---@field done? number
---@field total? number
---@field unit? string
---@field message? any
---@field step? integer
---@field steps? integer
---@field remaining? number Seconds left.
---@field rate? number Units a second.

---@class agent.ProgressSources
---@field percent? agent.ValueSource
---@field done? agent.ValueSource
---@field total? agent.ValueSource
---@field unit? agent.ValueSource
---@field message? agent.ValueSource
---@field step? agent.ValueSource
---@field steps? agent.ValueSource
---@field remaining? agent.ValueSource
---@field rate? agent.ValueSource

---@class agent.Download
---@field artifacts? agent.Path|agent.FileTable|agent.NamedRequest[]|fun(response: agent.Response, ctx: agent.Context): (string|agent.File)[]?
---@field on? agent.End[] Default `{ "succeeded" }`.
---@field records? agent.ValueSource The number of records of all files together.
---@field errors? agent.Errors

---@class agent.FileTable Of each element of a list; the other paths begin at the element.
---@field each agent.Path
---@field url string
---@field name? string
---@field bytes? string
---@field sha256? string
---@field md5? string
---@field records? string
---@field format? agent.Format The word itself, no path.

---@alias agent.Format
---| "csv" # the rows are compared with `records`
---| "zip" # the archive must have its end record

---@class agent.NamedRequest: agent.Request
---@field name? agent.Template
---@field format? agent.Format
---@field optional? boolean

---@class agent.File: agent.Request A file has a `url`, a request's own keys, or a `text`.
---@field url? string A link.
---@field text? string The content itself; needs a name.
---@field name? string
---@field bytes? integer
---@field sha256? string
---@field md5? string
---@field records? integer
---@field format? agent.Format
---@field optional? boolean

---@class agent.ErrorRules Further keys are statuses: `[404] = false`.
---@field message? agent.ValueSource
---@field code? agent.Path
---@field codes? table<string|integer, agent.ErrorClass|false>
---@field [integer] agent.ErrorClass|false|agent.ErrorFunction

---@alias agent.ErrorFunction fun(response: agent.Response, ctx: agent.Context): agent.ErrorClass|agent.Refusal|false|nil, string?
---@alias agent.Errors agent.ErrorRules|agent.ErrorFunction

---@class agent.Refusal
---@field class agent.ErrorClass
---@field message? string
---@field retry_after? number Seconds.

---@class agent.Cancel
---@field request? agent.RequestSource
---@field requests? agent.RequestSource[]
---@field steps? fun(ctx: agent.LookContext) In place of request: may use every method.
---@field shows? "failed"|"gone"
---@field errors? agent.Errors

---@class agent.TargetList
---@field request agent.RequestSource
---@field each? agent.Path Here, or in pages.
---@field id string A path within an element.
---@field name? string
---@field note? string
---@field pages? agent.Pages

---@class agent.ListLookup
---@field list "targets"

---@class agent.Candidate
---@field id string|integer As a target is written.
---@field name? string
---@field note? string

---@class agent.Pages
---@field each? agent.Path The elements of a page.
---@field page? string Name of the page's number in the query.
---@field more? agent.Path Whether there is another page.
---@field token? agent.Path What the next request carries.
---@field as? string Its name there.
---@field offset? string Name of the number of elements so far, in the query.
---@field next? agent.Path A link to the next page.

---@class agent.Intent
---@field key string
---@field target? any
---@field params table<string, any>
---@field sent_at? string RFC 3339; nil for `--if-running`.

---@class agent.FoundRun
---@field remote table<string, any> Everything that poll and cancel need.
---@field status agent.State
---@field started_at? string|number When the provider took the start: RFC 3339, or seconds since 1970.
---@field certain? boolean Surely ours, by a key or an id of ours.
---@field params? table<string, any> What it was started with, by our names, all of it.

---@class agent.FoundRuns
---@field [integer] agent.FoundRun
---@field conclusive? boolean A run that is not in the list was not started.

---@class agent.Action
---@field summary? string One line.
---@field target? false|agent.Target Must be there.
---@field resolve? agent.ListLookup|fun(ctx: agent.LookContext): agent.Candidate?, (string|agent.Candidate)[]?
---@field targets? agent.TargetList|fun(ctx: agent.LookContext): (string|agent.Candidate)[]
---@field params? table<string, agent.Schema>
---@field request? agent.RequestSource
---@field pages? agent.Pages All pages; the result is the list of their elements.
---@field steps? fun(ctx: agent.LookContext): agent.ActionResult? In place of request: may use every method.
---@field result? agent.Path|table<string, agent.ValueSource>|fun(response: agent.Response, ctx: agent.Context): any
---@field artifact? agent.Template Name of the file that the result is written to.
---@field confirm? boolean Asks before it is done.
---@field errors? agent.Errors

---@class agent.ActionResult
---@field result? any
---@field warnings? string|string[]

---@class agent.CheckRequest: agent.Request
---@field request? fun(ctx: agent.Context): agent.Template|agent.Request In place of the request's own keys.
---@field may? string What the credential may do if the answer is good.
---@field result? table<string, agent.ValueSource>

---What functions get. They only compute: requests are sent by the host.
---@class agent.Context
---@field target? any The target; with a form a table of its parts, and `id`.
---@field params table<string, any>
---@field settings table<string, any> Without secrets.
---@field remote table<string, any> The provider's ids.
---@field run agent.RunNames
---@field cancel_sent boolean Whether the provider was asked to end the run.

---@class agent.RunNames
---@field id string Our id of the run.
---@field key string 32 hex digits, ours, fixed for the run.

---@class agent.Response
---@field status integer
---@field url string
---@field headers agent.Headers
---@field body string
---@field json any The decoded body; nil if it is no JSON.
---@field xml any The decoded body below its root element; nil if it is no XML.

---@class agent.Headers
---@field [string] string The first value, in any case.
local Headers = {}

---All values of a header.
---@param name string
---@return string[]
function Headers:all(name) end

---What functions get that may send requests: `look`, `resolve`, `targets`, `find`, `steps`.
---@class agent.LookContext: agent.Context
---@field state table Kept for the next call of `look`.
---@field request fun(request: agent.Template|agent.Request): agent.Response
---@field pages fun(request: agent.Template|agent.Request, pages: agent.Pages): any[]

---What a scripted operation gets. Its calls look blocking; each is journalled.
---@class agent.ScriptContext
---@field target? any
---@field params table<string, any>
---@field settings table<string, any>
---@field run agent.RunNames
local ScriptContext = {}

---@class agent.ScriptTrigger: agent.Request
---@field remote? table<string, agent.Path>
---@field client_id? table<string, agent.Template>
---@field repeated? "same"|"refused"|"started" What the provider does with the same start again.
---@field settle? string
---@field warnings? agent.Path
---@field errors? agent.ErrorRules
---@field accepts? integer[]
---@field step? string No effect yet.

---@class agent.ScriptStarted: agent.Response
---@field remote table<string, any>

---Starts the remote run.
---@param start agent.ScriptTrigger
---@return agent.ScriptStarted
function ScriptContext.trigger(start) end

---@class agent.ScriptEnd: agent.Response
---@field state "succeeded"
---@field result table<string, any>

---Watches until the remote run ended. Returns when it succeeded; any other end ends the run.
---@param poll agent.Poll
---@return agent.ScriptEnd
function ScriptContext.poll(poll) end

---@class agent.ScriptDownload: agent.Request
---@field name? string
---@field bytes? integer
---@field sha256? string
---@field md5? string
---@field records? integer
---@field format? agent.Format
---@field optional? boolean

---@class agent.ScriptFile: agent.Response
---@field name string
---@field bytes integer
---@field sha256 string

---Fetches one file; nil with `--no-download`.
---@param file agent.ScriptDownload
---@return agent.ScriptFile?
function ScriptContext.download(file) end

---@class agent.ScriptRequest: agent.Request
---@field repeatable? boolean Whether it may be sent again; GET and HEAD always may.

---Sends one request. A refusal is raised, with `kind` and `message`.
---@param request agent.ScriptRequest|agent.Template
---@return agent.Response
function ScriptContext.request(request) end

---Waits, at least 100 ms.
---@param duration agent.Duration
function ScriptContext.sleep(duration) end

---Shows progress.
---@param progress agent.Progress
function ScriptContext.progress(progress) end

---Ends the run as failed.
---@param class agent.ErrorClass|string
---@param message? string
function ScriptContext.fail(class, message) end

---@class agent.ScriptResult
---@field result? table<string, any>
---@field warnings? string|string[]
---@field state? agent.End
---@field reason? string

---The one global.
agent = { json = {}, xml = {}, base64 = {}, url = {}, time = {}, crypto = {}, log = {} }

---Null, in tables that become JSON and in decoded lists.
agent.json.null = nil

---@param value any
---@return string
function agent.json.encode(value) end

---@param text string
---@return any value, string? problem
function agent.json.decode(text) end

---Marks a table as a list, so that an empty one is written as `[]`.
---@param list? table
---@return table
function agent.json.array(list) end

---Marks a table as an object.
---@param object? table
---@return table
function agent.json.object(object) end

---One root element; `@name` is an attribute, `#text` the text beside attributes.
---@param document table
---@return string
function agent.xml.encode(document) end

---The content of the root element.
---@param text string
---@return any value, string? problem
function agent.xml.decode(text) end

---@param bytes string
---@param alphabet? "standard"|"url"
---@return string
function agent.base64.encode(bytes, alphabet) end

---@param text string
---@return string? bytes, string? problem
function agent.base64.decode(text) end

---Percent-encodes all but unreserved characters.
---@param text string
---@return string
function agent.url.encode(text) end

---@param text string
---@return string
function agent.url.decode(text) end

---`name=value` pairs, names in order; a list gives its name several times.
---@param fields table<string, string|number|boolean|table>
---@return string
function agent.url.query(fields) end

---@class agent.URLParts
---@field scheme? string
---@field user? string
---@field host? string
---@field port? integer
---@field path string
---@field query? string
---@field fragment? string

---The parts of a URL, not decoded.
---@param text string
---@return agent.URLParts
function agent.url.parse(text) end

---RFC 3339 text, or the date of an HTTP header, to seconds since 1970; nil for anything else.
---@param text string
---@return number?
function agent.time.parse(text) end

---Seconds since 1970 to RFC 3339 text in UTC.
---@param seconds number
---@return string
function agent.time.format(seconds) end

---A duration such as `10s` to seconds; nil for anything else.
---@param text string
---@return number?
function agent.time.duration(text) end

---@param text string
---@return string hex
function agent.crypto.sha256(text) end

---@param text string
---@return string hex
function agent.crypto.sha1(text) end

---@param text string
---@return string hex
function agent.crypto.md5(text) end

---Log lines.
---@param ... any
function agent.log.debug(...) end

---@param ... any
function agent.log.info(...) end

---@param ... any
function agent.log.warning(...) end

---@param ... any
function agent.log.error(...) end
