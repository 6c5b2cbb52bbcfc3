/// The version of the program.
package enum AgentVersion {
    /// The version as `--version` and the `User-Agent` header tell it.
    package static let text = "0.1.0"
}
