import Lua
import PluginHost
import RunCore

/// Finds the recorded exchange that a request of a replayed run asks for.
struct ReplayMatcher: Sendable {
    /// What a request gets.
    enum Match {
        case answer(KeptExchange)
        case halt(ReplayTransport.Halt)
    }

    private let recording: Recording
    /// Whether the last answer stands for those that followed it: watching ended by a limit of time.
    private let repeatsLast: Bool
    private var next = 0
    private var latest: KeptExchange?
    private var repetitions = 0

    private(set) var differences: [ReplayDifference] = []
    /// Why something cannot be told.
    private(set) var gaps: [String] = []
    /// How many recorded exchanges answered a request.
    private(set) var used = 0

    /// A run that never ends must not be waited for.
    private static let mostRepetitions = 100_000

    init(_ recording: Recording, repeatsLast: Bool) {
        self.recording = recording
        self.repeatsLast = repeatsLast
    }

    /// Whether recorded exchanges are left.
    var hasMore: Bool { next < recording.exchanges.count }

    /// Notes that the next recorded exchange is not asked for any more.
    mutating func noteMissing() {
        let left = recording.exchanges.dropFirst(next)
        guard let missing = left.first(where: { $0.kind == .poll || $0.kind == .other }) else { return }
        differences.append(.request(recorded: Self.line(missing), now: nil, number: missing.number))
    }

    mutating func match(_ request: ProviderRequest) -> Match {
        guard hasMore else { return afterTheEnd(request) }
        let due = recording.exchanges[next]
        let isCancel = request.purpose.hasPrefix(Self.cancel)
        if due.purpose.hasPrefix(Self.cancel), !isCancel { return .halt(.cancelled) }
        if let index = indexOfEqual(to: request) {
            note(skippedUpTo: index)
            return take(index, for: request)
        }
        if due.purpose == request.purpose { return take(next, for: request) }
        if recording.leftOut(before: due) > 0 {
            let line = Self.line(request)
            gaps.append("\(line) is asked for, and what came before exchange \(due.number) is not kept")
        } else {
            differences.append(.request(recorded: Self.line(due), now: Self.line(request), number: due.number))
        }
        return .halt(.unknown)
    }

    private static let cancel = "cancel"

    private mutating func afterTheEnd(_ request: ProviderRequest) -> Match {
        if repeatsLast, let latest, Self.isSame(latest, request), repetitions < Self.mostRepetitions {
            repetitions += 1
            // It was answered at its own time; from here on the run's clock counts.
            return .answer(latest)
        }
        return .halt(.ended)
    }

    /// The recorded exchange that is due, or a later one with no start in between, if it has this method and URL.
    private func indexOfEqual(to request: ProviderRequest) -> Int? {
        for index in next..<recording.exchanges.count {
            let kept = recording.exchanges[index]
            if Self.isSame(kept, request) { return wholeDownload(from: index) }
            if kept.kind == .start || kept.purpose.hasPrefix(Self.cancel) { return nil }
        }
        return nil
    }

    /// Of several tries to fetch a file the one that brought it.
    private func wholeDownload(from index: Int) -> Int {
        let first = recording.exchanges[index]
        guard first.kind == .download, first.file == nil else { return index }
        let tries = recording.exchanges.indices.dropFirst(index).prefix { other in
            recording.exchanges[other].kind == .download && recording.exchanges[other].url == first.url
        }
        return tries.last { recording.exchanges[$0].file?.content != nil } ?? index
    }

    private mutating func note(skippedUpTo index: Int) {
        for skipped in recording.exchanges[next..<index] where skipped.kind != .download {
            differences.append(.request(recorded: Self.line(skipped), now: nil, number: skipped.number))
        }
    }

    private mutating func take(_ index: Int, for request: ProviderRequest) -> Match {
        let kept = recording.exchanges[index]
        next = index + 1
        used += 1
        latest = kept
        compare(request, with: kept)
        if let body = kept.answer?.body, body.isCut {
            gaps.append("of answer \(kept.number) only \(body.bytes.count) of \(body.size) bytes are kept")
            return .halt(.unknown)
        }
        if kept.kind == .download, let answer = kept.answer, (200..<300).contains(answer.status), kept.file == nil {
            gaps.append("what file exchange \(kept.number) brought is not kept")
            return .halt(.unknown)
        }
        return .answer(kept)
    }

    // MARK: - Comparing

    private mutating func compare(_ request: ProviderRequest, with kept: KeptExchange) {
        func differ(_ recorded: String, _ now: String) {
            differences.append(.request(recorded: recorded, now: now, number: kept.number))
        }
        if !Self.isSame(kept, request) { differ(Self.line(kept), Self.line(request)) }
        for name in Self.names(kept.headers, request.headers) {
            let (old, new) = (kept.headers.all(name), request.headers.all(name))
            if old != new { differ("\(name): \(Self.text(old))", "\(name): \(Self.text(new))") }
        }
        if let body = kept.body, body.isCut {
            gaps.append("of request \(kept.number) only \(body.bytes.count) of \(body.size) bytes are kept")
        } else if !Self.isEqual(kept.body?.bytes ?? [], request.body ?? []) {
            differ(Self.text(kept.body?.bytes), Self.text(request.body))
        }
    }

    private static func isSame(_ kept: KeptExchange, _ request: ProviderRequest) -> Bool {
        guard kept.method == request.method else { return false }
        if kept.url == request.url { return true }
        let hidden = "?\(KeptExchange.hiddenQuery)"
        guard kept.url.hasSuffix(hidden) else { return false }
        return request.url.prefix { $0 != "?" } == kept.url.dropLast(hidden.count)
    }

    /// Headers that the plugin made; those of credentials and of the transfer are the host's.
    private static func names(_ one: HTTPHeaders, _ other: HTTPHeaders) -> [String] {
        let names = Set((one.fields + other.fields).map { $0.name.lowercased() })
        return names.filter { !hostHeaders.contains($0) && !$0.hasPrefix("x-amz-") }.sorted()
    }

    private static let hostHeaders: Set<String> = ["authorization", "cookie", "range", "if-range", "date"]

    private static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        if one == other { return true }
        guard let old = try? JSONReader.read(one, as: JSONValue.self),
            let new = try? JSONReader.read(other, as: JSONValue.self)
        else { return false }
        return old == new
    }

    private static func line(_ kept: KeptExchange) -> String { "\(kept.method) \(kept.url)" }

    private static func line(_ request: ProviderRequest) -> String { "\(request.method) \(request.url)" }

    private static func text(_ values: [String]) -> String {
        values.isEmpty ? "absent" : values.joined(separator: ", ")
    }

    private static func text(_ body: [UInt8]?) -> String {
        body.map { String(decoding: $0, as: UTF8.self) } ?? "no body"
    }
}
