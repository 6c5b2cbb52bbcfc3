/// What the delivery of one file tells the driver of its run.
enum DeliveryNews: Sendable {
    /// A restart has to know this; the delivery goes on once it is told whether that was saved.
    case progressed(PartialFile, number: Int, isSaved: CheckedContinuation<Bool, Never>)
    case ended(Delivery.Outcome, number: Int)
}
