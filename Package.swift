// swift-tools-version: 6.0
import PackageDescription

// The commit that `hubbub --version` names, in quotes for C. The scripts in demo set it. It is not asked of git
// here: SwiftPM keeps what this file says, and would go on naming an older commit.
let commit = Context.environment["HUBBUB_COMMIT"].map { "\"\($0)\"" }

// The arrows point down: a module may depend on those below it, neighbours never meet.
let package = Package(
  name: "hubbub",
  products: [.executable(name: "hubbub", targets: ["hubbub"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .executableTarget(
      name: "hubbub",
      dependencies: [
        "HubbubCluster", "HubbubServer", "HubbubClient", "HubbubSwarm",
        "HubbubSockets", "HubbubThreads", "CCommit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),

    .target(
      name: "HubbubServer",
      dependencies: [
        "HubbubBytes", "HubbubCluster", "HubbubLog", "HubbubRooms", "HubbubSockets",
        "HubbubStore", "HubbubThreads", "HubbubWeb", "IRCWire",
        "CCrypt",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "HubbubClient",
      dependencies: ["HubbubDial", "HubbubSockets", "HubbubThreads", "IRCWire", "CLibEdit"]),
    .target(
      name: "HubbubSwarm",
      dependencies: [
        "HubbubDial", "HubbubSockets", "HubbubThreads", "IRCWire", "CLinux",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ]),

    .target(
      name: "HubbubCluster",
      dependencies: [
        "HubbubBytes", "HubbubLog", "HubbubRooms", "HubbubThreads", "IRCWire", "CCurl", "CZlib",
      ]),
    .target(
      name: "HubbubRooms",
      dependencies: [
        "HubbubBytes", "HubbubLog", "HubbubThreads", "IRCWire",
        .product(name: "DequeModule", package: "swift-collections"),
      ]),
    .target(
      name: "HubbubLog",
      dependencies: [
        "HubbubThreads", .product(name: "DequeModule", package: "swift-collections"),
      ]),
    .target(
      name: "HubbubStore",
      dependencies: [
        "HubbubBytes", "HubbubThreads", "IRCWire", "COpenSSL", "CSQLite",
        .product(name: "DequeModule", package: "swift-collections"),
      ]),
    .target(
      name: "HubbubWeb", dependencies: ["IRCWire", "COpenSSL", "CWebAssets", "CZlib"]),
    .target(
      name: "HubbubDial",
      dependencies: ["HubbubSockets", "HubbubThreads", "HubbubWeb", "IRCWire", "COpenSSL"]),
    .target(
      name: "HubbubSockets", dependencies: ["HubbubThreads", "CLinux", "COpenSSL", "CURing"]),
    .target(name: "HubbubBytes", dependencies: ["IRCWire"]),
    .target(name: "HubbubThreads", dependencies: ["CLinux"]),
    .target(name: "IRCWire"),

    .target(
      name: "CCommit", cSettings: commit.map { [.define("HUBBUB_COMMIT", to: $0)] } ?? []),
    .target(name: "CCrypt", linkerSettings: [.linkedLibrary("crypt")]),
    .target(name: "CLibEdit", linkerSettings: [.linkedLibrary("edit")]),
    .target(name: "CLinux"),
    .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "CURing", linkerSettings: [.linkedLibrary("uring")]),
    .target(
      name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),

    .target(name: "CWebAssets", exclude: ["client"]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),

    .target(
      name: "TestSupport", dependencies: ["HubbubCluster", "HubbubThreads"],
      path: "Tests/TestSupport"),
    .testTarget(
      name: "IRCWireTests", dependencies: ["HubbubThreads", "IRCWire", "TestSupport"]),
    .testTarget(name: "HubbubThreadsTests", dependencies: ["HubbubThreads"]),
    .testTarget(name: "HubbubSocketsTests", dependencies: ["HubbubSockets", "TestSupport"]),
    .testTarget(
      name: "HubbubWebTests",
      dependencies: ["HubbubThreads", "HubbubWeb", "IRCWire", "TestSupport"]),
    .testTarget(name: "HubbubDialTests", dependencies: ["HubbubDial", "TestSupport"]),
    .target(
      name: "CFaultyDisk", path: "Tests/CFaultyDisk",
      linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
      name: "store-probe", dependencies: ["HubbubStore"], path: "Tests/StoreProbe"),
    .testTarget(
      name: "HubbubStoreTests",
      dependencies: [
        "HubbubBytes", "HubbubStore", "HubbubThreads", "IRCWire", "CSQLite", "CFaultyDisk",
        "TestSupport",
        "store-probe",
      ]),
    .testTarget(
      name: "HubbubClusterTests",
      dependencies: [
        "HubbubCluster", "HubbubLog", "HubbubRooms", "HubbubThreads", "IRCWire", "TestSupport",
      ]),
    .testTarget(
      name: "HubbubRoomsTests",
      dependencies: ["CLinux", "HubbubLog", "HubbubRooms", "HubbubThreads", "TestSupport"]),
    .testTarget(
      name: "HubbubServerTests",
      dependencies: [
        "HubbubCluster", "HubbubServer", "HubbubDial", "HubbubStore", "HubbubWeb",
        "TestSupport",
        "hubbub",
        .product(name: "Yams", package: "Yams"),
      ]),
    .testTarget(
      name: "HubbubClientTests",
      dependencies: [
        "HubbubClient", "HubbubSockets", "HubbubThreads", "IRCWire", "TestSupport", "hubbub",
      ]),
    .testTarget(
      name: "HubbubSwarmTests", dependencies: ["HubbubSwarm", "HubbubServer", "HubbubThreads"]),
  ]
)
