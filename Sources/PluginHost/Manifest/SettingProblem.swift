/// A setting or parameter whose value is missing or does not fit.
package struct SettingProblem: Error, Sendable, Hashable {
    /// Name of the setting or parameter, or `target`.
    package let name: String
    /// What is expected instead, in one sentence without the name.
    package let message: String
    /// Whether there is no value at all.
    package let isMissing: Bool

    /// A problem with a value that is there, unless said otherwise.
    package init(name: String, message: String, isMissing: Bool = false) {
        self.name = name
        self.message = message
        self.isMissing = isMissing
    }
}
