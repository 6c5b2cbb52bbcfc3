import RunCore

extension ProviderRequest {
    /// All that could be read of it, piece by piece, the body as text.
    var texts: [String] {
        ["\(method) \(url)"] + headers.texts + [String(decoding: body ?? [], as: UTF8.self)]
    }
}

extension Exchange {
    /// All that could be read of it, piece by piece, bodies as text.
    var texts: [String] {
        switch outcome {
        case .failed(let failure): request.texts + [failure.message]
        case .answered(let answer):
            request.texts + ["\(answer.status) \(answer.url)"] + answer.headers.texts
                + [String(decoding: answer.body, as: UTF8.self)]
        }
    }
}

extension KeptExchange {
    /// All that could be read of it, piece by piece, bodies as text.
    var texts: [String] { exchange.texts + [file?.problem].compactMap(\.self) }
}

extension HTTPHeaders {
    /// The fields as they stand in a message.
    fileprivate var texts: [String] { fields.map { "\($0.name): \($0.value)" } }
}
