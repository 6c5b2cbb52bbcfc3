import PluginHost
import RunCore

/// Shows what a run would send.
struct DryRun {
    let draft: RunDraft
    let context: CommandContext
    let format: OutputFormat

    private static let scripted = "a script of the plugin decides on each request by the answers before it"

    func show() async throws {
        var run = draft.run(in: context)
        if let target = run.target, target.isName {
            guard case .given(.one(let known)) = try await draft.provider.resolve(run, through: NoCourier()) else {
                note("'\(target.id)' is looked up first, then the start is sent; give the id to see that")
                return
            }
            run.target = known
        }
        guard !draft.provider.isScripted else {
            note(Self.scripted)
            return
        }
        let start = try await draft.provider.start(of: run)
        let authorized = try await draft.provider.authorize(start.request, through: NoCourier())
        guard case .ready(let request) = authorized else { return }
        guard format == .text else {
            context.console.print(json(of: draft.provider.masked(request)).text)
            return
        }
        context.console.print(text(of: draft.provider.masked(request)))
        context.console.print("then, with the ids of its answer:")
        context.console.print("  \(draft.provider.pollSummary)")
        if let files = draft.provider.downloadSummary { context.console.print("  \(files)") }
        context.console.print("if its answer is lost:")
        context.console.print("  \(draft.provider.lossSummary)")
    }

    private func note(_ text: String) {
        context.console.print(format == .text ? text : JSONValue.object(["note": .string(text)]).text)
    }

    private func json(of request: ProviderRequest) -> JSONValue {
        let headers = request.headers.fields.map { ($0.name, JSONValue.string($0.value)) }
        return [
            "request": [
                "method": .string(request.method), "url": .string(request.url),
                "headers": .object(Dictionary(headers) { first, _ in first }),
                "body": request.body.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null,
            ],
            "then": .string(draft.provider.pollSummary), "if_lost": .string(draft.provider.lossSummary),
        ]
    }

    private func text(of request: ProviderRequest) -> String {
        var lines = ["\(request.method) \(request.url)"]
        lines += request.headers.fields.map { "\($0.name): \($0.value)" }
        if let body = request.body { lines += ["", String(decoding: body, as: UTF8.self)] }
        return lines.joined(separator: "\n")
    }
}

/// Sends nothing.
private struct NoCourier: Courier {
    func send(_ request: ProviderRequest) async throws(PluginFault) -> Transmission {
        .failed(TransportFailure(.cancelled, "a dry run sends nothing", mayHaveArrived: false))
    }
}
