import CanonicalJSON

extension LedgerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound, .exists, .notOurs, .modeTooOpen, .secretLength, .copyInUse, .vaultLocked:
      fileProblem
    case .system, .database, .syncFailed, .writingEnded: diskProblem
    case .foreignFile, .settingRefused, .schemaNewer, .migrationDiffers, .schemaDiffers:
      schemaProblem
    case .writerBusy, .fileReplaced, .readOnly, .logKeyMissing: writingProblem
    case .anchorMissing, .anchorInvalid, .anchorAhead, .logMissing, .anchorDisagrees,
      .anchorNotWritten:
      anchorProblem
    case .rowDamaged, .notProven, .tileMissing, .positionOutside, .notSealed, .sealedDiffers,
      .checkpointForeign:
      readingProblem
    case .clientStateDiffers, .clientStateAhead, .clientStateBeyondLost, .clientStateInvalid,
      .pinDiffers:
      clientProblem
    }
  }

  private var fileProblem: String {
    switch self {
    case .notFound(let path):
      "Nothing was opened: \(path) does not exist. Make a ledger with `stele init`."
    case .exists(let path):
      "Nothing was created: \(path) exists. Use it, or choose another directory."
    case .notOurs(let path):
      "Not used: \(path) is no regular file of this user. Put the file itself there, no link."
    case .modeTooOpen(let path, let mode):
      """
      Not used: \(path) has mode \(Self.octal(mode)), others could read it. Do `chmod 600 \(path)`.
      """
    case .secretLength(let path, let bytes):
      "Not used: \(path) has \(bytes) bytes, a secret has 32. Restore it from your copy."
    case .copyInUse(let path):
      """
      Nothing was copied: somebody else writes to \(path). See who with `lsof \(path)`, then try \
      again.
      """
    case .vaultLocked(let path):
      """
      Nothing was sealed or revealed: the key at hand does not open \(path). Point to the vault \
      key that `stele init` made.
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
      "Nothing was recorded: \(path) is another file than the one opened. Try again."
    case .readOnly(let path):
      "Nothing was recorded: \(path) was opened for reading."
    case .logKeyMissing(let keyid):
      """
      Nothing was recorded: the log key \(keyid.hex) signs the next checkpoint and is not at hand. \
      Put it into the keys directory, or replace it with `stele key rotate-log`.
      """
    default: ""
    }
  }

  private static func octal(_ mode: Int) -> String { "0" + String(mode, radix: 8) }
}
