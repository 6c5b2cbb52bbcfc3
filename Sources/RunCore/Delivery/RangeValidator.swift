/// Finds what makes sure that a range belongs to the bytes that are there already (RFC 9110 section 13.1.5).
enum RangeValidator {
    /// How far a date must lie before the answer's own, so that the file cannot have changed twice within it, however
    /// far apart the clocks behind the two are (RFC 9110 section 8.8.2.2).
    private static let leastAge = Duration.seconds(60)

    /// What `If-Range` has to say: the strong entity tag; the date only where there is no tag and it is strong.
    ///
    /// Nil where nothing is certain, or where the server serves no ranges: then a transfer starts over.
    static func ifRange(_ headers: HTTPHeaders) -> String? {
        if headers["accept-ranges"]?.lowercased() == "none" || headers.isEncoded { return nil }
        if let tag = headers["etag"] { return isStrong(tag) ? tag : nil }
        guard let text = headers["last-modified"], let changed = RetryAfter.httpDate(text),
            let sent = headers["date"].flatMap(RetryAfter.httpDate), sent - changed >= leastAge
        else { return nil }
        return text
    }

    /// Whether the headers of a part fit the validator of the bytes that are there.
    ///
    /// A part has the tag that the whole had; it may leave out the date (RFC 9110 section 15.3.7).
    static func fits(_ headers: HTTPHeaders, _ validator: String) -> Bool {
        if validator.hasPrefix("\"") { return headers["etag"] == validator }
        return headers["last-modified"] ?? validator == validator
    }

    /// A tag in quotes, without the mark of weakness and without what may not stand in it.
    private static func isStrong(_ tag: String) -> Bool {
        tag.utf8.count >= 2 && tag.hasPrefix("\"") && tag.hasSuffix("\"")
            && tag.utf8.dropFirst().dropLast().allSatisfy { $0 == 0x21 || $0 >= 0x23 && $0 != 0x7F }
    }
}

extension Substring {
    /// Without blanks at its ends.
    var trimmed: Substring {
        let rest = drop { $0 == " " || $0 == "\t" }
        guard let last = rest.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return rest[...last]
    }
}
