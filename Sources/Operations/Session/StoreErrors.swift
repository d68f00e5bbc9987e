import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import TransparencyLog

extension LedgerError: ExitingError {
  package var exitStatus: ExitStatus {
    switch self {
    case .notFound, .exists: .cannotWrite
    case .database where isDamage: .integrity
    case .database where isBusy: .tryAgain
    case .system, .database, .notWritable, .readOnly, .syncFailed, .writingEnded: .cannotWrite
    case .notOurs, .modeTooOpen, .secretLength, .vaultLocked, .logKeyMissing: .noPermission
    case .writerBusy, .copyInUse, .fileReplaced, .directoryBusy, .changedMeanwhile: .tryAgain
    case .notSealed: .badData
    case .foreignFile, .settingRefused, .schemaNewer, .migrationDiffers, .schemaDiffers,
      .anchorMissing, .anchorInvalid, .anchorAhead, .logMissing, .anchorDisagrees,
      .anchorNotWritten, .rowDamaged, .notProven, .readingDiffers, .streamDiffers, .unsigned,
      .tileMissing,
      .positionOutside, .sealedDiffers,
      .checkpointForeign, .checkpointDamaged, .vaultBehind, .tombstoneInvalid, .erasureForged,
      .erasureUndone,
      .clientStateDiffers,
      .clientStateAhead, .clientStateBeyondLost, .clientStateInvalid, .pinInvalid, .pinDiffers:
      .integrity
    }
  }
}

extension AppendError: ExitingError {
  package var exitStatus: ExitStatus { isConflict ? .tryAgain : .badData }
}

extension KeyFileError: ExitingError {
  package var exitStatus: ExitStatus { .noPermission }
}

extension IdentifierError: ExitingError {
  package var exitStatus: ExitStatus { .usage }
}

extension JSONFormError: ExitingError {
  package var exitStatus: ExitStatus { .badData }
}

extension EntryFormError: ExitingError {
  package var exitStatus: ExitStatus { .integrity }
}
