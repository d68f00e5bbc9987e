"""Lengths and blanks: what makes a file pleasant to open and a change pleasant to read."""

from .finding import Finding
from .tree import Tree, is_fixture

LINES_MAX = 350
COLUMNS_MAX = 100
# A hash, an address or a vector cannot be broken; a line that is mostly one such word may be long.
UNBREAKABLE_WORD = 60
NARROW_ENDINGS = (".swift", ".sql", ".py", ".yaml", ".yml")


def findings(tree: Tree) -> list[Finding]:
    found = []
    for path in tree.texts():
        if not is_fixture(path):
            found += long_file(tree, path) + long_lines(tree, path) + blanks(tree, path)
    return found


def long_file(tree: Tree, path: str) -> list[Finding]:
    lines = tree.text(path).count("\n")
    if not path.startswith("Sources/") or not path.endswith(".swift") or lines <= LINES_MAX:
        return []
    return [Finding(path, 0, f"{lines} lines, {LINES_MAX} at most: one noun a file, so split it")]


def long_lines(tree: Tree, path: str) -> list[Finding]:
    if not path.endswith(NARROW_ENDINGS) and not path.startswith("tools/"):
        return []
    if path.endswith((".md", ".json")):
        return []
    if path.startswith("migrations/"):
        return []  # An applied migration never changes again, not even to break a line.
    return [
        Finding(path, number, f"{len(line)} columns, {COLUMNS_MAX} at most: break the line")
        for number, line in enumerate(tree.text(path).split("\n"), 1)
        if len(line) > COLUMNS_MAX and max(map(len, line.split())) < UNBREAKABLE_WORD
    ]


def blanks(tree: Tree, path: str) -> list[Finding]:
    text = tree.text(path)
    found = [
        Finding(path, number, "blanks at the end of the line: delete them")
        for number, line in enumerate(text.split("\n"), 1)
        if line != line.rstrip()
    ]
    if text and not text.endswith("\n"):
        found.append(Finding(path, 0, "no line feed at the end: add one"))
    if text.endswith("\n\n"):
        found.append(Finding(path, 0, "empty lines at the end: delete them"))
    return found
