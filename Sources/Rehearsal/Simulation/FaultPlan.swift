import RunCore

/// Says what goes wrong in a schedule, and when.
package protocol FaultPlan: Sendable {
    /// Whether files may be spoilt, so that a run that ended well may fail for want of them.
    var spoilsFiles: Bool { get }
    /// What becomes of the next request.
    func fault(of kind: RequestFault.Kind) -> RequestFault
    /// Whether the connection of the next file ends halfway.
    func cutsFile() -> Bool
    /// At which save the next process dies; nil if it does not.
    func crash() -> CrashingStore.Crash?
    /// Whether the power goes with a process that dies at a file.
    func cutsPower() -> Bool
    /// What becomes of the next operation on a file.
    func fileFault() -> FileFault?
    /// Whether a person says what became of a start in doubt.
    func hasPerson() -> Bool
}

/// What becomes of an operation on a file.
package enum FileFault: Sendable {
    /// The process dies at it.
    case killed
    /// There is no room.
    case full
}
