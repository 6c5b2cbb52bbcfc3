extension ArtifactLink {
    /// What the file is called before its name is known.
    var wishedName: String { name ?? request.map { SafeFileName.from(url: $0.url) } ?? "artifact" }

    /// Whether it is to be fetched as it stands.
    var isDue: Bool { fetch?.expiry == nil && fetch?.failure == nil }

    /// What to warn of when its file has come: too few records, or too many.
    ///
    /// `delivered` are the run's files so far, with this one; `isLast` says that no further one comes.
    func warnings(after artifact: Artifact, of delivered: [Artifact], isLast: Bool) -> [String] {
        var warnings: [String] = []
        if let records, let rows = artifact.rows, !Self.fits(rows, records, files: 1) {
            warnings.append(Self.warning(artifact.name, rows, records))
        }
        let counted = delivered.compactMap(\.rows)
        if let allRecords, isLast, !counted.isEmpty, counted.count == delivered.count {
            let rows = counted.reduce(0, +)
            let name = counted.count == 1 ? artifact.name : "\(counted.count) files together"
            if !Self.fits(rows, allRecords, files: counted.count) {
                warnings.append(Self.warning(name, rows, allRecords, isOne: counted.count == 1))
            }
        }
        return warnings
    }

    /// A header may stand nowhere, in the first file, or in each.
    private static func fits(_ rows: Int64, _ records: Int64, files: Int) -> Bool {
        [0, 1, Int64(files)].contains { rows.subtractingReportingOverflow(records) == ($0, false) }
    }

    private static func warning(_ name: String, _ rows: Int64, _ records: Int64, isOne: Bool = true) -> String {
        "\(name) \(isOne ? "holds" : "hold") \(rows) records, \(records) were promised"
    }
}
