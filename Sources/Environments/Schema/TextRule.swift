import Events

/// What a text field takes: a pattern, a greatest length, and the words that say so.
struct TextRule: Sendable {
  /// The end of "write …".
  let wanted: String
  /// UTF-8 bytes, at least 1 are always needed.
  let byteCountMax: Int
  /// ECMA-262, for the whole text: what ``accepts`` says, for those who only know the schema.
  let pattern: String
  private let accepts: @Sendable (String) -> Bool

  init(
    _ wanted: String, byteCountMax: Int, pattern: String = "[^\(Self.invisible)]+",
    accepts: @escaping @Sendable (String) -> Bool = { _ in true }
  ) {
    self.wanted = wanted
    self.byteCountMax = byteCountMax
    self.pattern = pattern
    self.accepts = accepts
  }

  /// Why `text` is refused, as a clause after the value; nil if it is fine.
  ///
  /// Control characters and U+FEFF are refused everywhere: the ledger's JSON cannot hold all of
  /// them, and nobody sees them in a file.
  func complaint(about text: String) -> String? {
    if text.isEmpty { return "is empty" }
    if text.utf8.count > byteCountMax {
      return "is \(text.utf8.count) bytes long, \(byteCountMax) is the limit"
    }
    if text.unicodeScalars.contains(where: Self.isInvisible) {
      return "contains a control character or a byte order mark"
    }
    return accepts(text) ? nil : "is not accepted"
  }

  /// What it may be, for a schema.
  var shape: SettingShape.TextShape {
    .init(wanted: wanted, byteCountMax: byteCountMax, pattern: pattern)
  }

  /// As a class of ECMA-262 has them.
  private static let invisible = #"\u0000-\u001F\u007F-\u009F\uFEFF"#

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || scalar == "\u{FEFF}"
  }
}

extension TextRule {
  static let sentence = TextRule("a sentence of at most 500 bytes", byteCountMax: 500)

  /// A name for people or for another system, without rules of its own.
  static let label = TextRule(
    "a name of at most 200 bytes", byteCountMax: 200,
    pattern: "(?=\\S)[^\(invisible)]*[^\\s\(invisible)]"
  ) { $0.trimmingWhitespace == $0 }

  /// Something that another system gave out and that has no blanks: a VPC, a subnet, a size.
  static let identifier = TextRule(
    "an identifier without blanks", byteCountMax: 255, pattern: "[^\\s\(invisible)]+"
  ) { $0.allSatisfy { !$0.isWhitespace } }

  static let region = TextRule(
    "a region such as eu-central-1", byteCountMax: 64, pattern: "[A-Za-z0-9][A-Za-z0-9_-]*"
  ) {
    $0.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9_-]*/#) != nil
  }

  /// RFC 1123, as Kubernetes narrows it for namespaces.
  static let dnsLabel = TextRule(
    "1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends", byteCountMax: 63,
    pattern: "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
  ) { $0.wholeMatch(of: #/[a-z0-9]([a-z0-9-]*[a-z0-9])?/#) != nil }

  /// A DNS label, or the wider alphabet that managed clusters and their node pools allow.
  static let clusterName = TextRule(
    "1 to 100 of A-Z, a-z, 0-9, - and _, beginning with a letter or digit", byteCountMax: 100,
    pattern: "[A-Za-z0-9][A-Za-z0-9_-]*"
  ) { $0.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9_-]*/#) != nil }

  static let currency = TextRule(
    "a currency as ISO 4217 writes it, such as EUR", byteCountMax: 3, pattern: "[A-Z]{3}"
  ) { $0.wholeMatch(of: #/[A-Z]{3}/#) != nil }

  static let requestPath = TextRule(
    "a path that begins with /, such as /healthz, without blanks or a #", byteCountMax: 1_024,
    pattern: #"\/[!"$-~]*"#
  ) { $0.wholeMatch(of: #/\/[!-~&&[^#]]*/#) != nil }

  static let applicationName = TextRule(
    "a name of a-z, 0-9 and - that begins with a letter", byteCountMax: 63,
    pattern: "[a-z][a-z0-9-]*"
  ) { $0.wholeMatch(of: #/[a-z][a-z0-9-]*/#) != nil }

  /// A name a process can have a variable by.
  static let variableName = TextRule(
    "a name of A-Z, a-z, 0-9 and _ that begins with no digit", byteCountMax: 200,
    pattern: "[A-Za-z_][A-Za-z0-9_]*"
  ) { $0.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]*/#) != nil }

  /// A path inside the project: relative, and never upwards out of it.
  static let projectPath = TextRule(
    "a path relative to the project that does not lead out of it", byteCountMax: 1_024,
    pattern: #"(?!\/)(?!(.*\/)?\.\.(\/|$))[^\u0000-\u001F\u007F-\u009F\uFEFF]+"#
  ) { path in
    let slash = UInt8(ascii: "/")
    return path.utf8.first != slash
      && !path.utf8.split(separator: slash).contains { $0.elementsEqual("..".utf8) }
  }

  /// What ``SecretOrigin`` reads, but for variables of `STELE_`.
  static let secretOrigin = TextRule(
    "a secret's name, or env:, file:, vault: or aws-sm: and where it is",
    byteCountMax: SecretReference.byteLimit,
    pattern: #"(?!env:STELE_)([a-z][a-z0-9-]*|(env|file|vault|aws-sm):[!-~]+)"#
  ) { text in
    SecretOrigin(dataText: text).map { $0.reference?.isOfStele != true } ?? false
  }

  static let actor = TextRule(
    "an actor's id, as `stele key list` has it", byteCountMax: 36,
    pattern: "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
  ) { ActorID(dataText: $0) != nil }

  /// What ``CronExpression`` reads; why a text is none is for it to say.
  static let cron = TextRule(
    "five fields of cron, in UTC: minute, hour, day of the month, month, day of the week",
    byteCountMax: CronExpression.byteLimit, pattern: " *([0-9*,\\/-]+ +){4}[0-9*,\\/-]+ *")

  /// Whatever there can be in a variable: nothing, too.
  static let anyText = TextRule("text", byteCountMax: 1 << 20, pattern: "[\\s\\S]*")

  static let argument = TextRule("text of at most 4,096 bytes", byteCountMax: 4_096)
}

extension String {
  fileprivate var trimmingWhitespace: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
