import CanonicalJSON

/// A key's name in the ledger: SHA-256 of its SubjectPublicKeyInfo in DER, 64 hex digits in text.
package typealias KeyID = Digest
