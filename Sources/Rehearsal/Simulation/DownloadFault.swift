/// A way in which the transfer of a file goes wrong.
package enum DownloadFault: String, Sendable, CaseIterable {
    /// The connection ends halfway; the rest can be had.
    case cut
    /// The connection ends after every 7 bytes; the rest can be had each time.
    case cutOften = "cut_often"
    /// The connection ends halfway, and the server serves no ranges.
    case rangeIgnored = "range_ignored"
    /// The connection ends halfway, and the file is another one by then.
    case changed
    /// As `changed`, and the server pays no heed to `If-Range`.
    case changedUnnoticed = "changed_unnoticed"
    /// The connection ends halfway, and the file has no validator.
    case unvalidated
    /// A byte is wrong the first time; the provider's digest tells.
    case damaged
    /// The link is refused until the status was asked for again.
    case expired
    /// The provider cannot serve the file at first.
    case unavailable
    /// The file lies at another origin.
    case foreign
}
