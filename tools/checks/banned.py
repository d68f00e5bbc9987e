"""Calls and words that are not used here, each with what to write instead."""

import re
from dataclasses import dataclass

from .allowed import is_allowed
from .finding import Finding
from .tree import Tree, is_fixture

SOURCES = ("Sources", "migrations")
EVERYWHERE = ("Sources", "migrations", "Tests")
PURE = tuple(
    "Sources/" + module
    for module in (
        "CanonicalJSON", "TransparencyLog", "Events", "Projections", "Access", "Rollouts",
    )
)


@dataclass(frozen=True)
class Ban:
    """`pattern` may not occur in the code of Swift files inside `folders`."""

    rule: str
    pattern: re.Pattern[str]
    instead: str
    folders: tuple[str, ...] = EVERYWHERE


def ban(rule: str, pattern: str, instead: str, folders: tuple[str, ...] = EVERYWHERE) -> Ban:
    return Ban(rule, re.compile(pattern), instead, folders)


BANS = [
    ban("print", r"(?<![.\w`])(?:print|debugPrint|dump|NSLog)\(",
        "is banned: return the text, and let the output file of Commands write it", SOURCES),
    ban("fatalError", r"\bfatalError\(",
        "is banned: throw an error that carries the values; for our own bug, `precondition` "
        "with them"),
    ban("try!", r"\btry!", "is banned: use `try` in a function that throws"),
    ban("as!", r"\bas!", "is banned: use `as?`, and say what happens otherwise"),
    ban("public", r"\bpublic\s+(?=[\w@`])(?!in\b)|\bpublic\(|\bopen\s+(?:class|func|var|actor)\b",
        "is never needed: `package` between modules, `private` by default"),
    ban("clock", r"\bDate\(\)|\bDate\.now\b|\b(?:Continuous|Suspending)Clock(?:\(\))?\.now\b"
        r"|\b(?:clock_gettime|gettimeofday)\(|\btime\(nil\)",
        "reads the machine's clock: take the time as a parameter, or put the seam in "
        "tools/checks/allowed.py with its reason", SOURCES),
    ban("random", r"\.random\(|\bUUID\(\)|\bSystemRandomNumberGenerator\b|\barc4random",
        "draws chance: take a `RandomSource` as a parameter, or put the seam in "
        "tools/checks/allowed.py with its reason", SOURCES),
    ban("detached", r"\bTask\.detached\b",
        "is banned: nothing is detached here, child tasks live in a group"),
    ban("empty catch", r"\bcatch\s*\{\s*\}",
        "swallows the error: return it or handle it"),
    ban("disabled", r"\.disabled\(",
        "leaves a test out: mend the test or delete it", ("Tests",)),
    ban("noun", r"\b(?:struct|class|enum|actor|protocol)\s+\w+(?:Manager|Helpers?|Utils?|Utility)\b",
        "is not a name: say the noun of the domain"),
    ban("pure", r"\basync\b|\bawait\b|\bFileManager\b|\bFileHandle\b|\bURLSession\b",
        "does not belong in a pure module (no clock, file, network, process or chance): "
        "return a value that says what to do", PURE),
]

# Spelled in two pieces so that this file does not trip its own rule.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
MACHINE_PATH = re.compile(r"(?:^|[^\w.-])/(?:wo" r"rk|ho" r"me|ro" r"ot)/", re.MULTILINE)


def findings(tree: Tree) -> list[Finding]:
    found = [item for rule in BANS for item in broken(tree, rule)]
    for path in tree.texts():
        if not is_fixture(path):
            found += unfinished(tree, path) + machine_paths(tree, path)
    return found


def broken(tree: Tree, rule: Ban) -> list[Finding]:
    return [
        Finding(path, tree.swift(path).line_at(hit.start()),
                f"`{hit.group().strip()}` {rule.instead}")
        for path in tree.under(*rule.folders, ending=".swift")
        if not is_allowed(rule.rule, path) and not is_fixture(path)
        for hit in rule.pattern.finditer(tree.swift(path).code)
    ]


def unfinished(tree: Tree, path: str) -> list[Finding]:
    return [
        Finding(path, number, f"`{hit.group()}`: finish it, or file an issue and say which")
        for number, line in enumerate(tree.text(path).split("\n"), 1)
        for hit in UNFINISHED.finditer(line)
    ]


def machine_paths(tree: Tree, path: str) -> list[Finding]:
    return [
        Finding(path, number, f"`{hit.group().strip()}…` is a path of one machine: "
                "make it relative, or take it from the environment")
        for number, line in enumerate(tree.text(path).split("\n"), 1)
        for hit in MACHINE_PATH.finditer(line)
    ]
