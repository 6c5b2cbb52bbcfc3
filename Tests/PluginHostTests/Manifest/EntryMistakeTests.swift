@testable import PluginHost
import Testing

/// Mistakes in what a plugin offers beside a run's steps: actions, lists of targets, look-ups, checks.
struct EntryMistakeTests {
    @Test(arguments: actions + pages)
    func wrongActionIsNamedWithKeyAndLine(mistake: Mistake) async {
        let problems = await SamplePlugin.problems(SamplePlugin.source("actions = { stop = \(mistake.text) }"))
        #expect(problems == mistake.problems(line: 8))
    }

    @Test(arguments: lookUps + checks + cancels)
    func wrongLookUpIsNamedWithKeyAndLine(mistake: Mistake) async {
        let problems = await SamplePlugin.problems(SamplePlugin.source(mistake.text))
        #expect(problems == mistake.problems(line: 8))
    }

    static let actions = [
        Mistake("5", "actions.stop: a table is expected, this is a number"),
        Mistake(
            #"{ request = "PUT /x" }"#,
            "actions.stop: the key target is missing; write target = false if there is none"
        ),
        Mistake("{ target = false }", "actions.stop: the key request is missing"),
        Mistake(
            #"{ target = false, request = "PUT /x", reslt = "json.a" }"#,
            #"actions.stop.reslt: unknown key, did you mean "result"?"#
        ),
        Mistake(
            #"{ target = false, request = "/x" }"#,
            #"actions.stop.request: "/x" is no request: write a method and a path, as in "GET /runs/{remote.id}""#
        ),
        Mistake(
            #"{ target = false, steps = function() end, request = "PUT /x", pages = {}, result = "json.a" }"#,
            "actions.stop.request: steps takes the place of request",
            "actions.stop.pages: steps takes the place of pages",
            "actions.stop.result: steps takes the place of result"
        ),
        Mistake(
            #"{ target = false, steps = "x" }"#,
            "actions.stop.steps: a function is expected, this is a text"
        ),
        Mistake(
            #"{ target = false, request = "PUT /x", confirm = "yes", artifact = 5, summary = {} }"#,
            "actions.stop.summary: a text is expected, this is a table",
            "actions.stop.confirm: true or false is expected, this is a text",
            "actions.stop.artifact: a text is expected, this is a number"
        ),
        Mistake(
            #"{ target = false, request = "PUT /x", result = "runs" }"#,
            #"actions.stop.result: "runs" is no path: it begins with one of body, header, json, status, url, xml, "#
                + #"as in "json.data.id""#
        ),
        Mistake(
            #"{ target = false, request = "PUT /x", errors = { [409] = "busi" } }"#,
            #"actions.stop.errors[409]: "busi" is no class, did you mean "busy"?"#
        ),
        Mistake(
            #"{ target = {}, request = "PUT /x/{params.fromat}", params = { format = {} } }"#,
            #"actions.stop.request: {params.fromat}: no such parameter, did you mean "format"?"#
        ),
        Mistake(
            #"{ target = {}, request = { "PUT /x", json = { a = "{params.b}" } }, artifact = "{params.c}.csv" }"#,
            "actions.stop.artifact: {params.c}: no such parameter",
            "actions.stop.request.json.a: {params.b}: no such parameter"
        ),
        Mistake(
            #"{ target = {}, request = { "PUT /x", query = { k = "{settings.key}" } } }"#,
            "actions.stop.request.query.k: {settings.key}: no such setting"
        ),
        Mistake(
            #"{ target = { type = "enum" }, request = "PUT /x" }"#,
            #"actions.stop.target: an enum needs values, as in values = { "a", "b" }"#
        ),
        Mistake(
            #"{ target = { type = "enum", values = "a" }, request = "PUT /x" }"#,
            "actions.stop.target.values: a list is expected, this is a text",
            #"actions.stop.target: an enum needs values, as in values = { "a", "b" }"#
        ),
        Mistake(
            #"{ target = { values = { "a" } }, request = "PUT /x" }"#,
            #"actions.stop.target.values: values belong to type = "enum""#
        ),
        Mistake(
            #"{ target = {}, request = "PUT /x", resolve = { list = "targets" } }"#,
            "actions.stop.resolve: there are no targets to look in"
        ),
    ]

