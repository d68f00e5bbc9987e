// swift-tools-version: 6.2
import PackageDescription

/// A module and what it may import: lower layers only. `tools/check` compares the `import` lines of
/// the sources with this table, which is the only one.
struct Module {
  let name: String
  let imports: [Target.Dependency]
  /// What its tests import besides; nil for a module that is tested through others.
  var tests: [Target.Dependency]? = []
  var hasFixtures = false
}

let modules = [
  Module(
    name: "Cryptography", imports: ["COpenSSL"], tests: ["TestKit"], hasFixtures: true),
  Module(
    name: "CanonicalJSON", imports: [], tests: ["TestKit"], hasFixtures: true),
  Module(
    name: "Events", imports: ["CanonicalJSON"], hasFixtures: true),
  Module(
    name: "TransparencyLog", imports: ["CanonicalJSON"],
    tests: ["Cryptography", "TestKit"], hasFixtures: true),
  Module(
    name: "LedgerStore",
    imports: [
      "CSQLite", "Cryptography", "CanonicalJSON", "Migrations", "Events", "TransparencyLog",
      .product(name: "GRDB", package: "GRDB.swift"),
    ],
    tests: ["TestKit"], hasFixtures: true),
  Module(
    name: "Verification",
    imports: [
      "CSQLite", "CanonicalJSON", "TransparencyLog",
      .product(name: "Crypto", package: "swift-crypto"),
    ],
    tests: ["Events", "LedgerStore", "TestKit"], hasFixtures: true),
  Module(
    name: "Projections", imports: ["CanonicalJSON", "Events"]),
  Module(
    name: "SecretStore",
    imports: [
      "Cryptography", "CanonicalJSON", "Events", "LedgerStore", "Projections",
      .product(name: "AsyncHTTPClient", package: "async-http-client"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "Subprocess", package: "swift-subprocess"),
    ],
    tests: ["TestKit"], hasFixtures: true),
  Module(
    name: "Environments",
    imports: [
      "Cryptography", "CanonicalJSON", "Events",
      .product(name: "OrderedCollections", package: "swift-collections"),
      .product(name: "Yams", package: "Yams"),
    ],
    tests: ["TestKit"], hasFixtures: true),
  Module(
    name: "Tokens",
    imports: [
      "CanonicalJSON", "Events", .product(name: "Crypto", package: "swift-crypto"),
      .product(name: "CryptoExtras", package: "swift-crypto"),
    ],
    tests: ["TestKit"], hasFixtures: true),
  Module(
    name: "Access", imports: ["Events", "Projections"],
    tests: ["CanonicalJSON", "TestKit"], hasFixtures: true),
  Module(
    name: "Rollouts", imports: []),
  Module(
    name: "Platforms",
    imports: [
      "CLinux", "Cryptography", "CanonicalJSON", "Events", "Rollouts",
      .product(name: "AsyncHTTPClient", package: "async-http-client"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
    ],
    tests: ["TestKit"], hasFixtures: true),
  Module(
    name: "Resources",
    imports: ["Cryptography", "CanonicalJSON", "Events", "Projections", "Environments"],
    tests: ["TestKit"], hasFixtures: true),
  Module(
    name: "Operations",
    imports: [
      "Cryptography", "CanonicalJSON", "Events", "TransparencyLog", "LedgerStore", "Verification",
      "Projections", "SecretStore", "Environments", "Tokens", "Access", "Rollouts", "Platforms",
      "Resources", .product(name: "Logging", package: "swift-log"),
      .product(name: "Subprocess", package: "swift-subprocess"),
      .product(name: "SystemPackage", package: "swift-system"),
    ],
    tests: ["CFaults", "TestKit"]),
  Module(
    name: "Commands",
    imports: [
      "CLinux", "Cryptography", "CanonicalJSON", "Events", "TransparencyLog", "LedgerStore",
      "Verification", "Projections", "SecretStore", "Environments", "Tokens", "Access",
      "Rollouts", "Platforms", "Resources", "Operations",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    tests: ["TestKit"]),
  Module(
    name: "TestKit",
    imports: [
      "Cryptography", "CanonicalJSON", "Events", "TransparencyLog", "LedgerStore", "SecretStore",
      "Environments", "Rollouts", "Platforms", "Operations",
      .product(name: "Subprocess", package: "swift-subprocess"),
    ], tests: nil),
  Module(
    name: "Fuzzing",
    imports: [
      "Cryptography", "CanonicalJSON", "Events", "TransparencyLog", "Projections", "Environments",
      "Platforms", "Resources", "Tokens",
    ], hasFixtures: true),
  Module(
    name: "Simulation",
    imports: [
      "CSQLite", "CSimulatedDisk", "Cryptography", "CanonicalJSON", "Events", "TransparencyLog",
      "LedgerStore", "Verification", "TestKit",
    ]),
]

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let systemLibraries: [Target] = [
  .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  .systemLibrary(name: "CLinux"),
]

let migrations = Target.target(
  name: "Migrations", path: "migrations",
  resources: ["ledger", "vault", "vault_keys"].map { .embedInCode("0001_\($0).sql") },
  swiftSettings: settings)

let simulatedDisk = Target.target(
  name: "CSimulatedDisk", cSettings: [.treatAllWarnings(as: .error)])

let programs: [Target] = [
  .executableTarget(name: "stele", dependencies: ["Commands"], swiftSettings: settings),
  .executableTarget(
    name: "stele-bench",
    dependencies: [
      "Access", "CanonicalJSON", "CSQLite", "Cryptography", "Environments", "Events",
      "LedgerStore", "Projections", "Verification", "Operations",
      .product(name: "Crypto", package: "swift-crypto"),
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: settings),
  .executableTarget(name: "stele-fuzz", dependencies: ["Fuzzing"], swiftSettings: settings),
  .executableTarget(
    name: "stele-sim",
    dependencies: [
      "Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: settings),
]

extension Module {
  var target: Target {
    .target(name: name, dependencies: imports, swiftSettings: settings)
  }

  var testTarget: Target? {
    tests.map { besides in
      .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + imports + besides,
        resources: hasFixtures ? [.copy("Fixtures")] : [], swiftSettings: settings)
    }
  }
}

/// What no single module can show: a ledger on a disk that fails, and processes that are killed.
let durability: [Target] = [
  .target(
    name: "CFaults", path: "Tests/CFaults", cSettings: [.treatAllWarnings(as: .error)]),
  .executableTarget(
    name: "ledger-appender",
    dependencies: [
      "CanonicalJSON", "Cryptography", "Events", "LedgerStore", "TestKit", "TransparencyLog",
    ], path: "Tests/Appender", swiftSettings: settings),
  .testTarget(
    name: "DurabilityTests",
    dependencies: [
      "CFaults", "CanonicalJSON", "Events", "LedgerStore", "TestKit", "ledger-appender",
      "TransparencyLog", "Verification",
    ], swiftSettings: settings),
]

/// `tools/fuzz.py` builds the parsers for libFuzzer instead of everything else, each of their
/// branches counted; of the platforms only what reads their answers.
let fuzzing: [Target]? = Context.environment["STELE_FUZZING"].map { _ in
  let parsers = modules.filter {
    [
      "Cryptography", "CanonicalJSON", "Events", "TransparencyLog", "Projections", "Environments",
      "Rollouts", "Resources", "Tokens", "Fuzzing",
    ].contains($0.name)
  }
  let platforms = Target.target(
    name: "Platforms", dependencies: ["CanonicalJSON", "Events", "Rollouts"],
    sources: [
      "Agent/AgentAnswer.swift", "Agent/AgentRequest.swift", "Agent/PlatformError+JSON.swift",
      "Files/ShapeError.swift", "HAProxy/ServerRow.swift", "Replicas", "Traffic/RouterError.swift",
    ], swiftSettings: settings)
  let program = Target.executableTarget(
    name: "stele-fuzz", dependencies: ["Fuzzing"],
    swiftSettings: settings + [.define("LIBFUZZER")])
  return systemLibraries + parsers.map(\.target) + [platforms, program]
}

let package = Package(
  name: "stele",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: fuzzing ?? systemLibraries + [migrations, simulatedDisk] + modules.map(\.target)
    + modules.compactMap(\.testTarget) + programs + durability,
  swiftLanguageModes: [.v6]
)
