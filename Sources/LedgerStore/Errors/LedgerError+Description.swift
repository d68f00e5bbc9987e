import CanonicalJSON

extension LedgerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound, .exists, .notOurs, .modeTooOpen, .secretLength, .copyInUse, .vaultLocked,
      .vaultBehind, .tombstoneInvalid, .erasureForged, .erasureUndone, .directoryBusy,
      .changedMeanwhile:
      fileProblem
    case .system, .database, .notWritable, .syncFailed, .writingEnded: diskProblem
    case .foreignFile, .settingRefused, .schemaNewer, .migrationDiffers, .schemaDiffers:
      schemaProblem
    case .writerBusy, .fileReplaced, .readOnly, .logKeyMissing: writingProblem
    case .anchorMissing, .anchorInvalid, .anchorAhead, .logMissing, .anchorDisagrees,
      .anchorNotWritten:
      anchorProblem
    case .rowDamaged, .notProven, .readingDiffers, .streamDiffers, .unsigned, .tileMissing,
      .positionOutside,
      .notSealed, .sealedDiffers,
      .checkpointForeign, .checkpointDamaged:
      readingProblem
    case .clientStateDiffers, .clientStateAhead, .clientStateBeyondLost, .clientStateInvalid,
      .pinInvalid, .pinDiffers:
      clientProblem
    }
  }

  private var fileProblem: String {
    switch self {
    case .notFound(let path):
      "Nothing was opened: \(path) does not exist. \(Self.whereFrom(path))"
    case .exists(let path):
      "Nothing was created: \(path) exists. Use it, or choose another directory."
    case .notOurs(let path):
      "Not used: \(path) is no regular file of this user. Put the file itself there, no link."
    case .modeTooOpen(let path, let mode):
      """
      Not used: \(path) has mode \(Self.octal(mode)), others could read it. Do `chmod 600 \(path)`.
      """
    case .secretLength(let path, let bytes):
      """
      Not used: \(path) has \(bytes) bytes, a secret has 32. Put it back from your copy of the key \
      ring, and see `stele doctor`.
      """
    case .copyInUse(let path):
      """
      Nothing was copied: somebody else writes to \(path). See who with `lsof \(path)`, then try \
      again.
      """
    case .vaultLocked(let path):
      """
      Nothing was sealed or revealed: no key at hand opens \(path). Put vault.key, which \
      `stele init` made, back into the key ring from your copy of it, and see `stele doctor`.
      """
    case .vaultBehind(let path, let position):
      """
      Nothing was sealed: what the entry at position \(position) has sealed is not in \(path), or \
      its key is not beside it, and nobody was erased. If a -wal file of the vault is missing or \
      was changed, put it back; otherwise move vault-keys.sqlite away and bring both back from \
      copies: `stele restore FOLDER --vault-only --people-keys FILE`.
      """
    case .tombstoneInvalid(let path, let line):
      """
      Nothing was done: line \(line) of \(path) is not `PERSON TIME`, so it cannot be read who was \
      erased, and nothing that could bring them back goes on.
      Bring the file back from a copy of the key ring; else write into that line who it was, from \
      `stele log --kind privacy.erased`.
      """
    case .erasureForged(let path, let people):
      """
      Nothing was done: \(path) says that \(people) people are erased, and has their keys: that \
      was no erasure. Move it away and bring it back from its copy: `stele restore COPY \
      --people-keys FILE`.
      """
    case .erasureUndone(let path, let people):
      """
      Nothing was done: the ledger records \(people) people as erased whose keys \(path) has \
      again: it came from a copy older than that. Nothing of theirs is shown. Erase them again, \
      for good: `stele restore COPY --vault-only`.
      """
    case .directoryBusy(let path):
      "Nothing was done: somebody else is at \(path). See who with `lsof \(path)`, then try again."
    case .changedMeanwhile(let path):
      """
      Nothing was replaced: \(path) has changed while the copy was verified. See with \
      `stele status` whether it is still to be replaced, then try again.
      """
    default: ""
    }
  }

  private var schemaProblem: String {
    switch self {
    case .foreignFile(let path, let expected, let actual):
      """
      Nothing was opened: \(path) names application \(actual), a ledger's names \(expected). It is \
      another program's, or was never finished: see `file \(path)`, and restore yours.
      """
    case .settingRefused(let path, let setting, let expected, let actual):
      """
      Nothing was opened: \(path) runs with \(setting) = \(actual), the format demands \
      \(expected). Compare `sqlite3 --version` with the README.
      """
    case .schemaNewer(let path, let known, let found):
      """
      Nothing was opened: \(path) has schema \(found), this program knows \(known). Use the \
      program that wrote it, or a newer one.
      """
    case .migrationDiffers(let path, let number, let expected, let actual):
      """
      Nothing was opened: migration \(number) of \(path) was \(actual), this program has \
      \(expected). Restore the file, or use the program that wrote it.
      """
    case .schemaDiffers(let path, let expected, let actual):
      """
      Nothing was opened: the schema of \(path) is \(actual), expected \(expected). Somebody \
      altered its tables or triggers: see `sqlite3 \(path) .schema`, then `stele verify`.
      """
    default: ""
    }
  }

  private var writingProblem: String {
    switch self {
    case .writerBusy(let path, let milliseconds):
      """
      Nothing was recorded: another process held \(path) for \(milliseconds) ms. See who with \
      `lsof \(path)`, then try again.
      """
    case .fileReplaced(let path):
      "Nothing more was recorded: \(path) is another file than the one opened. Try again."
    case .readOnly(let path):
      "Nothing was recorded: \(path) was opened for reading."
    case .logKeyMissing(let keyid):
      """
      Nothing was recorded: the log key \(keyid.hex) signs the next checkpoint and is not at hand. \
      Put it into the keys directory from your copy of that. Where it is lost, recovery keys let \
      another one take its place: `stele key rotate-log --log-key-lost --recovery FILE`.
      """
    default: ""
    }
  }

  /// Where the file can come from that is missing.
  private static func whereFrom(_ path: String) -> String {
    switch path.split(separator: "/").last {
    case "ledger.sqlite":
      "Make a ledger with `stele init NAME`, or bring one back from a copy: `stele restore COPY`."
    case "vault.sqlite": "Bring it back from a copy: `stele restore COPY`."
    case "vault-keys.sqlite":
      "Bring it back from its copy: `stele restore COPY --people-keys FILE`."
    case "vault.key", "snapshot.key":
      "Put it back from your copy of the key ring, and see `stele doctor`."
    default: "See `stele doctor`."
    }
  }

  private static func octal(_ mode: Int) -> String { "0" + String(mode, radix: 8) }
}
