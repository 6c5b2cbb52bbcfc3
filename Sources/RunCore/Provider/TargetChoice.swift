/// What the name of a target stands for.
package enum TargetChoice: Sendable, Hashable {
    case one(RunTarget)
    /// Several have the name, or none does: then the list is empty.
    case candidates([TargetCandidate])
}

/// Something that can be run.
package struct TargetCandidate: Sendable, Hashable {
    /// The id as a user writes it after `agent run PLUGIN`.
    package let id: String
    /// The name the provider has for it; nil if it has none.
    package let name: String?
    /// What else is worth knowing, in one line; nil if nothing is.
    package let note: String?

    /// A candidate as the provider lists it.
    package init(id: String, name: String? = nil, note: String? = nil) {
        self.id = id
        self.name = name
        self.note = note
    }

    /// Name and id in one text, such as `Delta Import (1/1)`.
    package var text: String { name.map { "\($0) (\(id))" } ?? id }
}
