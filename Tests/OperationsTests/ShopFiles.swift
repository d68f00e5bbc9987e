import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import Foundation
import LedgerStore
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

/// The files of a small project: `web` takes requests, `worker` does not.
struct ShopFiles {
  let root: String

  func write(
    strategy: String = "blue-green", automatic: Bool = true, healthCheckInterval: Double = 0.1,
    replicas: Int = 1
  ) throws {
    try write(application, to: "config/application.yaml")
    try write(
      base(strategy, automatic, healthCheckInterval, replicas),
      to: "config/environments/base.yaml")
    for environment in KnownEnvironment.allCases {
      try write(
        "name: \(environment)\ndescription: For tests\n",
        to: "config/environments/\(environment).yaml")
    }
  }

  /// Adds a setting to staging, so that its configuration is another one.
  func describe(_ words: String) throws {
    try write("name: staging\ndescription: \(words)\n", to: "config/environments/staging.yaml")
  }

  /// Artifacts of one build; other words make other bytes.
  func artifacts(_ words: String) throws -> [ComponentName: String] {
    for component in ["web", "worker"] {
      try write("#!/bin/sh\necho \(words)\n", to: "dist/\(words)/\(component)/run")
    }
    return ["web": "\(root)/dist/\(words)/web", "worker": "\(root)/dist/\(words)/worker"]
  }

  func write(_ text: String, to path: String) throws {
    let file = URL(fileURLWithPath: root + "/" + path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  private let application = """
    application: shop
    components:
      web:
        artifact: dist/first/web
        command: ["${ARTIFACT}/run", "${PORT}"]
        takesTraffic: true
        port: 8080
        health: http
        replicas: resources.orchestrator.replicas
      worker:
        command: ["${ARTIFACT}/run"]
        takesTraffic: false
        health: process
        replicas: resources.workers.minReplicas
    rollout:
      healthyThreshold: 1
      unhealthyThreshold: 1
      startupDeadlineSeconds: 3600
      bakeSeconds: 0
      drainSeconds: 0
      stopGraceSeconds: 0
    """

  private func base(
    _ strategy: String, _ automatic: Bool, _ interval: Double, _ replicas: Int
  ) -> String {
    """
    infrastructure: {provider: on-premise, region: eu-central-1}
    resources:
      orchestrator: {replicas: \(replicas), cpu: 100m, memory: 64Mi, storage: 1Gi}
      workers: {minReplicas: 1, maxReplicas: 1, cpu: 100m, memory: 64Mi, storage: 1Gi}
      database: {instanceSize: small, storage: 1Gi, backupRetention: 7}
      monitoring: {enabled: false, retention: 14, alerting: false}
    security:
      networkPolicy: restricted
      authentication: {method: oauth, providers: [github]}
      encryption: {atRest: true, inTransit: true, keyManagement: vault}
      compliance: {standards: [], auditLogging: true, dataRetention: 90}
    deployment:
      strategy: \(strategy)
      healthCheckPath: /healthz
      healthCheckInterval: \(interval)
      healthCheckTimeout: 0.1
      rollback: {enabled: true, timeout: 120, automatic: \(automatic)}
    observability:
      logging: {level: info, destination: stdout, format: json}
      metrics: {enabled: false, endpoint: "", interval: 15, retention: 30}
      tracing: {enabled: false, endpoint: "", sampleRate: 0}
    features: {}
    """
  }
}
