// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "agent",
    products: [
        .executable(name: "agent", targets: ["agent"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // MARK: Lua
        .target(
            name: "CLua",
            cSettings: [.define("_GNU_SOURCE"), .treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("lua5.4")]
        ),
        .target(name: "Lua", dependencies: ["CLua"]),

        // MARK: The engine and its ports
        .target(
            name: "RunCore",
            dependencies: [.product(name: "Logging", package: "swift-log")]
        ),

        // MARK: What implements the ports
        .target(
            name: "PluginHost",
            dependencies: [
                "Lua",
                "RunCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "HTTPTransport",
            dependencies: [
                "RunCore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(
            name: "ArtifactFiles",
            dependencies: [
                "RunCore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .target(
            name: "SQLiteRunStore",
            dependencies: [
                "RunCore",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .target(
            name: "Rehearsal",
            dependencies: [
                "Lua",
                "PluginHost",
                "RunCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "SimulatorServer",
            dependencies: [
                "PluginHost",
                "RunCore",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),

        // MARK: The command line
        .target(
            name: "AgentCommands",
            dependencies: [
                "ArtifactFiles",
                "HTTPTransport",
                "Lua",
                "PluginHost",
                "Rehearsal",
                "RunCore",
                "SQLiteRunStore",
                "SimulatorServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .executableTarget(name: "agent", dependencies: ["AgentCommands"]),

        // MARK: Tests
        .target(
            name: "AgentTesting",
            dependencies: [
                "Rehearsal",
                "RunCore",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/Support"
        ),
        .target(
            name: "CLuaTesting",
            dependencies: ["CLua"],
            path: "Tests/CLuaTesting",
            cSettings: [
                .define("_GNU_SOURCE"), .headerSearchPath("../../Sources/CLua"), .treatAllWarnings(as: .error),
            ]
        ),
        .testTarget(
            name: "LuaTests",
            dependencies: ["CLuaTesting", "Lua"],
            exclude: ["Corpus", "Hostile"]
        ),
        .testTarget(
            name: "RunCoreTests",
            dependencies: [
                "AgentTesting",
                "Rehearsal",
                "RunCore",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "PluginHostTests",
            dependencies: [
                "AgentTesting",
                "Lua",
                "PluginHost",
                "Rehearsal",
                "RunCore",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(name: "HTTPTransportTests", dependencies: ["AgentTesting", "HTTPTransport"]),
        .testTarget(name: "ArtifactFilesTests", dependencies: ["AgentTesting", "ArtifactFiles", "Rehearsal"]),
        .testTarget(
            name: "SQLiteRunStoreTests",
            dependencies: [
                "AgentTesting",
                "Rehearsal",
                "SQLiteRunStore",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "RehearsalTests",
            dependencies: [
                "AgentTesting",
                "PluginHost",
                "Rehearsal",
                "RunCore",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(name: "SimulatorServerTests", dependencies: ["AgentTesting", "HTTPTransport", "SimulatorServer"]),
        .testTarget(
            name: "AgentCommandsTests",
            dependencies: ["AgentTesting", "AgentCommands"],
            exclude: ["Snapshots"]
        ),
        .testTarget(
            name: "PluginTests",
            dependencies: [
                "AgentTesting",
                "PluginHost",
                "Rehearsal",
                "RunCore",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "AgentTesting",
                "PluginHost",
                "Rehearsal",
                "RunCore",
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Plugins"]
        ),
        .testTarget(name: "EndToEndTests", dependencies: ["AgentTesting", "AgentCommands"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system && !target.name.hasPrefix("CLua") {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}
