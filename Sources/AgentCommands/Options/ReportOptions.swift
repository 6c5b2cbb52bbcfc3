import ArgumentParser

/// What is shown while a run is watched, and how.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Output: text, json (one document), jsonl (one event per line).", valueName: "format"))
    var format: OutputFormat = .text

    @Flag(name: .shortAndLong, help: "Show only the result and errors.")
    var quiet = false

    @Flag(help: "Show each request and answer, secrets masked, and a curl command for it.")
    var trace = false
}
