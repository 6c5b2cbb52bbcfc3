/// What is learned of a file's content while it passes by.
struct Inspection: Sendable {
    /// The content so far, if it is JSON and small: it may be a refusal in the place of the file.
    private(set) var document: [UInt8]?
    private var rows: RowCounter?
    private var archive: ArchiveEnd?
    private(set) var bytes: Int64 = 0

    private static let largestDocument = 65_536

    /// With `hasContent` the bytes that pass by are the file's; else only some are there.
    init(_ link: ArtifactLink, isJSON: Bool, hasContent: Bool) {
        document = isJSON ? [] : nil
        // The count is for a promise only.
        let format = hasContent ? link.format : nil
        rows = format == .csv && (link.records ?? link.allRecords) != nil ? RowCounter() : nil
        archive = format == .zip ? ArchiveEnd() : nil
    }

    mutating func take(_ piece: [UInt8]) {
        bytes += Int64(piece.count)
        document?.append(contentsOf: piece)
        if let document, document.count > Self.largestDocument { self.document = nil }
        rows?.count(piece)
        archive?.append(piece)
    }

    /// How many rows a CSV file has, where somebody promised a number.
    var rowCount: Int64? { rows?.rows }

    /// Why the content is no whole archive, where it has to be one.
    var archiveProblem: String? { archive?.problem }
}
