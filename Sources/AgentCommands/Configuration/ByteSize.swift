/// Sizes as people write them.
enum ByteSize {
    private static let units = [("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024), ("", 1)]

    /// Reads `4096`, `64KiB`, `1MiB` or `1GiB`; nil for anything else.
    static func bytes(_ text: String) -> Int? {
        for (unit, factor) in units where text.hasSuffix(unit) {
            guard let number = Int(text.dropLast(unit.count)), number >= 0 else { return nil }
            let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: factor)
            return isTooLarge ? nil : bytes
        }
        return nil
    }
}
