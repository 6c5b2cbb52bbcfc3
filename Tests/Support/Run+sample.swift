package import RunCore

extension Run {
    /// A run for tests that care about few of its facts.
    ///
    /// `number` gives id and key; equal numbers give equal runs.
    package static func sample(
        _ number: UInt64 = 1,
        state: RunState = .pending,
        plugin: String = "sample",
        operation: String? = nil,
        connection: String? = nil,
        target: String? = "42",
        params: [String: JSONValue] = [:],
        options: RunOptions = RunOptions(delivery: .none),
        createdAt: Timestamp = Timestamp(milliseconds: 1_795_248_000_000)
    ) -> Run {
        var run = Run(
            id: RunID(random: number),
            key: RunKey(random: (0, number)),
            plugin: PluginReference(
                name: plugin,
                version: "1.0.0",
                digest: String(repeating: "0", count: 64)
            ),
            operation: operation ?? plugin,
            connection: connection ?? plugin,
            target: target.map { RunTarget(id: $0, parts: ["": .string($0)]) },
            params: params,
            options: options,
            createdAt: createdAt
        )
        run.state = state
        return run
    }
}
