/// From where a transfer that broke off goes on.
struct ResumePoint: Sendable, Hashable {
    /// How many bytes are there.
    let bytes: Int64
    /// What makes sure that the rest belongs to them.
    let validator: String

    /// The request for the rest of the file, or for all of it if it is another one by now.
    func applied(to request: ProviderRequest) -> ProviderRequest {
        var request = request
        request.headers.set("Range", "bytes=\(bytes)-")
        request.headers.set("If-Range", validator)
        return request
    }

    /// Why an answer with status 206 is not what follows the bytes that are there; nil if it is.
    func problem(with head: ProviderResponse, of partial: PartialFile) -> String? {
        guard let range = head.headers["content-range"].flatMap(ContentRange.init), let sent = range.bytes else {
            return "the provider sent a part and did not say which"
        }
        if sent.lowerBound != bytes { return "byte \(bytes) was asked for, the provider began with \(sent.lowerBound)" }
        if let total = range.total, let known = partial.bytes, total != known {
            return "the file had \(known) bytes and has \(total) now"
        }
        if head.headers.isEncoded { return "the provider sent a part in another encoding" }
        return RangeValidator.fits(head.headers, validator) ? nil : "the file is another one by now"
    }

    /// Whether an answer with status 416 says that all bytes are there.
    func isEnd(_ answer: ProviderResponse, of partial: PartialFile) -> Bool {
        guard answer.status == 416, let range = answer.headers["content-range"].flatMap(ContentRange.init) else {
            return false
        }
        let isUnchanged = answer.headers["etag"].map { $0 == validator || !validator.hasPrefix("\"") } ?? true
        return range.total == bytes && partial.bytes ?? bytes == bytes && isUnchanged
    }
}
