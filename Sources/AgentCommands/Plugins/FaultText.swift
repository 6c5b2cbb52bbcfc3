import Rehearsal
import RunCore

/// What came of faults, as a table for people.
enum FaultText {
    /// A heading for the run, and one line per fault, followed by what was not kept.
    static func lines(of rows: [FaultTable.Row], _ run: SimulatedRun) -> [String] {
        let heading = ["\(run.text):".padded(to: 44), "started", "reported"]
        return [heading.joined(separator: " ")]
            + rows.flatMap { row in
                let mark = row.breaches.isEmpty ? "ok    " : "FAILED"
                let starts = String(row.starts).padded(to: 7)
                let line = "\(mark) \(row.fault.padded(to: 37)) \(starts) \(reported(row))"
                return [line] + row.breaches.map { "         \($0)" }
            }
    }

    private static func reported(_ row: FaultTable.Row) -> String {
        let states = row.reported.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
        if states.count == 1, let only = states.first, only.value == 1 { return only.key.rawValue }
        return states.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
    }
}
