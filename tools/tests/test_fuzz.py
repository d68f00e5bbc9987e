"""tools/fuzz.py says what libFuzzer said, and never takes nothing for a pass."""

import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import fuzz  # noqa: E402


class FuzzTests(unittest.TestCase):
    def test_a_broken_parser_is_told_with_the_input_that_broke_it(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = Path(folder) / "json-crash-1"
            unit.write_bytes(b"[\xff\n")
            told = fuzz.failure(f"==1== ERROR: deadly signal\nTest unit written to {unit}\n")

        self.assertIn("deadly signal", told)
        self.assertTrue(told.endswith(f"{unit}: b'[\\xff\\n'"), told)

    def test_each_parser_is_a_test_and_a_broken_one_fails(self):
        runs = [SimpleNamespace(parser="json", seconds=30, failure=None),
                SimpleNamespace(parser="note", seconds=1, failure="BROKEN\n\x1b\udcff")]

        cases = fuzz.xml(runs).findall("testcase")

        self.assertEqual([case.get("name") for case in cases], ["json", "note"])
        self.assertEqual([case.find("failure") is not None for case in cases], [False, True])

    def test_every_corpus_is_a_parser_of_the_program(self):
        parsers = sorted(folder.name for folder in fuzz.CORPUS.iterdir())
        source = (fuzz.ROOT / "Sources/Fuzzing/Parser.swift").read_text()

        cases = sorted(line.split()[1] for line in source.splitlines()
                       if line.startswith("  case "))
        self.assertEqual(parsers, cases)


if __name__ == "__main__":
    unittest.main()
