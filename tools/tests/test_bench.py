"""stele-bench measures every row once, on ledgers that stele itself takes for sound."""

import json
import subprocess
import unittest

from tests.project import STELE

BENCH = STELE.parent / "stele-bench"
SMALLEST = ("--events", "1000", "--entries", "100", "--rounds", "1")
ROW = {"name", "unit", "value", "limit", "limitIs", "ratio", "result", "bar", "pass", "spread"}


class BenchTests(unittest.TestCase):
    def test_every_row_is_measured_beside_its_limit(self):
        ran = run(*SMALLEST, "--stele", str(STELE), "--output", "json")

        # How fast it was says nothing here; that it could be measured does.
        self.assertIn(ran.returncode, (0, 1), ran.stderr)
        rows = json.loads(ran.stdout)["rows"]
        self.assertGreater(len(rows), 20)
        for row in rows:
            self.assertLessEqual(set(row), ROW, row)
            self.assertGreater(row["value"], 0, row)
            self.assertIsInstance(row["pass"], bool)
        for words in ("append", "verif", "replay", "status", "disk", "memory", "kill"):
            self.assertTrue(any(words in row["name"] for row in rows), words)

    def test_what_makes_no_sense_is_refused(self):
        ran = run("--events", "1")

        self.assertEqual(ran.returncode, 64)
        self.assertIn("--events", ran.stderr)


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BENCH, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
