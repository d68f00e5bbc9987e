import Cryptography

/// What a ledger gets from outside: files, secrets, time and chance.
struct LedgerEnvironment: Sendable {
  let directory: LedgerDirectory
  let secrets: LedgerSecrets
  let time: any TimeSource
  let random: any RandomSource
  let observer: any WriteObserver
  let anchor: any AnchorStorage
}
