#!/usr/bin/env python3
"""Adds up xUnit files, names what failed, and prints the closing line: `N passed, N failed`.

Nothing read is never a pass: without a single test the exit code is 1.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def main(paths: list[Path]) -> int:
    results = [result for path in paths for result in outcomes(path)]
    counts = Counter(outcome for _, outcome in results)
    for name, outcome in results:
        if outcome == "failed":
            print(f"failed: {name}")
    passed, failed, skipped = (counts[name] for name in ("passed", "failed", "skipped"))
    line = f"{passed} passed, {failed} failed"
    print(line + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


def outcomes(path: Path) -> list[tuple[str, str]]:
    """Each test of one file with what became of it; a file that cannot be read is one failure.

    A test with many issues fails once, so the counts in the file's own header are not used.
    """
    try:
        return [(name(case), outcome(case))
                for case in ElementTree.parse(path).iter("testcase")]
    except ElementTree.ParseError as error:
        return [(f"{path} is not readable: {error}", "failed")]


def name(case: ElementTree.Element) -> str:
    """The test and, if it says so, why it failed, on one line."""
    said = ((broken.get("message") or "").split() for broken in case.iter("failure"))
    reasons = "; ".join(" ".join(words) for words in said if words)
    test = " ".join(filter(None, [case.get("classname"), case.get("name")]))
    return f"{test}: {reasons}"[:1_000] if reasons else test


def outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


if __name__ == "__main__":
    sys.exit(main([Path(one) for one in sys.argv[1:] if Path(one).exists()]))
