"""A project in a temporary folder, with files a test plants in it."""

import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOOLS))

from checks.tree import Tree  # noqa: E402  the path comes first


class PlantedTestCase(unittest.TestCase):
    """Each test has a folder of its own, deleted when it ends."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="stele-check-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def plant(self, path: str, text: str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def found_by(self, rule) -> list[str]:
        """What a rule module says about the planted project, in order of place."""
        return [str(finding) for finding in sorted(rule.findings(Tree(self.root)))]

    def assert_named(self, rule, *beginnings: str) -> None:
        """The rule finds exactly these, each told by how its line begins."""
        found = self.found_by(rule)
        self.assertEqual(len(found), len(beginnings), found)
        for line, beginning in zip(found, beginnings):
            self.assertTrue(line.startswith(beginning), f"{line!r} is not {beginning!r}…")
