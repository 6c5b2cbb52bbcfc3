/// How far the fetching of one file has come; kept with its link, so that a restart goes on from there.
package struct FetchState: Sendable, Hashable, Codable {
    /// The file's place among those of the run, from 0.
    package let number: Int
    /// What is on disk already.
    package var partial: PartialFile?
    /// Whether asking for the run's status again may give another link in place of one that expired.
    package var canRenew = false
    /// Why the link is refused, if it expired and is to be renewed.
    package var expiry: FileTrouble?
    /// How often that was tried.
    package var renewals = 0
    /// Why the file cannot be had; nil as long as it is tried.
    package var failure: FileTrouble?

    /// A file of which nothing was fetched yet.
    package init(number: Int) {
        self.number = number
    }
}
