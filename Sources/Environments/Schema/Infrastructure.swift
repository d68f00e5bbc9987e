/// Where an environment is: provider, region, network, cluster.
package struct Infrastructure: Hashable, Sendable {
  package let provider: Provider
  package let region: String
  package let vpcID: String?
  /// Distinct, at least one where given; only with a ``vpcID``.
  package let subnetIDs: [String]?
  package let kubernetes: Kubernetes?

  package enum Provider: String, Hashable, Sendable, CaseIterable {
    case aws
    case azure
    case gcp
    case onPremise = "on-premise"
  }

  package struct Kubernetes: Hashable, Sendable {
    package let clusterName: String
    /// An RFC 1123 label.
    package let namespace: String
    package let nodePool: String
  }
}

extension Infrastructure {
  static let fieldNames = "provider and region"

  init?(reading section: SettingSection) {
    let provider = section.choice("provider", of: Provider.self)
    let region = section.text("region", .region)
    vpcID = section.optionalText("vpcId", .identifier)
    subnetIDs = section.optionalTexts("subnetIds", .identifier)
    kubernetes = section.optionalSection("kubernetes", of: Kubernetes.fieldNames)
      .flatMap(Kubernetes.init(reading:))
    section.refuseOthers()
    section.keeps(.needs("subnetIds", "vpcId"))
    if let subnetIDs, section.given("vpcId") == nil, !section.isMisspelled("vpcId") {
      section.report(
        "subnetIds", .contradiction, found: "\(subnetIDs.count) of them",
        "are in no network, because vpcId is missing", remedy: "write vpcId, or remove subnetIds")
    }
    guard let provider, let region else { return nil }
    self.provider = provider
    self.region = region
  }

  init(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    provider = try section.choice("provider")
    region = try section.text("region")
    vpcID = try section.optionalText("vpcId")
    subnetIDs = try section.optionalTexts("subnetIds")
    if let cluster = try section.optionalSection("kubernetes") {
      kubernetes = try Kubernetes(recorded: cluster)
    } else {
      kubernetes = nil
    }
  }

  var fields: [ConfigurationField] {
    [.init("provider", .text(provider.rawValue)), .init("region", .text(region))]
      + (vpcID.map { [.init("vpcId", .text($0))] } ?? [])
      + (subnetIDs.map { [.init("subnetIds", .texts($0))] } ?? [])
      + (kubernetes.map { [.init("kubernetes", .section($0.fields))] } ?? [])
  }
}

extension Infrastructure.Kubernetes {
  static let fieldNames = "clusterName, namespace and nodePool"

  init?(reading section: SettingSection) {
    let clusterName = section.text("clusterName", .clusterName)
    let namespace = section.text("namespace", .dnsLabel)
    let nodePool = section.text("nodePool", .clusterName)
    section.refuseOthers()
    guard let clusterName, let namespace, let nodePool else { return nil }
    self.init(clusterName: clusterName, namespace: namespace, nodePool: nodePool)
  }

  init(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    clusterName = try section.text("clusterName")
    namespace = try section.text("namespace")
    nodePool = try section.text("nodePool")
  }

  var fields: [ConfigurationField] {
    [
      .init("clusterName", .text(clusterName)), .init("namespace", .text(namespace)),
      .init("nodePool", .text(nodePool)),
    ]
  }
}
