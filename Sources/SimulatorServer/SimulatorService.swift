import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
package import PluginHost
import RunCore

/// Serves a simulator over HTTP on loopback.
package struct SimulatorService: Sendable {
    private let simulator: Simulator
    private let port: Int
    private let logger: Logger
    private let onReady: @Sendable (_ port: Int) async -> Void

    /// Largest body of a request, in bytes.
    private static let bodyLimit = 16 << 20
    /// As much of an answer is logged, in bytes.
    private static let answerLimit = 1000

    /// Serves a simulator, once run, on a port of its own; 0 takes a free one.
    ///
    /// `onReady` is told the port once connections are accepted.
    package init(
        _ simulator: Simulator,
        port: Int,
        logger: Logger,
        onReady: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.simulator = simulator
        self.port = port
        self.logger = logger
        self.onReady = onReady
    }

    /// Serves until the task is cancelled.
    package func run() async throws {
        let (simulator, logger) = (simulator, logger)
        let responder = CallbackResponder { (request: Request, _: BasicRequestContext) in
            try await Self.answer(request, from: simulator, logger)
        }
        let onReady = onReady
        let application = Application(
            responder: responder,
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "simulator"),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { await onReady(port) }
            },
            logger: logger
        )
        try await application.run()
    }

    private static func answer(
        _ request: Request,
        from simulator: Simulator,
        _ logger: Logger
    ) async throws -> Response {
        let body = try await request.body.collect(upTo: bodyLimit)
        var headers = HTTPHeaders(request.headers.map { .init($0.name.rawName, $0.value) })
        // Kept apart from the other fields there.
        if let host = request.head.authority { headers.set("Host", host) }
        let answer = await simulator.answer(
            SimulatorRequest(
                method: request.method.rawValue,
                target: request.uri.string,
                headers: headers,
                body: Array(buffer: body)
            )
        )
        Self.log(request, answer, logger)
        var fields = HTTPFields()
        for field in answer.headers.fields {
            if let name = HTTPField.Name(field.name) { fields.append(HTTPField(name: name, value: field.value)) }
        }
        return Response(
            status: .init(code: answer.status),
            headers: fields,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }
    /// Tells of each request; on `debug` with its answer, too.
    private static func log(_ request: Request, _ answer: ProviderResponse, _ logger: Logger) {
        let line = "\(request.method.rawValue) \(request.uri.path) \(answer.status)"
        guard logger.logLevel <= .debug else { return logger.info("\(line)") }
        let body = String(decoding: answer.body.prefix(answerLimit), as: UTF8.self).replacing("\n", with: " ")
        logger.debug("\(line) \(body)")
    }
}
