/// How a body travels.
extension HTTPHeaders {
    /// Whether the body does not travel as it is; its length and digests then say nothing about the file.
    var isEncoded: Bool { !codings.isEmpty }

    /// What a body is encoded as that no transport undoes; nil where it comes as the file is.
    var unknownCoding: String? {
        let codings = codings
        return codings.isEmpty || codings == ["gzip"] || codings == ["deflate"] ? nil : codings.joined(separator: ", ")
    }

    private var codings: [String] {
        all("content-encoding").flatMap { $0.split(separator: ",") }.map { $0.trimmed.lowercased() }.filter { word in
            // Objects that were stored in chunks keep that word, although their body is as it should be.
            !["identity", "aws-chunked", ""].contains(word)
        }
    }
}
