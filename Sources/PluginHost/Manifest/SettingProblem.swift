/// A setting or parameter whose value is missing or does not fit.
package struct SettingProblem: Error, Sendable, Hashable {
    package let name: String
    package let message: String
    /// Whether there is no value at all.
    package let isMissing: Bool

    package init(name: String, message: String, isMissing: Bool = false) {
        self.name = name
        self.message = message
        self.isMissing = isMissing
    }
}
