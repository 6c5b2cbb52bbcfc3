@testable import PluginHost
import Testing

struct StepMistakeTests {
    @Test(arguments: triggers)
    func wrongTriggerIsNamedWithKeyAndLine(mistake: Mistake) async {
        let problems = await SamplePlugin.problems(SamplePlugin.source(trigger: mistake.text, Self.more))
        #expect(problems == mistake.problems(line: 6))
    }

    private static let more = """
        settings = { region = { type = "enum", values = { "us", "eu" } }, token = { type = "secret" } },
        params = { format = {} },
        """

    static let triggers = [
        Mistake(
            #"remote = { id = "json.id" }"#,
            "trigger: the key request is missing"
        ),
        Mistake(
            #"request = "POST runs""#,
            #"trigger.request: "POST runs" is no request: write a method and a path, as in "GET "#
                + #"/runs/{remote.id}""#
        ),
        Mistake(
            #"request = "POST /my runs""#,
            #"trigger.request: "POST /my runs" is no request: write a method and a path, as in "GET "#
                + #"/runs/{remote.id}""#
        ),
        Mistake(
            #"request = "post /runs""#,
            #"trigger.request: "post /runs" is no request: write a method and a path, as in "GET "#
                + #"/runs/{remote.id}", did you mean "POST"?"#
        ),
        Mistake(
            #"request = "/runs""#,
            #"trigger.request: "/runs" is no request: write a method and a path, as in "GET "#
                + #"/runs/{remote.id}""#
        ),
        Mistake(
            "request = { json = {} }",
            #"trigger.request: a request such as "GET /path", or a table that begins with one, is "#
                + "expected, this is a table"
        ),
        Mistake(
            #"request = { "POST /runs", "POST /other" }"#,
            "trigger.request[2]: a request begins with one text, this is a second"
        ),
        Mistake(
            #"request = { "POST /runs", jsn = {} }"#,
            #"trigger.request.jsn: unknown key, did you mean "json"?"#
        ),
        Mistake(
            #"request = { "POST /runs", json = {}, form = {} }"#,
            "trigger.request: json and form cannot both be the body"
        ),
        Mistake(
            #"request = { "POST /runs", query = "a=b", headers = "X: y" }"#,
            "trigger.request.query: a table is expected, this is a text",
            "trigger.request.headers: a table is expected, this is a text"
        ),
        Mistake(
            #"request = { "POST /runs", json = { at = function() end } }"#,
            "trigger.request.json.at: a function cannot stand here: make the whole request a function"
        ),
        Mistake(
            #"request = { "POST /runs", auth = { type = "bearer" }, expect = 404, timeout = "soon" }"#,
            #"trigger.request.timeout: a duration such as "10s" is expected, this is "soon""#,
            "trigger.request.auth: true or false is expected, this is a table",
            "trigger.request.expect: a list is expected, this is a number"
        ),
        Mistake(
            #"request = { "POST /runs", json = { a = "{settings.regoin}" } }"#,
            #"trigger.request.json.a: {settings.regoin}: no such setting, did you mean "region"?"#
        ),
        Mistake(
            #"request = "POST /runs/{params.fromat}?k={run.number}""#,
            #"trigger.request: {params.fromat}: no such parameter, did you mean "format"?"#,
            "trigger.request: {run.number}: there are only {run.id} and {run.key}"
        ),
        Mistake(
            #"request = { "POST /runs", headers = { ["X-Token"] = "{settings.token}" } }"#,
            "trigger.request.headers.X-Token: {settings.token} is a secret; secrets stand only in auth"
        ),
        Mistake(
            #"request = "POST /runs", remote = "json.id""#,
            "trigger.remote: a table is expected, this is a text"
        ),
        Mistake(
            #"request = "POST /runs", remote = { id = "id" }"#,
            #"trigger.remote.id: "id" is no path: it begins with one of body, header, json, status, url, xml, "#
                + #"as in "json.data.id""#
        ),
        Mistake(
            #"request = "POST /runs", remote = { id = "json.id" }, started = function() end"#,
            "trigger.remote: started takes the place of remote"
        ),
        Mistake(
            #"request = "POST /runs", started = "json.id""#,
            "trigger.started: a function is expected, this is a text"
        ),
        Mistake(
            #"request = "POST /runs", repeated = "refused", errors = { [409] = "duplicate" }"#,
            "trigger.repeated: a refused start is followed by ids of ours: the key client_id is missing"
        ),
        Mistake(
            #"request = "POST /runs", client_id = { id = "{run.key}" }, repeated = "refused""#,
            #"trigger.repeated: no rule of errors says which refusal is a "duplicate""#
        ),
        Mistake(
            #"request = "POST /runs", client_id = { id = 5 }, repeated = "ignored", accepts = { 303, "x" }"#,
            "trigger.client_id.id: a text is expected, this is a number",
            #"trigger.repeated: "ignored" is none of same, refused, started"#,
            #"trigger.accepts[2]: a status such as 404 is expected, this is "x""#
        ),
        Mistake(
            #"request = "POST /runs", errors = { [409] = "busi" }"#,
            #"trigger.errors[409]: "busi" is no class, did you mean "busy"?"#
        ),
    ]

    @Test(arguments: polls)
    func wrongPollIsNamedWithKeyAndLine(mistake: Mistake) async {
        let problems = await SamplePlugin.problems(SamplePlugin.source(poll: mistake.text))
        #expect(problems == mistake.problems(line: 7))
    }

    static let polls = [
        Mistake(
            #"status = "json.status", states = {}"#,
            "poll: the key request is missing"
        ),
        Mistake(
            #"request = "GET /runs""#,
            "poll: either classify, or status and states, are needed"
        ),
        Mistake(
            #"request = "GET /runs", status = "json.status""#,
            "poll: either classify, or status and states, are needed"
        ),
        Mistake(
            #"request = "GET /runs", classify = "json.status""#,
            "poll.classify: a function is expected, this is a text"
        ),
        Mistake(
            #"request = "GET /runs", classify = function() end, status = "json.s", states = {}"#,
            "poll.status: classify takes the place of status",
            "poll.states: classify takes the place of states"
        ),
        Mistake(
            #"request = "GET /runs", status = "json.status", states = { done = "complete", ok = 5 }"#,
            #"poll.states.done: "complete" is no state; states are queued, running, succeeded, failed, "#
                + "cancelled, gone, other",
            #"poll.states.ok: "5" is no state; states are queued, running, succeeded, failed, cancelled, "#
                + "gone, other"
        ),
        Mistake(
            #"request = "GET /runs", status = "json.status", states = {}, every = "often", factor = 0.5, "#
                + "max = -1",
            #"poll.every: a duration such as "10s" is expected, this is "often""#,
            "poll.factor: a number from 1 to 100 is expected, this is 0.5",
            #"poll.max: a duration such as "10s" is expected, this is -1"#
        ),
        Mistake(
            #"request = "GET /runs", status = "json.status", states = {}, progress = { percnt = "json.p" }"#,
            #"poll.progress.percnt: unknown key, did you mean "percent"?"#
        ),
        Mistake(
            #"request = "GET /runs", status = "json.status", states = {}, progress = "json.p", result = "#
                + #""json.r""#,
            "poll.progress: a table is expected, this is a text",
            "poll.result: a table is expected, this is a text"
        ),
        Mistake(
            #"request = "GET /runs", status = "json.status", states = {}, ended = { on = { "running" } }"#,
            "poll.ended: the key request is missing",
            #"poll.ended.on[1]: "running" is none of succeeded, failed, cancelled"#
        ),
    ]
}
