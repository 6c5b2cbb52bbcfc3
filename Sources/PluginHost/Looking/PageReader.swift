import Lua
import RunCore

/// Reads a list that comes in pages to its end.
struct PageReader: Sendable {
    let plugin: Plugin
    let courier: any Courier
    let judge: RefusalJudge
    let context: LuaArgument
    /// The place in the plugin's table, such as `targets`.
    let purpose: String

    /// Pages of one list, at most.
    private static let limit = 1000

    /// All elements, page by page from the one that `first` asks for.
    func all(_ first: ProviderRequest, _ pages: PagesManifest) async throws(PluginFault) -> Reply<[JSONValue]> {
        var elements: [JSONValue] = []
        var request = try begin(first, pages.way)
        for page in 1...Self.limit {
            let answer: AnswerView
            switch try await courier.send(request) {
            case .failed(let failure): return .unanswered(failure.harmless)
            case .answered(let response): answer = AnswerView(response, unwrap: plugin.manifest.unwrap)
            }
            let refusal = try await judge.refusal(
                answer.whole,
                expected: request.expected,
                context: context,
                purpose: purpose
            )
            if let refusal { return .refused(refusal) }
            if let obstacle = answer.obstacle(to: pages.each) { return .refused(Refusal(.unreadable, obstacle)) }
            let found = pages.each.value(in: answer)?.array ?? []
            elements += found
            guard !found.isEmpty,
                let next = try next(after: page, elements.count, answer, request, first, pages.way)
            else { return .given(elements) }
            request = next
        }
        throw PluginFault("\(purpose): more than \(Self.limit) pages", place: plugin.file)
    }

    private func begin(_ first: ProviderRequest, _ way: PagesManifest.Way) throws(PluginFault) -> ProviderRequest {
        switch way {
        case .number(let name, _): try RequestFields.setting(name, to: 1, in: first, inQuery: true)
        case .offset(let name): try RequestFields.setting(name, to: 0, in: first, inQuery: true)
        case .token, .link, .none: first
        }
    }

    /// The request for the next page; nil if this was the last.
    private func next(
        after page: Int,
        _ count: Int,
        _ answer: AnswerView,
        _ request: ProviderRequest,
        _ first: ProviderRequest,
        _ way: PagesManifest.Way
    ) throws(PluginFault) -> ProviderRequest? {
        switch way {
        case .none: return nil
        case .number(let name, let more):
            if let more, more.value(in: answer)?.bool != true { return nil }
            return try RequestFields.setting(name, to: .integer(Int64(page + 1)), in: first, inQuery: true)
        case .offset(let name):
            return try RequestFields.setting(name, to: .integer(Int64(count)), in: first, inQuery: true)
        case .token(let path, let name):
            guard let token = path.value(in: answer), token != .bool(false), token.plainText != "" else { return nil }
            let next = try RequestFields.setting(name, to: token, in: first)
            // The same page again would never end.
            return next == request ? nil : next
        case .link(let path):
            guard let link = path.value(in: answer)?.string, !link.isEmpty else { return nil }
            guard let url = URLText.resolve(link, against: request.url) else {
                throw PluginFault("\(purpose): '\(link)' is no link to a page", place: plugin.file)
            }
            var next = first
            next.url = url
            return next == request ? nil : next
        }
    }
}
