#!/usr/bin/env python3
"""Adds up xUnit files and prints the closing line: `N passed, N failed`.

Nothing read is never a pass: without a single test the exit code is 1.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree


def main(paths: list[Path]) -> int:
    tests = failed = skipped = 0
    for path in paths:
        for suite in suites(path):
            tests += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    line = f"{tests - failed - skipped} passed, {failed} failed"
    print(line + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not tests else 0


def suites(path: Path) -> list[ElementTree.Element]:
    """The suites in one file; a file that cannot be read counts as one failure."""
    try:
        return list(ElementTree.parse(path).iter("testsuite"))
    except ElementTree.ParseError as error:
        print(f"{path} is not readable: {error}")
        return [ElementTree.Element("testsuite", tests="1", failures="1")]


if __name__ == "__main__":
    sys.exit(main([Path(one) for one in sys.argv[1:] if Path(one).exists()]))
