#!/usr/bin/env python3
"""Runs tools/tests and writes what came of it as xUnit XML, like `swift test` does.

    tools/run_tests.py RESULTS.xml [test_module…]
"""

import sys
import time
import unittest
from pathlib import Path
from xml.etree import ElementTree

TOOLS = Path(__file__).resolve().parent


class TimedResult(unittest.TextTestResult):
    """Keeps how long each test took, in seconds."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.seconds: dict[str, float] = {}

    def startTest(self, test):
        self._began = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        self.seconds[test.id()] = time.monotonic() - self._began
        super().stopTest(test)


def main(results: Path, modules: list[str]) -> int:
    loader = unittest.TestLoader()
    if modules:
        suite = loader.loadTestsFromNames(["tests." + module for module in modules])
    else:
        suite = loader.discover(str(TOOLS / "tests"), top_level_dir=str(TOOLS))
    runner = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=TimedResult)
    result = runner.run(suite)
    ElementTree.ElementTree(xml(result)).write(results, encoding="utf-8", xml_declaration=True)
    return 0 if result.wasSuccessful() and result.testsRun else 1


def xml(result: TimedResult) -> ElementTree.Element:
    """One suite with a case a test; a test with failing subtests counts once."""
    broken = {test_id(test): text for test, text in result.failures + result.errors}
    broken |= {test_id(test): "passed, and was expected not to"
               for test in result.unexpectedSuccesses}
    skipped = {test_id(test): reason for test, reason in result.skipped}
    suite = ElementTree.Element(
        "testsuite", name="tools", tests=str(len(result.seconds.keys() | broken.keys())),
        failures=str(len(broken)), skipped=str(len(skipped)))
    for name in sorted(result.seconds.keys() | broken.keys()):
        case = ElementTree.SubElement(
            suite, "testcase", name=name, time=f"{result.seconds.get(name, 0):.3f}")
        if name in broken:
            ElementTree.SubElement(case, "failure", message=printable(broken[name]))
        elif name in skipped:
            ElementTree.SubElement(case, "skipped", message=skipped[name])
    root = ElementTree.Element("testsuites")
    root.append(suite)
    return root


def printable(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in text)


def test_id(test) -> str:
    """The test's own name; a subtest belongs to its test."""
    return getattr(test, "test_case", test).id()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.path.insert(0, str(TOOLS))
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
