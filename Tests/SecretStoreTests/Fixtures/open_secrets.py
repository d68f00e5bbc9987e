"""Opens a file of secrets with another library: FILE LOG VAULT-BYTE KEY-FILE-BYTE PASSPHRASE.

Prints every value once for each recipient, and the HMAC of the last one as the ledger has it.
"""

import base64
import hashlib
import hmac
import json
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

path, log, vault, key_file, passphrase = sys.argv[1:]
vault, key_file = (bytes.fromhex(byte) * 32 for byte in (vault, key_file))
sealed = json.load(open(path, encoding="utf-8"))
place = sealed["place"]


def mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def opened(key: bytes, box: str, *where: str) -> bytes:
    raw = base64.b64decode(box)
    return AESGCM(key).decrypt(raw[:12], raw[12:], "\0".join(where).encode())


def stretched() -> bytes:
    salt = hashlib.sha256(f"stele/secret-passphrase/v1\0{log}".encode()).digest()
    return hashlib.scrypt(
        passphrase.encode(), salt=salt, n=65536, r=8, p=2, maxmem=1 << 28, dklen=32)


recipients = mac(vault, b"stele/secret-recipient/v1")
value = b""
for recipient in sealed["recipients"]:
    kind = recipient["recipient"]
    key = key_file if kind == "keyFile" else stretched()
    assert mac(recipients, kind.encode() + b"\0" + key).hex() == recipient["hmac"]
    data_key = opened(
        key, recipient["wrapped"], "stele/secrets-key/v1", log, place, kind, recipient["hmac"])
    check = "\0".join(("stele/secrets-check/v1", log, place)).encode()
    assert mac(data_key, check).hex() == sealed["check"]
    for one in sealed["secrets"]:
        where = ("stele/secret/v1", log, place, one["name"], str(one["version"]))
        value = opened(data_key, one["box"], *where)
        print(kind, one["name"], one["version"], value.decode())
print(mac(mac(vault, b"stele/secret-value/v1"), value).hex())
