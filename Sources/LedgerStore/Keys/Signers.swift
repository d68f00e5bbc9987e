import CanonicalJSON
import Cryptography
import Events

/// The keys whose signatures over one header have been verified, and what they count for.
struct Signers {
  /// Registered before this entry, and valid at its position. In genesis the keys that it
  /// registers.
  private(set) var valid: [RegisteredKey] = []
  /// Every key that signed, new ones included.
  private(set) var keyids: Set<KeyID> = []

  /// Verifies all signatures and that each key may sign here.
  ///
  /// - Parameters:
  ///   - message: DSSE's pre-authentication encoding of the header.
  ///   - verified: Keys whose signature over it has been verified already.
  /// - Throws: ``AppendError/keyUnknown(_:)``, ``AppendError/signatureInvalid(_:)``,
  ///   ``AppendError/keyNotValid(_:registered:revoked:)``; ``AppendError/keyWeak(_:)`` for a
  ///   signature by a new key that anybody can sign for.
  init(
    _ signatures: [EntrySignature], over message: @autoclosure () -> [UInt8],
    verified: Set<KeyID> = [], new: [NewKey], custody: LedgerCustody, position: Int
  ) throws(AppendError) {
    for signature in signatures {
      let key = try Self.key(signature.keyid, new, custody)
      guard
        verified.contains(signature.keyid)
          || key.isValid(signature: signature.signature, for: message())
      else { throw AppendError.signatureInvalid(signature.keyid) }
      keyids.insert(signature.keyid)
    }
    for keyid in keyids { try place(keyid, new, custody, position) }
  }

  private static func key(
    _ keyid: KeyID, _ new: [NewKey], _ custody: LedgerCustody
  ) throws(AppendError) -> PublicKey {
    if let known = custody.keys[keyid] { return known.publicKey }
    guard let joining = new.first(where: { $0.keyid == keyid }) else {
      throw AppendError.keyUnknown(keyid)
    }
    guard let key = joining.publicKey else { throw AppendError.keyWeak(keyid) }
    return key
  }

  private mutating func place(
    _ keyid: KeyID, _ new: [NewKey], _ custody: LedgerCustody, _ position: Int
  ) throws(AppendError) {
    let joining = new.first { $0.keyid == keyid }
    guard let known = custody.keys[keyid] else {
      if position == 0, let key = joining?.registered(at: 0) { valid.append(key) }
      return
    }
    if known.isValid(at: position) {
      valid.append(known)
    } else if joining == nil {
      throw AppendError.keyNotValid(
        keyid, registered: known.registered, revoked: known.revoked)
    }
  }

  /// The actor's own signature exists, and is by a role that each kind allows.
  ///
  /// - Throws: ``AppendError/actorUnsigned(_:)``, ``AppendError/kindRole(_:roles:)``.
  /// - Returns: The roles with which the actor signed and may record all of it.
  func rolesOfActor(_ header: EntryHeader) throws(AppendError) -> Set<KeyRole> {
    var roles = Set(valid.lazy.filter { $0.owner == header.actor }.map(\.role))
    guard !roles.isEmpty else { throw AppendError.actorUnsigned(header.actor) }
    for run in header.events {
      let allowed = KindCatalogue.rule(for: run.kind)?.signers ?? []
      roles.formIntersection(allowed)
      guard !roles.isEmpty else { throw AppendError.kindRole(run.kind, roles: allowed) }
    }
    return roles
  }

  func count(of role: KeyRole) -> Int { valid.count { $0.role == role } }
}
