"""Generates values of the ledger's JSON profile, and judges texts, with PyPI's rfc8785 and json.

    differential.py values SEED COUNT   one line each: [plain JSON with escapes, canonical text]
    differential.py judge               stdin: a JSON list of texts; stdout: a JSON list of what
                                        rfc8785 makes of each, or null where Python's json refuses
"""

import json
import random
import sys

try:
    import rfc8785
except ImportError as missing:
    sys.exit(f"{missing}")

LARGEST = 2**53 - 1
KEY_BYTES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-"
# Where spellings change: controls, quotes, both ends of each UTF-8 length, the surrogates' edges.
CHARACTERS = [
    *map(chr, range(1, 0x21)), '"', "\\", "/", "\x7f", "\x80", "\u07ff", "\u0800", "\u2028",
    "\ud7ff", "\ue000", "\ufefe", "\uff00", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff",
    "e\u0301", "\u00e9",
]


def text(chance: random.Random) -> str:
    """Plain runs longer than a word of eight bytes, and what interrupts them."""
    pieces = [
        chance.choice(CHARACTERS) if chance.random() < 0.4 else "x" * chance.randrange(20)
        for _ in range(chance.randrange(6))
    ]
    return "".join(pieces)


def key(chance: random.Random) -> str:
    plain = "".join(chance.choices(KEY_BYTES, k=chance.choice([1, 1, 2, 3, 8, 40, 159])))
    return "$" + plain if chance.random() < 0.1 else plain


def integer(chance: random.Random) -> int:
    near = chance.choice([0, 9, 10, 99, 2**31, 2**32, 10**15, LARGEST])
    return max(-LARGEST, min(LARGEST, chance.choice([-1, 1]) * (near + chance.randrange(-2, 3))))


def value(chance: random.Random, depth: int) -> object:
    kind = chance.randrange(6 if depth > 0 else 4)
    if kind == 0:
        return chance.choice([None, True, False])
    if kind == 1:
        return integer(chance)
    if kind in (2, 3):
        return text(chance)
    members = range(chance.randrange(5))
    if kind == 4:
        return [value(chance, depth - 1) for _ in members]
    return {key(chance): value(chance, depth - 1) for _ in members}


def judged(given: str) -> str | None:
    try:
        return rfc8785.dumps(json.loads(given)).decode()
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return None


if sys.argv[1] == "values":
    chance = random.Random(int(sys.argv[2]))
    for _ in range(int(sys.argv[3])):
        made = value(chance, chance.randrange(16))
        print(json.dumps([json.dumps(made, indent=1), rfc8785.dumps(made).decode()]))
else:
    print(json.dumps([judged(given) for given in json.load(sys.stdin)]))
