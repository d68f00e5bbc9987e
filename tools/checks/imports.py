"""Who imports whom, compared with Package.swift.

The build does not hold this: a module that was built before can be imported undeclared.
"""

import re

from .finding import Finding
from .package_table import Target
from .tree import Tree, is_fixture

IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)\n]*\))?[ \t]+)*(?:(?:package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|enum|class|protocol|func|typealias|var|let)[ \t]+)?(\w+)",
    re.MULTILINE,
)
# What comes with the toolchain; everything else is a row of Package.swift.
TOOLCHAIN = frozenset((
    "Swift", "Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc", "Musl",
    "Darwin", "Testing", "RegexBuilder", "_Concurrency",
))


def findings(tree: Tree, targets: list[Target]) -> list[Finding]:
    found = homeless(tree, targets)
    for target in targets:
        if target.is_compiled:
            used = imports_of(tree, target)
            found += lenient(target) + undeclared(target, used)
            found += [] if target.kind == "test" else unused(target, used)
    return found


def imports_of(tree: Tree, target: Target) -> dict[str, tuple[str, int]]:
    """Module → where it is first imported, as (path, line)."""
    used: dict[str, tuple[str, int]] = {}
    for path in tree.under(target.folder, ending=".swift"):
        if is_fixture(path):
            continue
        source = tree.swift(path)
        for hit in IMPORT.finditer(source.code):
            used.setdefault(hit.group(1), (path, source.line_at(hit.start(1))))
    return used


def undeclared(target: Target, used: dict[str, tuple[str, int]]) -> list[Finding]:
    return [
        Finding(path, line, f"{target.name} imports `{module}`, which its row in Package.swift "
                "does not have: add it there if it is of a lower layer, else import nothing "
                "sideways or upwards")
        for module, (path, line) in used.items()
        if module not in target.imports | TOOLCHAIN
    ]


def unused(target: Target, used: dict[str, tuple[str, int]]) -> list[Finding]:
    return [
        Finding("Package.swift", 0, f"{target.name} declares `{module}` and never imports it: "
                "delete it from its row")
        for module in target.imports
        if module not in used
    ]


def lenient(target: Target) -> list[Finding]:
    if target.warnings_are_errors:
        return []
    return [Finding("Package.swift", 0, f"{target.name} lets warnings pass: give it "
                    "`.treatAllWarnings(as: .error)`")]


def homeless(tree: Tree, targets: list[Target]) -> list[Finding]:
    """Swift files that no target compiles."""
    folders = tuple(target.folder + "/" for target in targets)
    return [
        Finding(path, 0, "is in no target: give its folder a row in Package.swift, or delete it")
        for path in tree.under("Sources", "Tests", "migrations", ending=".swift")
        if not path.startswith(folders)
    ]
