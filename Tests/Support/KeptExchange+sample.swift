package import RunCore

extension KeptExchange {
    /// An exchange of 10,000 bytes and some hundred more.
    package static func sample(
        _ number: Int,
        _ kind: Kind = .other,
        after delay: Duration = .zero
    ) -> KeptExchange {
        let request = ProviderRequest(method: "GET", url: "https://sample.test/\(number)", purpose: "sample")
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000)
        let answer = ProviderResponse(status: 200, body: body, url: request.url)
        let exchange = Exchange(
            request: request,
            outcome: .answered(answer),
            sentAt: Timestamp(milliseconds: 1_795_248_000_000) + delay,
            took: .milliseconds(5)
        )
        return KeptExchange(exchange, number: number, kind: kind, limit: .max)
    }

    /// One exchange of each kind, with what is hard to keep: bytes that are no text, failures, cut bodies, files.
    static var ofEveryKind: [KeptExchange] {
        let request = ProviderRequest(
            method: "POST",
            url: "https://x/é?a=%2F",
            headers: ["X-A": "1", "x-a": "2"],
            body: Array(0...255),
            purpose: "trigger.request"
        )
        let answer = ProviderResponse(status: 202, headers: ["Set-Cookie": "a"], body: [0, 255], url: "https://y/")
        let failure = TransportFailure(.connectionLost, "line 1\nline 2", mayHaveArrived: true)
        let outcomes: [Transmission] = [.answered(answer), .failed(failure), .answered(answer), .answered(answer)]
        var exchanges = zip(Kind.allCases, outcomes).enumerated().map { index, pair in
            let exchange = Exchange(
                request: request,
                outcome: pair.1,
                sentAt: Timestamp(milliseconds: Int64(index)),
                took: .milliseconds(index)
            )
            return KeptExchange(exchange, number: index + 1, kind: pair.0, limit: index == 0 ? 1 : 1000)
        }
        exchanges[2].file = KeptFile(Artifact(name: "a", path: "/a", bytes: .max, sha256: "ab"))
        exchanges[3].file = KeptFile(problem: "the MD5 is wrong")
        return exchanges
    }
}
