// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// One row a module: its name and what it may import, lower layers only.
/// `tools/check` compares the `import` lines of `Sources` with this table.
let modules: [(name: String, imports: [Target.Dependency])] = [
  ("Cryptography", ["COpenSSL"]),
  ("CanonicalJSON", []),
  ("Events", ["CanonicalJSON"]),
  ("TransparencyLog", ["CanonicalJSON"]),
  (
    "LedgerStore",
    [
      "CSQLite", "Cryptography", "CanonicalJSON", "Migrations", "Events", "TransparencyLog",
      .product(name: "GRDB", package: "GRDB.swift"),
    ]
  ),
  (
    "Verification",
    [
      "CSQLite", "CanonicalJSON", "TransparencyLog",
      .product(name: "Crypto", package: "swift-crypto"),
    ]
  ),
  ("Projections", ["CanonicalJSON", "Events"]),
  (
    "Environments",
    ["CanonicalJSON", "Cryptography", "Events", .product(name: "Yams", package: "Yams")]
  ),
  ("Access", ["Events", "Projections"]),
  ("Rollouts", ["CanonicalJSON", "Events"]),
  (
    "Platforms",
    [
      "CLinux", "CanonicalJSON", "Cryptography", "Events", "Rollouts",
      .product(name: "AsyncHTTPClient", package: "async-http-client"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "Subprocess", package: "swift-subprocess"),
    ]
  ),
  (
    "Operations",
    [
      "CanonicalJSON", "Cryptography", "Events", "TransparencyLog", "LedgerStore", "Verification",
      "Projections", "Environments", "Access", "Rollouts", "Platforms",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "Subprocess", package: "swift-subprocess"),
      .product(name: "SystemPackage", package: "swift-system"),
    ]
  ),
  (
    "Commands",
    [
      "CanonicalJSON", "Cryptography", "Events", "TransparencyLog", "LedgerStore", "Verification",
      "Projections", "Environments", "Access", "Rollouts", "Platforms", "Operations",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]
  ),
  (
    "TestKit",
    [
      "CanonicalJSON", "Cryptography", "Events", "TransparencyLog", "LedgerStore", "Projections",
      "Environments", "Rollouts", "Platforms", "Operations",
    ]
  ),
]

/// What a module's tests import besides its row: real hashes and signatures for pure modules.
let testImports: [String: [Target.Dependency]] = ["TransparencyLog": ["Cryptography"]]

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// ---- scaffolding while modules are being made: what has no folder yet is left out ----
let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: here + "/" + path) }
func made(_ dependencies: [Target.Dependency]) -> [Target.Dependency] {
  dependencies.filter { dependency in
    if case .byNameItem(let name, _) = dependency {
      return name == "Migrations" ? exists("migrations") : exists("Sources/\(name)")
    }
    return true
  }
}

var targets: [Target] = []
if exists("Sources/COpenSSL") {
  targets.append(
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]))
}
if exists("Sources/CSQLite") {
  targets.append(
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]))
}
if exists("Sources/CLinux") {
  targets.append(.systemLibrary(name: "CLinux"))
}
if exists("migrations") {
  targets.append(
    .target(
      name: "Migrations", path: "migrations",
      resources: ["ledger", "vault", "vault_keys"].map { .embedInCode("0001_\($0).sql") },
      swiftSettings: settings))
}
for module in modules where exists("Sources/\(module.name)") {
  targets.append(
    .target(name: module.name, dependencies: made(module.imports), swiftSettings: settings))
  if exists("Tests/\(module.name)Tests") {
    targets.append(
      .testTarget(
        name: "\(module.name)Tests",
        dependencies: [.byName(name: module.name)] + made(module.imports)
          + made(testImports[module.name] ?? [])
          + (module.name == "TestKit" ? [] : made(["TestKit"])),
        exclude: [],
        resources: exists("Tests/\(module.name)Tests/Fixtures") ? [.copy("Fixtures")] : [],
        swiftSettings: settings))
  }
}
if exists("Sources/stele") {
  targets.append(
    .executableTarget(name: "stele", dependencies: ["Commands"], swiftSettings: settings))
}
if exists("Sources/stele-bench") {
  targets.append(
    .executableTarget(
      name: "stele-bench",
      dependencies: made([
        "CSQLite", "Cryptography", "Events", "LedgerStore", "Verification", "Projections",
        "Operations",
      ]) + [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings))
}
if exists("Sources/Placeholder") {
  targets.append(
    .target(
      name: "Placeholder",
      dependencies: [
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]))
}

let package = Package(
  name: "stele",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: targets,
  swiftLanguageModes: [.v6]
)
