/// What a file must be to count as whole.
package enum ArtifactFormat: String, Sendable, Codable, CaseIterable {
    /// Rows of fields (RFC 4180), whose number can be compared with the one promised.
    case csv
    /// A ZIP archive, which ends with its end record.
    case zip
}
