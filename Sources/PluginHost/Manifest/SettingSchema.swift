package import RunCore

/// What a setting or a parameter may be.
package struct SettingSchema: Sendable, Hashable {
    /// The kinds of value.
    package enum Kind: String, Sendable, CaseIterable {
        case string, integer, number, boolean
        case choice = "enum"
        case url, duration, list, json, secret, file
    }

    /// The key in `settings` or `params`, by which values are given.
    package let name: String
    /// What a value must be; texts from the command line are read accordingly.
    package let kind: Kind
    /// Whether there must be a value, from the user or as fallback.
    package let isRequired: Bool
    /// The value taken when none is given (`default`); nil if there is none.
    package let fallback: JSONValue?
    /// The values of an `enum`.
    package let values: [String]
    /// The least number allowed; nil for no bound.
    package let minimum: Double?
    /// The greatest number allowed; nil for no bound.
    package let maximum: Double?
    /// One line for the user; nil if the plugin gives none.
    package let help: String?
    /// Takes every parameter that no other schema names (`rest = true`).
    package let takesRest: Bool
}