    private static func paged(_ pages: String, _ messages: String) -> Mistake {
        Mistake(#"{ target = false, request = "GET /x", pages = \#(pages) }"#, messages)
    }

    static let pages = [
        paged("{}", "actions.stop.pages: the key each is missing"),
        paged(#""json.a""#, "actions.stop.pages: a table is expected, this is a text"),
        paged(
            #"{ each = "json.a[*]", page = "p", offset = "o" }"#,
            "actions.stop.pages: page and offset exclude each other"
        ),
        paged(
            #"{ each = "json.a[*]", token = "json.t", next = "json.n", as = "t" }"#,
            "actions.stop.pages: token and next exclude each other"
        ),
        paged(#"{ each = "json.a[*]", token = "json.t" }"#, "actions.stop.pages: the key as is missing"),
        paged(#"{ each = "json.a[*]", next = "json.n", as = "x" }"#, "actions.stop.pages.as: as belongs to token"),
        paged(
            #"{ each = "json.a[*]", offset = "o", more = "json.m" }"#,
            "actions.stop.pages.more: more belongs to page"
        ),
        paged(#"{ each = "json.a[*]", page = 1 }"#, "actions.stop.pages.page: a text is expected, this is a number"),
        paged(
            #"{ each = "json.a[*]", offest = "o" }"#,
            #"actions.stop.pages.offest: unknown key, did you mean "offset"?"#
        ),
        paged(
            #"{ each = "items", page = "p" }"#,
            #"actions.stop.pages.each: "items" is no path: it begins with one of body, header, json, status, url, "#
                + #"xml, as in "json.data.id""#
        ),
    ]

    static let lookUps = [
        Mistake(
            "targets = {}",
            "targets: the key request is missing",
            "targets: the key id is missing",
            "targets: the key each is missing"
        ),
        Mistake(#"targets = "GET /x""#, "targets: a table is expected, this is a text"),
        Mistake(
            #"targets = { request = "GET /x", each = "json.a[*]", id = 5, nme = "name" }"#,
            #"targets.nme: unknown key, did you mean "name"?"#,
            "targets.id: a text is expected, this is a number"
        ),
        Mistake(
            #"targets = { request = "GET /x", each = "json.a[*]", id = "id", note = "a..b" }"#,
            #"targets.note: "a..b" is no path within an element"#
        ),
        Mistake(
            #"targets = { request = "GET /x", pages = { page = "p" }, id = "id" }"#,
            "targets.pages: the key each is missing"
        ),
        Mistake(#"resolve = { list = "targets" }"#, "resolve: there are no targets to look in"),
        Mistake(
            #"resolve = { list = "runs" }, targets = function() end"#,
            #"resolve.list: a list to look in is "targets""#
        ),
        Mistake("resolve = {}, targets = function() end", "resolve: the key list is missing"),
        Mistake(#"resolve = "targets""#, "resolve: a table is expected, this is a text"),
        Mistake("find = 5", "find: a function is expected, this is a number"),
    ]

    static let checks = [
        Mistake("check = {}", "check: a request, or a list of requests, is expected, this is a table"),
        Mistake("check = 5", "check: a request, or a list of requests, is expected, this is a number"),
        Mistake(#"check = { { "GET /x", my = "a" } }"#, #"check[1].my: unknown key, did you mean "may"?"#),
        Mistake(
            #"check = { "GET /x", { "GET /y", may = 5, result = "json.a" } }"#,
            "check[2].may: a text is expected, this is a number",
            "check[2].result: a table is expected, this is a text"
        ),
        Mistake(
            #"check = { { "GET /x" }, { may = "write" } }"#,
            #"check[2]: a request such as "GET /path", or a table that begins with one, is expected, this is a table"#
        ),
        Mistake(
            #"check = { { "GET /x", query = { k = "{settings.key}" } } }"#,
            "check[1].query.k: {settings.key}: no such setting"
        ),
    ]

    static let cancels = [
        Mistake("cancel = {}", "cancel: the key request is missing"),
        Mistake("cancel = { requests = {} }", "cancel: the key request is missing"),
        Mistake(
            #"cancel = { request = "DELETE /x", requests = { "DELETE /y" } }"#,
            "cancel: request and requests exclude each other"
        ),
        Mistake(
            #"cancel = { requests = { "DELETE /x" }, steps = function() end }"#,
            "cancel: requests and steps exclude each other"
        ),
        Mistake(
            #"cancel = { request = "DELETE /x", steps = function() end }"#,
            "cancel: request and steps exclude each other"
        ),
        Mistake(#"cancel = { steps = "x" }"#, "cancel.steps: a function is expected, this is a text"),
        Mistake(
            #"cancel = { request = "DELETE /x", shows = "done", errors = { [409] = "busi" } }"#,
            #"cancel.errors[409]: "busi" is no class, did you mean "busy"?"#,
            #"cancel.shows: "done" is neither failed nor gone"#
        ),
        Mistake(
            #"cancel = { requests = { "DELETE /x", "/y" } }"#,
            #"cancel.requests[2]: "/y" is no request: write a method and a path, as in "GET /runs/{remote.id}""#
        ),
    ]

    @Test(arguments: [
        #"target = { type = "enum", values = { "update", "regenerate" } }"#,
        #"cancel = { steps = function() end, shows = "gone" }"#, #"cancel = { requests = { "PUT /a", "PUT /b" } }"#,
        #"check = { "GET /x", may = "read", result = { n = "json.n" } }"#, #"check = { "GET /x", "GET /y" }"#,
        #"check = function() return { "GET /x" } end"#,
        #"targets = { request = "GET /x", each = "json.a[*]", pages = { page = "p" }, id = "id" }, "#
            + #"resolve = { list = "targets" }"#,
        #"actions = { stop = { target = {}, request = "PUT /x/{params.p}", params = { p = {} }, artifact = "a" } }"#,
    ])
    func goodTableHasNoProblems(text: String) async {
        #expect(await SamplePlugin.problems(SamplePlugin.source(text)) == "")
    }
}
