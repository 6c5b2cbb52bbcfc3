import AgentTesting
import Rehearsal
import RunCore
import Testing

/// The promise, under random faults of service, network and machine: a run is started at most once, and what is
/// reported is what happened.
struct SimulationTests {
    @Test(.hangGuard, arguments: UInt64(1)...200) func promiseIsKept(seed: UInt64) async throws {
        let randomness = SeededRandomness(seed: seed)
        let service = FakeService(randomness)
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.links = [.sample("a.csv")]
        provider.canRenew = randomness.below(2) == 0
        let run = try await Self.driven(bench, provider, service, randomness)
        let truth = service.truth
        #expect(truth.runs <= 1, "seed \(seed)")
        #expect(Self.isTrue(run, truth), "seed \(seed): \(run.state), \(run.reason ?? ""), but \(truth)")
        #expect(try await bench.stored() == run, "seed \(seed)")
    }

    /// Drives a run through crashes, and resumes it as long as that may change anything.
    ///
    /// Of every second run whose start is unsettled a person finds out the truth.
    private static func driven(
        _ bench: EngineBench,
        _ provider: FakeProvider,
        _ service: FakeService,
        _ randomness: SeededRandomness
    ) async throws -> Run {
        let isDecided = randomness.below(2) == 0
        for _ in 0..<20 {
            let kind = CrashingStore.Crash.Kind.allCases[randomness.below(3)]
            let crash = CrashingStore.Crash(save: 1 + randomness.below(8), kind: kind)
            let store = CrashingStore(bench.storage, crash: randomness.below(3) == 0 ? crash : nil)
            let isUnsettled = try await bench.stored()?.state == .unknown
            let truth: StartDecision = service.truth.runs == 0 ? .retrigger : .adopt(["id": "r1"])
            let run = try? await bench.drive(
                provider,
                over: service,
                store: store,
                decision: isUnsettled && isDecided ? truth : nil
            )
            if let run, run.state != .unwatched, run.state != .unknown || !isDecided { return run }
        }
        return try #require(try await bench.stored())
    }

    private static func isTrue(_ run: Run, _ truth: FakeService.Truth) -> Bool {
        switch run.state {
        case .succeeded: truth.hasEnded && truth.end == .succeeded && run.artifacts.count == 1
        case .failed where run.reasonClass == .artifacts: truth.hasEnded && truth.end == .succeeded
        case .failed: truth.hasEnded && truth.end == .failed
        case .cancelled: truth.hasEnded && truth.end == .cancelled
        case .rejected: truth.runs == 0
        case .unknown: true
        case .unwatched: truth.runs == 1
        case .pending, .triggering, .running, .downloading: false
        }
    }
}
