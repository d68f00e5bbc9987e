#!/usr/bin/env python3
"""Adds up xUnit files and prints the closing line: `N passed, N failed`.

Nothing read is never a pass: without a single test the exit code is 1.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def main(paths: list[Path]) -> int:
    counts = Counter(outcome for path in paths for outcome in outcomes(path))
    passed, failed, skipped = (counts[name] for name in ("passed", "failed", "skipped"))
    line = f"{passed} passed, {failed} failed"
    print(line + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


def outcomes(path: Path) -> list[str]:
    """What became of each test in one file; a file that cannot be read is one failure.

    A test with many issues fails once, so the counts in the file's own header are not used.
    """
    try:
        return [outcome(case) for case in ElementTree.parse(path).iter("testcase")]
    except ElementTree.ParseError as error:
        print(f"{path} is not readable: {error}")
        return ["failed"]


def outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


if __name__ == "__main__":
    sys.exit(main([Path(one) for one in sys.argv[1:] if Path(one).exists()]))
