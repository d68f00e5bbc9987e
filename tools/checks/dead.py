"""Files that nothing uses: in no target, never named, or empty."""

import re
from pathlib import PurePosixPath

from .finding import Finding
from .tree import Tree, is_fixture

TYPE = re.compile(r"\b(?:struct|enum|class|actor|protocol|typealias)\s+(\w+)")
MEMBER = re.compile(r"\b(?:func|var|let)\s+(`[^`\n]+`|\w+)|\bextension\s+([\w.]+)")
WORD = re.compile(r"\w+")
# Git, a forge or a tool reads these by name.
KNOWN = ("README.md", "LICENSE", "Package.swift", "Package.resolved", "__init__.py", "__main__.py")


def findings(tree: Tree) -> list[Finding]:
    return empty(tree) + unused_swift(tree) + unnamed(tree)


def empty(tree: Tree) -> list[Finding]:
    return [
        Finding(path, 0, "is empty: delete it")
        for path in tree.texts()
        if not tree.text(path).strip() and not is_fixture(path)
    ]


def unused_swift(tree: Tree) -> list[Finding]:
    """Files of Sources none of whose names occurs in another Swift file."""
    paths = [path for path in tree.under("Sources", ending=".swift")
             if not path.endswith("/main.swift")]
    users: dict[str, set[str]] = {}
    for path in paths + tree.under("Tests", ending=".swift"):
        for word in set(WORD.findall(tree.swift(path).code)):
            users.setdefault(word, set()).add(path)
    return [
        Finding(path, 0, "nothing it declares is used by another file: use it or delete it")
        for path in paths
        if (names := declared(tree.swift(path).code))
        and not any(users.get(name, set()) - {path} for name in names)
    ]


def declared(code: str) -> set[str]:
    """The names by which others use a file: its types, and its members where it extends some.

    None for a main, which the system calls.
    """
    if "@main" in code:
        return set()
    members = {(name or extended).strip("`").split(".")[-1]
               for name, extended in MEMBER.findall(code)}
    if types := TYPE.findall(code):
        return set(types) | (members if re.search(r"^extension\b", code, re.M) else set())
    return members


def unnamed(tree: Tree) -> list[Finding]:
    """Fixtures, scripts and other files beside the code that no other file names."""
    watched = [
        path for path in tree.paths
        if (is_fixture(path) or path.startswith(("tools/", "migrations/")))
        and PurePosixPath(path).name not in KNOWN
        and not PurePosixPath(path).name.startswith("test_")
    ]
    words = {path: tree.text(path) for path in tree.texts() if not is_fixture(path)}
    return [
        Finding(path, 0, "no other file names it: use it or delete it")
        for path in watched
        if not any(name in text
                   for name in names_of(path)
                   for other, text in words.items() if other != path)
    ]


def names_of(path: str) -> set[str]:
    """What a user of the file may call it: its name, its stem, or the folder it is read from."""
    pure = PurePosixPath(path)
    folders = set(pure.parts[pure.parts.index("Fixtures") + 1 : -1]) if is_fixture(path) else set()
    if pure.parts[0] == "tools" and len(pure.parts) > 3:
        folders.add(pure.parent.name)
    return {pure.name, pure.stem} | folders
