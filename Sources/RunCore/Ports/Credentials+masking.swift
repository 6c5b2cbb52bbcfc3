extension Credentials {
    /// The request with every secret in URL, headers and body replaced, fit to be shown and kept.
    package func masked(_ request: ProviderRequest) -> ProviderRequest {
        var request = request
        request.url = masked(request.url)
        request.headers = masked(request.headers)
        request.body = request.body.map { masked($0) }
        return request
    }

    /// The header fields with every secret in their names and values replaced.
    package func masked(_ headers: HTTPHeaders) -> HTTPHeaders {
        HTTPHeaders(headers.fields.map { .init(masked($0.name), masked($0.value)) })
    }
}
