@testable import PluginHost
import Testing

struct PluginMistakeTests {
    @Test(arguments: mistakes)
    func mistakeIsNamedWithKeyAndLine(mistake: Mistake) async {
        let problems = await SamplePlugin.problems(SamplePlugin.source(mistake.text))
        #expect(problems == mistake.problems(line: 8))
    }

    static let mistakes = [
        Mistake(
            #"settings = { url = { type = "ulr" } }"#,
            #"settings.url: "ulr" is no type, did you mean "url"?"#
        ),
        Mistake(
            #"settings = { url = { typ = "url" } }"#,
            #"settings.url.typ: unknown key, did you mean "type"?"#
        ),
        Mistake(
            #"settings = { region = { type = "enum" } }"#,
            #"settings.region: an enum needs values, as in values = { "a", "b" }"#
        ),
        Mistake(
            #"settings = { n = { type = "integer", default = "many" } }"#,
            "settings.n.default: the default does not fit the type"
        ),
        Mistake(
            #"settings = { n = { type = "integer", min = "1", required = "yes" } }"#,
            "settings.n.required: true or false is expected, this is a text",
            "settings.n.min: a number is expected, this is a text"
        ),
        Mistake(
            #"settings = { base_url = {}, insecure = { type = "boolean" } }"#,
            "settings.base_url: this setting belongs to the host, every plugin has it",
            "settings.insecure: this setting belongs to the host, every plugin has it"
        ),
        Mistake(
            "settings = 5",
            "settings: a table is expected, this is a number"
        ),
        Mistake(
            #"auth = { type = "bearer", secret = "tokn" }, settings = { token = { type = "secret" } }"#,
            #"auth.secret: no secret is named "tokn", did you mean "token"?"#
        ),
        Mistake(
            #"auth = { type = "baerer", secret = "token" }, settings = { token = { type = "secret" } }"#,
            #"auth.type: "baerer" is no auth type, did you mean "bearer"?"#
        ),
        Mistake(
            #"auth = { secret = "url" }, settings = { url = {} }"#,
            "auth: the key type is missing"
        ),
        Mistake(
            #"auth = { type = "xml", field = "a b", secret = "token" }, settings = { token = { type = "secret" } }"#,
            #"auth.field: "a b" is no name of an element"#
        ),
        Mistake(
            #"auth = { by = "settings.in", header = { type = "bearer", secret = "tokn" }, bdy = false }, "#
                + #"settings = { ["in"] = { type = "enum", values = { "header", "body" } }, token = { type = "secret" } }"#,
            #"auth.bdy: "bdy" is no value of settings.in, did you mean "body"?"#,
            #"auth: there is no auth for "body""#,
            #"auth.header.secret: no secret is named "tokn", did you mean "token"?"#
        ),
        Mistake(
            #"auth = { by = "settings.token", a = false }, settings = { token = { type = "secret" } }"#,
            #"auth.by: "settings.token" is no setting of this plugin, as in by = "settings.region""#
        ),
        Mistake(
            #"headers = { ["X-V"] = { by = "settings.v", header = 5, haeder = "a" } }, "#
                + #"settings = { v = { type = "enum", values = { "header", "path" } } }"#,
            #"headers.X-V.haeder: "haeder" is no value of settings.v, did you mean "header"?"#,
            "headers.X-V.header: a text is expected, this is a number"
        ),
        Mistake(
            #"settings = { f = { type = "file", default = "/etc/passwd" } }"#,
            "settings.f.default: a file has no default: only the user names files"
        ),
        Mistake(
            #"download = { artifacts = { each = "xml.f[*]", url = "u", format = "tar" }, records = "n" }"#,
            #"download.records: "n" is no path: it begins with one of body, header, json, status, url, xml, as in "json.data.id""#,
            #"download.artifacts.format: "tar" is no format: csv, zip"#
        ),
        Mistake(
            #"check = { "POST /x", xml = { a = 1, b = 2 }, json = {} }"#,
            "check: json and xml cannot both be the body"
        ),
        Mistake(
            #"check = { "POST /x", xml = { ["@a"] = 1 } }"#,
            "check.xml: a table with one member, the root element, is expected"
        ),
        Mistake(
            #"check = { "POST /x", multipart = { a = { fiel = "{target}" }, b = function() end } }"#,
            "check.multipart.b: a function cannot stand here: make the whole request a function",
            #"check.multipart.a.fiel: unknown key, did you mean "file"?"#,
            "check.multipart.a: the key file is missing"
        ),
        Mistake(
            #"check = { "POST /x", multipart = { a = { file = "{settings.f}" }, b = { file = "/etc/passwd" } } }, "#
                + #"settings = { f = {} }"#,
            #"check.multipart.a.file: one placeholder of the type file is expected, as in "{params.file}""#,
            #"check.multipart.b.file: one placeholder of the type file is expected, as in "{params.file}""#
        ),
        Mistake(
            #"check = { "POST /x", multipart = { a = { file = "{settings.f?}" } } }, settings = { f = { type = "file" } }"#
        ),
        Mistake(
            #"errors = { [409] = "already_runing" }"#,
            #"errors[409]: "already_runing" is no class, did you mean "already_running"?"#
        ),
        Mistake(
            #"errors = { code = "json.code", codes = { BUSY = true }, mesage = "json.x" }"#,
            "errors.codes.BUSY: true is no class: auth, forbidden, not_found, invalid, quota, "
                + "already_running, duplicate, busy, rate_limited, unavailable, unreadable, gone, or false",
            #"errors.mesage: unknown key, did you mean "message"?"#
        ),
        Mistake(
            #"errors = { codes = "json.code" }"#,
            "errors.codes: a table is expected, this is a text"
        ),
        Mistake(
            #"hosts = "files.example.com""#,
            "hosts: a list is expected, this is a text"
        ),
        Mistake(
            #"hosts = { { "files.example.com", credential = true }, 5 }"#,
            #"hosts[1].credential: unknown key, did you mean "credentials"?"#,
            #"hosts[2]: a host such as "https://files.example.com" is expected, this is a number"#
        ),
        Mistake(
            #"headers = "X-A: b", limits = { concurrent = 0, requests_per_second = -1, rate = 1 }"#,
            "headers: a table is expected, this is a text",
            "limits.rate: unknown key",
            "limits.requests_per_second: a number above 0 is expected, not -1",
            "limits.concurrent: a whole number above 0 is expected, not 0"
        ),
        Mistake(
            #"unwrap = "data""#,
            #"unwrap: "data" is no path: it begins with one of body, header, json, status, url, xml, as "#
                + #"in "json.data.id""#
        ),
        Mistake(
            #"unwrap = "json.a | xml.a""#,
            "unwrap: only JSON is unwrapped"
        ),
        Mistake(
            #"params = { a = "string" }"#,
            "params.a: a table is expected, this is a text"
        ),
        Mistake(
            #"target = { type = "number" }"#,
            #"target.type: "number" is no type of a target: string, integer, enum"#
        ),
        Mistake(
            #"check = "/runs""#,
            #"check: "/runs" is no request: write a method and a path, as in "GET /runs/{remote.id}""#
        ),
        Mistake(
            #"download = { artifacts = "json.urls[0]", on = { "succeeded", "fialed" } }"#,
            #"download.on[2]: "fialed" is none of succeeded, failed, cancelled, did you mean "failed"?"#,
            #"download.artifacts: "json.urls[0]" is no path: it begins with one of body, header, json, "#
                + #"status, url, xml, as in "json.data.id""#
        ),
        Mistake(
            #"download = { artifacts = { each = "json.files[*]", name = "name" }, on = "failed" }"#,
            "download.on: a list is expected, this is a text",
            "download.artifacts: the key url is missing"
        ),
        Mistake(
            #"cancel = { request = "DELETE /runs/{remote.id}", shows = "succeeded" }"#,
            #"cancel.shows: "succeeded" is neither failed nor gone"#
        ),
    ]

    @Test(arguments: bases)
    func wrongBaseURLIsNamedWithKeyAndLine(mistake: Mistake) async {
        let problems = await SamplePlugin.problems(SamplePlugin.source(base: mistake.text, Self.more))
        #expect(problems == mistake.problems(line: 4))
    }

    static let bases = [
        Mistake(
            #""api.example.com""#,
            #"base_url: "api.example.com" is no http or https address"#
        ),
        Mistake(
            #"{ by = "settings.region", us = "https://us.example.com" }"#,
            #"base_url: there is no URL for "eu""#
        ),
        Mistake(
            #"{ by = "settings.area", us = "https://us.example.com" }"#,
            #"base_url.by: "settings.area" is no setting of this plugin, as in by = "settings.region""#
        ),
        Mistake(
            "5",
            "base_url: a table is expected, this is a number"
        ),
    ]

    private static let more = """
        settings = { region = { type = "enum", values = { "us", "eu" } }, token = { type = "secret" } },
        """
}
