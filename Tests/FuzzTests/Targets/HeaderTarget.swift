@testable import RunCore

/// Header fields and names of files: the first line is one, the second a date, the rest another.
enum HeaderTarget {
    static func broken(by bytes: [UInt8]) -> String? {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 2).map(String.init)
        let field = lines.first ?? "", date = lines.count > 1 ? lines[1] : field, url = lines.last ?? ""
        let names = [
            SafeFileName.from(contentDisposition: field), SafeFileName.from(url: url), SafeFileName.make(field),
        ]
        for name in names.compactMap(\.self) {
            if let broken = broken(name) { return "\(broken): \(name.debugDescription)" }
        }
        let headers: HTTPHeaders = ["Retry-After": field, "Date": date]
        for now in [Timestamp(milliseconds: 0), Timestamp(milliseconds: 1_795_248_000_000)] {
            if let delay = RetryAfter.delay(in: headers, receivedAt: now), delay < .zero { return "a delay below zero" }
        }
        if let time = Timestamp(rfc3339: field), Timestamp(rfc3339: time.rfc3339) != time {
            return "a time that changes"
        }
        _ = Duration(text: field)
        return nil
    }

    /// What a name made of anything must be.
    private static func broken(_ name: String) -> String? {
        if name.isEmpty || name.utf8.count > SafeFileName.limit { return "a name of \(name.utf8.count) bytes" }
        if name.contains("/") || name.contains("\\") { return "a name with a separator" }
        if name.hasPrefix(".") || name.hasPrefix("-") { return "a name that is hidden or an option" }
        if name.unicodeScalars.contains(where: { $0.value < 0x20 || 0x7F..<0xA0 ~= $0.value }) {
            return "a name with a control character"
        }
        return SafeFileName.make(name) == name ? nil : "a name that changes when it is made again"
    }
}
