#!/usr/bin/env python3
"""Writes Tests/TransparencyLogTests/Fixtures/merkle.json: trees and proofs by RFC 6962's own words.

Recursive and slow on purpose, and sharing no line with the Swift code: leaf i of every tree is the
decimal text of i. `roots[n]` is the root of n leaves. A proof is summed up as its number of hashes
(one byte) and the hashes; `inclusion[n]` is the SHA-256 of the proofs of leaves 0, 1, … n-1 one
after another, `consistency[n]` of the proofs from 0, 1, … n.

    tools/merkle-vectors.py > Tests/TransparencyLogTests/Fixtures/merkle.json
"""

import functools
import hashlib
import json
import sys

LEAVES = 300
PROVEN_SIZES = [*range(1, 73), 127, 128, 129, 255, 256, 257, 300]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@functools.cache
def root(first: int, end: int) -> bytes:
    """MTH(D[first:end]), section 2.1."""
    if end == first:
        return sha256(b"")
    if end - first == 1:
        return sha256(b"\x00" + str(first).encode())
    middle = first + split(end - first)
    return sha256(b"\x01" + root(first, middle) + root(middle, end))


def split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def path(leaf: int, first: int, end: int) -> list[bytes]:
    """PATH(leaf, D[first:end]), section 2.1.1; `leaf` counts from `first`."""
    if end - first == 1:
        return []
    left = split(end - first)
    if leaf < left:
        return path(leaf, first, first + left) + [root(first + left, end)]
    return path(leaf - left, first + left, end) + [root(first, first + left)]


def subproof(size: int, first: int, end: int, whole: bool) -> list[bytes]:
    """SUBPROOF(size, D[first:end], whole), section 2.1.2."""
    if size == end - first:
        return [] if whole else [root(first, end)]
    left = split(end - first)
    if size <= left:
        return subproof(size, first, first + left, whole) + [root(first + left, end)]
    return subproof(size - left, first + left, end, False) + [root(first, first + left)]


def summed(proofs: list[list[bytes]]) -> str:
    return sha256(b"".join(bytes([len(proof)]) + b"".join(proof) for proof in proofs)).hex()


def consistency(size: int) -> list[list[bytes]]:
    """From the empty tree there is nothing to prove."""
    return [[]] + [subproof(earlier, 0, size, True) for earlier in range(1, size + 1)]


def main() -> None:
    vectors = {
        "roots": [root(0, size).hex() for size in range(LEAVES + 1)],
        "inclusion": {
            str(size): summed([path(leaf, 0, size) for leaf in range(size)])
            for size in PROVEN_SIZES
        },
        "consistency": {str(size): summed(consistency(size)) for size in PROVEN_SIZES},
    }
    json.dump(vectors, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
