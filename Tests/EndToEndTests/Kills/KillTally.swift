/// What came of killing runs.
struct KillTally {
    /// Processes that were killed while they drove a run.
    var kills = 0
    /// Processes that were stopped for a while, or before they were killed.
    var stops = 0
    var runs = 0
    /// Starts in effect beyond the first of a run.
    var doubled = 0
    /// Runs that the store does not have, or has in a state that is no end.
    var lost = 0
    /// Runs whose start nobody could settle but a person.
    var unknown = 0
    /// What must not have been.
    var breaches: [String] = []

    var text: String {
        "\(kills) kills, \(stops) stops, \(runs) runs, starts doubled: \(doubled), runs lost: \(lost), unknown: \(unknown)"
    }

    mutating func add(_ other: KillTally) {
        kills += other.kills
        stops += other.stops
        runs += other.runs
        doubled += other.doubled
        lost += other.lost
        unknown += other.unknown
        breaches += other.breaches
    }
}
