package import RunCore

/// What a setting or a parameter may be.
package struct SettingSchema: Sendable, Hashable {
    /// The kinds of value.
    package enum Kind: String, Sendable, CaseIterable {
        case string, integer, number, boolean
        case choice = "enum"
        case url, duration, list, json, secret, file
    }

    package let name: String
    package let kind: Kind
    package let isRequired: Bool
    package let fallback: JSONValue?
    /// The values of an `enum`.
    package let values: [String]
    package let minimum: Double?
    package let maximum: Double?
    package let help: String?
    /// Takes every parameter that no other schema names (`rest = true`).
    package let takesRest: Bool
}
