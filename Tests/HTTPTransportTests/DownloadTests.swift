import AgentTesting
import Foundation
import HTTPTransport
import RunCore
import Testing

/// Bodies that are passed on as they arrive.
@Suite(.hangGuard)
struct DownloadTests {
    @Test func piecesArriveInOrder() async throws {
        let file = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try await withFakeProvider { fake in
            fake.reply(.answer(200, headers: [("ETag", "\"1\"")], body: file))
            let receiver = PieceReceiver()
            try await withTransport(to: fake.url, configure: { $0.maximumBody = 1 }) { transport in
                let answer = try #require(try await transport.download(.get(fake.url), to: receiver).response)
                #expect(answer.status == 200)
                #expect(answer.body.isEmpty)
            }
            #expect(receiver.bytes == file)
            #expect(receiver.head?.headers["etag"] == "\"1\"")
        }
    }

    @Test func bodyIsAskedForUnencoded() async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(200, text: "x"))
            try await withTransport(to: fake.url) { transport in
                let request = ProviderRequest.get(fake.url, headers: ["accept-encoding": "gzip", "Range": "bytes=5-"])
                _ = try await transport.download(request, to: PieceReceiver())
            }
            #expect(fake.requests.first?.headers.all("accept-encoding") == ["identity"])
            #expect(fake.requests.first?.headers["range"] == "bytes=5-")
        }
    }

    @Test(arguments: [(10, 10), (1 << 20, 1 << 20), (3 << 20, 1 << 20)])
    func beginningOfAnUnwantedBodyComesBack(_ size: Int, _ expected: Int) async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(404, body: [UInt8](repeating: 7, count: size)))
            let receiver = PieceReceiver(accepts: { $0.status == 200 })
            try await withTransport(to: fake.url) { transport in
                let answer = try #require(try await transport.download(.get(fake.url), to: receiver).response)
                #expect(answer.status == 404)
                #expect(answer.body.count == expected)
            }
            #expect(receiver.bytes.isEmpty)
        }
    }

    @Test(arguments: ["identity", "gzip"])
    func endlessDownloadIsStoppedAtTheLimit(_ encoding: String) async throws {
        // A megabyte of zeros, in Base64 of gzip.
        let bomb = "H4sIAAAAAAACA+3BMQEAAADCoPVPbQhfo" + String(repeating: "A", count: 1355) + "PgMc6jinAAAQAA=="
        try await withFakeProvider { fake in
            if encoding == "gzip" {
                let body = Array(try #require(Data(base64Encoded: bomb)))
                fake.reply(.answer(200, headers: [("Content-Encoding", encoding)], body: body))
            } else {
                let chunk = Array("3e8\r\n".utf8) + [UInt8](repeating: 0x61, count: 1000) + Array("\r\n".utf8)
                let head = FakeProviderReply.head(200, [("Transfer-Encoding", "chunked")])
                let pieces = [head] + [[UInt8]](repeating: chunk, count: 80)
                fake.reply(FakeProviderReply(pieces.map { .bytes($0) }, then: .silence))
            }
            let receiver = PieceReceiver()
            try await withTransport(to: fake.url, configure: { $0.maximumDownload = 65_536 }) { transport in
                let failure = try await transport.download(.get(fake.url), to: receiver).failure
                #expect(failure?.kind == .tooLarge)
            }
            #expect(receiver.bytes.count <= 65_536)
        }
    }

    @Test func cutTransferIsALostConnection() async throws {
        try await withFakeProvider { fake in
            fake.reply(.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", then: .close))
            let receiver = PieceReceiver()
            try await withTransport(to: fake.url) { transport in
                let failure = try await transport.download(.get(fake.url), to: receiver).failure
                #expect(failure?.kind == .connectionLost)
            }
            #expect(receiver.bytes == Array("abc".utf8))
        }
    }

    @Test func partGoesToTheReceiverAsItIs() async throws {
        try await withFakeProvider { fake in
            let range = ("Content-Range", "bytes 5-7/8")
            fake.reply(.answer(206, headers: [("ETag", "\"1\""), range], body: Array("fgh".utf8)))
            let receiver = PieceReceiver()
            try await withTransport(to: fake.url) { transport in
                let request = ProviderRequest.get(fake.url, headers: ["Range": "bytes=5-", "If-Range": "\"1\""])
                let answer = try await transport.download(request, to: receiver).response
                #expect(answer?.status == 206)
            }
            #expect(fake.requests.first?.headers["if-range"] == "\"1\"")
            #expect(receiver.head?.headers["content-range"] == "bytes 5-7/8")
            #expect(receiver.bytes == Array("fgh".utf8))
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
    func silenceOverTheLimitIsATimeout(_ beginning: String) async throws {
        try await withFakeProvider { fake in
            fake.reply(.raw(beginning, then: .silence))
            try await withTransport(to: fake.url) { transport in
                let request = ProviderRequest.get(fake.url, timeout: .milliseconds(200))
                let failure = try await transport.download(request, to: PieceReceiver()).failure
                #expect(failure?.kind == .timeout)
                #expect(failure?.message.contains("200ms") == true)
            }
        }
    }

    @Test func timeOfTheReceiverDoesNotCount() async throws {
        try await withFakeProvider { fake in
            fake.reply { request in
                request.uri == "/file" ? .answer(200, text: "abc") : .nothing(then: .silence)
            }
            let url = fake.url
            try await withTransport(to: url) { transport in
                // Takes longer than the limit, by asking for what never comes. A busy machine needs such limits.
                let receiver = PieceReceiver(onPiece: { _ in
                    _ = await transport.send(.get(url, timeout: .seconds(31)))
                })
                let request = ProviderRequest.get("\(url)/file", timeout: .seconds(30))
                let transmission = try await transport.download(request, to: receiver)
                #expect(transmission.response?.status == 200, "\(transmission)")
            }
        }
    }

    @Test func errorOfTheReceiverEndsTheTransfer() async throws {
        let full = ArtifactError(.space, "no space left on /out")
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(200, body: [UInt8](repeating: 7, count: 1 << 20)) }
            try await withTransport(to: fake.url) { transport in
                let refusing = PieceReceiver(accepts: { _ throws(ArtifactError) in throw full })
                await #expect(throws: full) { try await transport.download(.get(fake.url), to: refusing) }
                let failing = PieceReceiver(onPiece: { _ throws(ArtifactError) in throw full })
                await #expect(throws: full) { try await transport.download(.get(fake.url), to: failing) }
            }
        }
    }

    @Test func senderWaitsForTheReceiver() async throws {
        let megabyte = [UInt8](repeating: 7, count: 1 << 20)
        let head = FakeProviderReply.head(200, [("Content-Length", String(64 << 20))])
        try await withFakeProvider { fake in
            let allTaken = FakeProviderSignal()
            let pieces = [FakeProviderReply.Piece.bytes(head)] + (0..<64).map { _ in .bytes(megabyte) }
            fake.reply { request in
                if request.uri != "/file" { return .nothing(then: .silence) }
                return FakeProviderReply(pieces + [.open(allTaken)], then: .keep)
            }
            let url = fake.url
            try await withTransport(to: url) { transport in
                let receiver = PieceReceiver(onPiece: { number in
                    guard number == 1 else { return }
                    // Gives the sender 300 ms to run ahead.
                    _ = await transport.send(.get(url, timeout: .milliseconds(300)))
                    #expect(!allTaken.isOpen)
                })
                let answer = try await transport.download(.get("\(url)/file"), to: receiver).response
                #expect(answer?.status == 200)
                #expect(receiver.bytes.count == 64 << 20)
            }
        }
    }

    @Test func cancelledDownloadEnds() async throws {
        try await withFakeProvider { fake in
            fake.reply(.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", then: .silence))
            let firstPiece = FakeProviderSignal()
            let receiver = PieceReceiver(onPiece: { _ in firstPiece.open() })
            try await withTransport(to: fake.url) { transport in
                let task = Task { try await transport.download(.get(fake.url), to: receiver) }
                await firstPiece.wait()
                task.cancel()
                let failure = try await task.value.failure
                #expect(failure?.kind == .cancelled)
            }
        }
    }
}
