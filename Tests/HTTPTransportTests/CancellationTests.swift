import AgentTesting
import HTTPTransport
import RunCore
import Testing

/// A cancelled request fails at once, and knows whether it may have arrived.
@Suite(.hangGuard)
struct CancellationTests {
    @Test func startCancelledBeforeItBeganIsNotSent() async throws {
        try await withFakeProvider { fake in
            try await withTransport(to: fake.url) { transport in
                let signal = FakeProviderSignal()
                let task = Task {
                    await signal.wait()
                    return await transport.start(.post(fake.url))
                }
                task.cancel()
                signal.open()
                #expect(await task.value.failure?.fate == .notSent(.cancelled))
            }
            #expect(fake.connections == 0)
        }
    }

    @Test func startCancelledWhileConnectingIsNotSent() async throws {
        try await withFakeProvider(greeting: .afterFirstBytes(.nothing(then: .silence))) { fake in
            let url = "https://127.0.0.1:\(fake.port)"
            try await withTransport(to: url) { transport in
                let task = Task { await transport.start(.post(url)) }
                await fake.firstBytes()
                task.cancel()
                #expect(await task.value.failure?.fate == .notSent(.cancelled))
            }
        }
    }

    @Test func startCancelledAfterItWasSentIsAmbiguous() async throws {
        try await withFakeProvider { fake in
            fake.reply(.nothing(then: .silence))
            try await withTransport(to: fake.url) { transport in
                let task = Task { await transport.start(.post(fake.url)) }
                for await _ in fake.arrivals { break }
                task.cancel()
                #expect(await task.value.failure?.fate == .ambiguous(.cancelled))
            }
        }
    }

    @Test func startCancelledWithinTheBodyIsAmbiguous() async throws {
        try await withFakeProvider { fake in
            let signal = FakeProviderSignal()
            fake.reply { _ in
                defer { signal.open() }
                return .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", then: .silence)
            }
            try await withTransport(to: fake.url) { transport in
                let task = Task { await transport.start(.post(fake.url)) }
                await signal.wait()
                task.cancel()
                #expect(await task.value.failure?.fate == .ambiguous(.cancelled))
            }
        }
    }

    @Test func cancelledPollEnds() async throws {
        try await withFakeProvider { fake in
            fake.reply(.nothing(then: .silence))
            try await withTransport(to: fake.url) { transport in
                let task = Task { await transport.send(.get(fake.url)) }
                for await _ in fake.arrivals { break }
                task.cancel()
                #expect(await task.value.failure?.kind == .cancelled)
            }
        }
    }

    @Test func pollUnderWayFailsAtShutdown() async throws {
        try await withFakeProvider { fake in
            fake.reply(.nothing(then: .silence))
            try await withTransport(to: fake.url) { transport in
                let task = Task { await transport.send(.get(fake.url)) }
                for await _ in fake.arrivals { break }
                await transport.shutdown()
                #expect(await task.value.failure?.kind == .cancelled)
            }
        }
    }

    @Test func shutDownTransportSendsNothing() async throws {
        try await withFakeProvider { fake in
            try await withTransport(to: fake.url) { transport in
                await transport.shutdown()
                #expect(await transport.send(.get(fake.url)).failure?.fate == .notSent(.cancelled))
            }
            #expect(fake.connections == 0)
        }
    }
}
