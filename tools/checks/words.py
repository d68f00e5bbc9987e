"""Words where a reader looks for them: on types, on tests, on top of documents."""

import re

from .finding import Finding
from .swift_source import SwiftSource
from .tree import Tree, is_fixture

# At the top of a file; a nested type is said by the members that use it.
PACKAGE_TYPE = re.compile(
    r"^(?:@[^\n]*[ \t])?package (?:final |indirect |nonisolated )*"
    r"(?:struct|enum|class|actor|protocol)\s+(\w+)",
    re.MULTILINE,
)
ATTRIBUTE = re.compile(r"^\s*@\w")
TEST_ATTRIBUTE = re.compile(r"@Test\b")
FUNCTION = re.compile(r"\bfunc\s+(`[^`\n]+`|\w+)")
PYTHON_TEST = re.compile(r"^    def (test\w*)\(", re.MULTILINE)
FENCE = re.compile(r"^ {0,3}(?:```|~~~)")


def findings(tree: Tree) -> list[Finding]:
    found = []
    for path in tree.under("Sources", ending=".swift"):
        found += undocumented(tree.swift(path))
    for path in tree.under("Tests", ending=".swift"):
        found += [] if is_fixture(path) else unsaid(tree.swift(path))
    for path in tree.under("tools", ending=".py"):
        found += unsaid_python(tree, path) + silent_module(tree, path)
    for path in tree.texts():
        if path.endswith(".md") and not is_fixture(path):
            found += titles(tree, path)
    return found


def undocumented(source: SwiftSource) -> list[Finding]:
    found = []
    for hit in PACKAGE_TYPE.finditer(source.code):
        line = source.line_at(hit.start(1))
        if not above(source, line).startswith("///"):
            found.append(Finding(source.path, line, f"`{hit.group(1)}` has no doc comment: say in "
                                 "one `///` sentence what it is for"))
    return found


def above(source: SwiftSource, line: int) -> str:
    """The line over `line` (from 1), attributes skipped, without its indentation."""
    at = line - 2
    while at >= 0 and ATTRIBUTE.match(source.lines[at]):
        at -= 1
    return source.lines[at].strip() if at >= 0 else ""


def unsaid(source: SwiftSource) -> list[Finding]:
    found = []
    for hit in TEST_ATTRIBUTE.finditer(source.code):
        function = FUNCTION.search(source.code, hit.end())
        if function is None or is_sentence(name := function.group(1)):
            continue
        found.append(Finding(source.path, source.line_at(function.start()), f"test `{name}`: name "
                             "it with a sentence about behaviour, like "
                             "func `an approval by the author is refused`()"))
    return found


def is_sentence(name: str) -> bool:
    """Three words at least, in a raw identifier."""
    return name.startswith("`") and len(name.strip("`").split()) >= 3


def unsaid_python(tree: Tree, path: str) -> list[Finding]:
    text = tree.text(path)
    return [
        Finding(path, text.count("\n", 0, hit.start()) + 1, f"test `{hit.group(1)}`: name it with "
                "a sentence about behaviour, three words at least after `test_`")
        for hit in PYTHON_TEST.finditer(text)
        if len(hit.group(1).split("_")) < 4
    ]


def silent_module(tree: Tree, path: str) -> list[Finding]:
    if re.match(r'(?:#![^\n]*\n)?(?:r?""")', tree.text(path)):
        return []
    return [Finding(path, 1, "no docstring on top: say in one sentence what the file is for")]


def titles(tree: Tree, path: str) -> list[Finding]:
    """A document has one `# ` title, and it comes first."""
    lines, fenced, found = tree.text(path).split("\n"), False, []
    for number, line in enumerate(lines, 1):
        if FENCE.match(line):
            fenced = not fenced
        elif line.startswith("# ") and not fenced:
            found.append(number)
    if len(found) == 1 and not any(lines[: found[0] - 1]):
        return []
    return [Finding(path, number, f"{len(found)} titles: a document has one `# ` line, the first")
            for number in (found[1:] or [1])]
