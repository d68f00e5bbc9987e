#!/usr/bin/env python3
"""The import pass of tools/check: import lines and settings against Package.swift."""

import sys
from pathlib import Path

from checks import imports, package_table
from checks.finding import report
from checks.tree import Tree


def main(root: Path) -> int:
    return report(imports.findings(Tree(root), package_table.read(root)))


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))
