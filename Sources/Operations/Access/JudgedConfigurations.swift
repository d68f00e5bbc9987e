import CanonicalJSON
import Environments
import Events
import Projections

/// Decides again what verdicts say of configurations: by the rules that stand in the verdict, on
/// the configuration that was recorded with what rests on it.
///
/// A configuration that was denied is in no entry; of such a verdict it is asked again whether what
/// it found breaks the rules that it names.
struct JudgedConfigurations {
  /// Canonical bytes, a few KiB each: most releases of a place share one.
  private var bytes: [ContentDigest: [UInt8]] = [:]

  mutating func learn(_ applied: ConfigurationApplied) {
    guard bytes[applied.digest] == nil else { return }
    bytes[applied.digest] = try? JSONValue.object(applied.configuration).canonicalBytes()
  }

  /// What is wrong with a verdict by itself, each as a clause.
  func complaints(about verdict: PolicyDecided, in environment: EnvironmentName) -> [String] {
    do throws(RecordedConfigurationError) {
      let judge = try Judge(verdict, in: environment)
      return verdict.violations.compactMap { judge.complaint(about: $0) }
    } catch {
      return ["has a rule that cannot be read: \(error.clause)"]
    }
  }

  /// Why a verdict does not fit the configuration that it is about, as a clause; nil where it does,
  /// and where that was never recorded, which rests on nothing then.
  func complaint(
    about verdict: PolicyDecided, in environment: EnvironmentName
  ) -> String? {
    guard let bytes = bytes[verdict.configuration],
      let recorded = (try? JSONValue(parsing: bytes))?.objectValue
    else { return nil }
    do throws(RecordedConfigurationError) {
      let judge = try Judge(verdict, in: environment)
      guard judge.asksAnything else { return nil }
      let expected = judge.broken(
        by: try ResolvedConfiguration(recorded: recorded))
      let said = judge.aboutConfiguration(verdict.violations)
      guard expected != said else { return nil }
      return "rests on a verdict by which its configuration breaks \(said.words), and it breaks "
        + "\(expected.words)"
    } catch {
      return "rests on a verdict that cannot be judged again: \(error.clause)"
    }
  }
}

/// The rules of one verdict.
private struct Judge {
  let environment: EnvironmentName
  let rules: [PolicyRule]
  let capacity: Amounts?
  /// Ids of all that the verdict holds, about people and money too.
  let known: Set<MachineWords>

  init(
    _ verdict: PolicyDecided, in environment: EnvironmentName
  ) throws(RecordedConfigurationError) {
    self.environment = environment
    var rules: [PolicyRule] = []
    var known: Set<MachineWords> = []
    for object in verdict.rules {
      if let id = object["id"]?.stringValue { known.insert(MachineWords(id)) }
      if let rule = try PolicyRule(recorded: object) { rules.append(rule) }
    }
    var amounts: Amounts?
    if let capacity = verdict.capacity { amounts = try Amounts(recorded: capacity) }
    if amounts != nil { known.insert(PolicyDecided.Violation.capacity(of: environment)) }
    capacity = amounts
    self.rules = rules
    self.known = known
  }

  var asksAnything: Bool { !rules.isEmpty || capacity != nil }

  func complaint(about violation: PolicyDecided.Violation) -> String? {
    guard known.contains(violation.rule) else {
      return "says that \(violation.rule) is broken, which is none of its rules"
    }
    let rule = rules.first { MachineWords($0.id) == violation.rule }
    guard let rule, rule.isKept(by: violation.found?.text) else { return nil }
    return "says that \(violation.rule) is broken by \(violation.shownFound), which keeps it"
  }

  func broken(by configuration: ResolvedConfiguration) -> Set<PolicyDecided.Violation> {
    let lacking = capacity.map { configuration.peak.shortfalls(in: $0) } ?? []
    return Set(
      rules.violations(by: configuration.environment).map(PolicyDecided.Violation.init)
        + lacking.map { PolicyDecided.Violation($0, in: environment) })
  }

  /// Without those about people, moments, proofs and money.
  func aboutConfiguration(
    _ violations: [PolicyDecided.Violation]
  ) -> Set<PolicyDecided.Violation> {
    let own = Set(rules.map { MachineWords($0.id) })
      .union([PolicyDecided.Violation.capacity(of: environment)])
    return Set(violations.filter { own.contains($0.rule) })
  }
}

extension RecordedConfigurationError {
  var clause: String {
    switch self {
    case .field(let path, let expected): "\(path) is not \(expected)"
    }
  }
}

extension PolicyDecided.Violation {
  fileprivate var shownFound: String {
    found.map { Secrecy.shown($0.text, at: field.text) } ?? "nothing"
  }
}

extension Set<PolicyDecided.Violation> {
  fileprivate var words: String {
    isEmpty
      ? "no rule"
      : map { "\($0.rule) (\($0.shownFound))" }.sorted().joined(separator: " and ")
  }
}
