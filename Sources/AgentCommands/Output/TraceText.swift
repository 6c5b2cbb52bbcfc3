import RunCore

/// An exchange as `--trace` shows it: what was sent and answered, and a `curl` command that sends the same.
enum TraceText {
    /// Longest body that is shown, in bytes, unless more is asked for.
    static let bodyLimit = 4096

    static func text(of exchange: Exchange, bodyLimit: Int = bodyLimit) -> String {
        let request = exchange.request
        var lines = ["> \(request.method) \(request.url)  (\(request.purpose))"]
        lines += request.headers.fields.map { "> \($0.name): \($0.value)" }
        if let body = request.body, !body.isEmpty { lines.append("> \(shown(body, bodyLimit))") }
        switch exchange.outcome {
        case .failed(let failure):
            let arrived = failure.mayHaveArrived ? "may have arrived" : "surely did not arrive"
            lines.append("< \(failure.message) (\(failure.kind.rawValue), \(arrived))")
        case .answered(let answer):
            lines.append("< \(answer.status) after \(exchange.took.inMilliseconds) ms")
            lines += answer.headers.fields.map { "< \($0.name): \($0.value)" }
            if !answer.body.isEmpty { lines.append("< \(shown(answer.body, bodyLimit))") }
        }
        lines.append("  \(curl(request))")
        return lines.joined(separator: "\n")
    }

    /// The request as a shell command; secrets stand as their names in brackets.
    static func curl(_ request: ProviderRequest) -> String {
        var words = ["curl"]
        if request.method != "GET" { words += ["-X", request.method] }
        for field in request.headers.fields { words += ["-H", quoted("\(field.name): \(field.value)")] }
        if let body = request.body { words += ["--data-raw", quoted(String(decoding: body, as: UTF8.self))] }
        return (words + [quoted(request.url)]).joined(separator: " ")
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func shown(_ body: [UInt8], _ bodyLimit: Int) -> String {
        let text = String(decoding: body.prefix(bodyLimit), as: UTF8.self)
        return body.count > bodyLimit ? "\(text)… (\(body.count) bytes)" : text
    }
}
