/// Links are kept only until they are fetched: their queries may open a file to anybody.
extension KeptExchange {
    /// What stands in place of a link's query.
    package static let hiddenQuery = "link-not-kept"

    /// A query shorter than this opens nothing.
    private static let shortestQuery = 16

    /// A download without the queries of its own URL and of the one it leads to.
    func hidingItsLink() -> KeptExchange {
        var copy = self
        copy.url = Self.hidden(url)
        guard var answer else { return copy }
        answer.url = Self.hidden(answer.url)
        answer.headers = HTTPHeaders(
            answer.headers.fields.map { field in
                field.name.lowercased() == "location" ? .init(field.name, Self.hidden(field.value)) : field
            }
        )
        copy.answer = answer
        return copy
    }

    /// The exchange without the queries of these URLs in its answer, as text or inside of JSON.
    func hiding(linksTo urls: [String]) -> KeptExchange {
        guard kind != .download, var answer else { return self }
        for url in urls {
            guard let sign = url.firstIndex(of: "?") else { continue }
            let query = String(url[url.index(after: sign)...])
            guard query.utf8.count >= Self.shortestQuery else { continue }
            for form in [query, query.replacing("&", with: "\\u0026"), query.replacing("/", with: "\\/")] {
                answer.body = answer.body.replacing(form, with: Self.hiddenQuery)
            }
        }
        var copy = self
        copy.answer = answer
        return copy
    }

    private static func hidden(_ url: String) -> String {
        guard let sign = url.firstIndex(of: "?") else { return url }
        return String(url[...sign]) + hiddenQuery
    }
}
