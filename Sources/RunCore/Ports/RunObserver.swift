/// Told of everything that happens to a run while it is driven; must return at once.
package protocol RunObserver: Sendable {
    func run(_ run: Run, did change: RunChange)
}
