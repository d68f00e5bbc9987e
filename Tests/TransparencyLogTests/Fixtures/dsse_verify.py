"""Verifies DSSE envelopes with PyPI's securesystemslib, which shares nothing with the Swift code.

stdin: {"keys": [{"keyid": …, "public": <64 hex>}], "envelopes": [<one line each>]}
stdout: a JSON list with, for each envelope, the sorted keyids whose signatures it accepted, or []
when it accepted none.
"""

import json
import sys

try:
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError
    from securesystemslib.signer import SSlibKey
except ImportError as missing:
    sys.exit(f"{missing}")


def accepted(line: str, keys: list[SSlibKey]) -> list[str]:
    envelope = Envelope.from_dict(json.loads(line))
    try:
        return sorted(envelope.verify(keys, len(envelope.signatures)))
    except VerificationError:
        return []


asked = json.load(sys.stdin)
known = [
    SSlibKey(key["keyid"], "ed25519", "ed25519", {"public": key["public"]}) for key in asked["keys"]
]
print(json.dumps([accepted(line, known) for line in asked["envelopes"]]))
