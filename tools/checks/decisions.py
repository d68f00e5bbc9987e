"""Decision records: each number once, or a reference to it means two."""

import re

from .finding import Finding
from .tree import Tree

FOLDER = "Sources/Operations/Documentation.docc/Decisions"
NUMBER = re.compile(r"/(\d{4})-[^/]+\.md$")


def findings(tree: Tree) -> list[Finding]:
    found = []
    first: dict[str, str] = {}
    for path in tree.under(FOLDER, ending=".md"):
        if (hit := NUMBER.search(path)) is None:
            found.append(Finding(path, 0, "no number: name it NNNN-title.md"))
        elif (other := first.setdefault(hit.group(1), path)) != path:
            found.append(Finding(path, 0, f"{hit.group(1)} is the number of {other} already: give "
                                 "the younger one the next free number"))
    return found
