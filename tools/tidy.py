#!/usr/bin/env python3
"""The tidy pass of tools/check: house rules that no compiler knows. Prints place and fix."""

import sys
from pathlib import Path

from checks import banned, concurrency, dead, decisions, shape, words
from checks.allowed import ALLOWED
from checks.finding import Finding, report
from checks.tree import Tree

RULES = (banned, concurrency, dead, decisions, shape, words)


def main(root: Path) -> int:
    tree = Tree(root)
    return report([found for rule in RULES for found in rule.findings(tree)] + stale(tree))


def stale(tree: Tree) -> list[Finding]:
    """Exceptions whose place exists no more, once the project has sources at all."""
    return [
        Finding("tools/checks/allowed.py", 0, f"`{place}` ({rule}) excuses nothing: delete it")
        for rule, places in ALLOWED.items()
        for place in places
        if tree.under("Sources/stele") and not any(path.startswith(place) for path in tree.paths)
    ]


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))
