import Events

/// What the format demands of the first entry: `ledger.created`, then the first keys, which all
/// co-sign.
struct GenesisRules {
  let header: EntryHeader
  let new: [NewKey]
  let signers: Signers

  func check() throws(AppendError) {
    try Self.checkKinds(header)
    guard new.count <= Limits.genesisKeys else {
      throw AppendError.form(
        .headerForm(.field(path: "events", expected: "\(Limits.genesisKeys) keys at most")))
    }
    for key in new { try check(key) }
    let logs = new.filter { $0.registration.role == .log }
    guard logs.count == 1 else {
      throw AppendError.logKeyUnpaired(logs.last?.keyid ?? new[0].keyid)
    }
  }

  /// The kinds alone, so that an entry for a ledger that has not begun is refused for that.
  static func checkKinds(_ header: EntryHeader) throws(AppendError) {
    let kinds = header.events.map(\.kind)
    guard kinds.first == LedgerCreated.kind, header.events[0].count == 1 else {
      throw AppendError.genesisMissing(kind: kinds[0])
    }
    for kind in kinds.dropFirst() where kind != KeyRegistered.kind {
      throw AppendError.genesisMissing(kind: kind)
    }
  }

  private func check(_ key: NewKey) throws(AppendError) {
    try key.checkStream()
    guard new.count(where: { $0.keyid == key.keyid }) == 1 else {
      throw AppendError.keyRepeated(key.keyid, registered: 0)
    }
    try key.checkCoSigned(by: signers)
  }
}
