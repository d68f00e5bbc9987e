"""Counting results and coverage: what was not run is never taken for passed."""

import contextlib
import io
import unittest
from pathlib import Path

from tests.planted import PlantedTestCase
import count_results
import coverage


class CountingTests(PlantedTestCase):
    def counted(self, *suites: str) -> tuple[int, str]:
        paths = []
        for number, suite in enumerate(suites):
            self.plant(f"{number}.xml", f"<testsuites><testsuite {suite}/></testsuites>")
            paths.append(self.root / f"{number}.xml")
        with contextlib.redirect_stdout(said := io.StringIO()):
            code = count_results.main(paths)
        return code, said.getvalue().strip()

    def test_files_are_added_up_to_one_closing_line(self):
        self.assertEqual(self.counted('tests="3" failures="0"', 'tests="2" skipped="1"'),
                         (0, "4 passed, 0 failed, 1 skipped"))

    def test_one_failure_anywhere_fails_the_whole(self):
        self.assertEqual(self.counted('tests="3" failures="1"', 'tests="2" errors="1"'),
                         (1, "3 passed, 2 failed"))

    def test_a_file_that_cannot_be_read_is_a_failure(self):
        self.assertEqual(self.counted('tests="3" failures="\x01"')[0], 1)

    def test_no_test_at_all_is_not_a_pass(self):
        self.assertEqual(self.counted(), (1, "0 passed, 0 failed"))


class CoverageTests(unittest.TestCase):
    TRACE = "\n".join([
        "SF:/p/Sources/A/a.swift", "DA:1,2", "DA:2,0", "end_of_record",
        "SF:/p/Sources/stele/main.swift", "DA:1,0", "end_of_record",
        "SF:/p/.build/checkouts/x/Sources/X/x.swift", "DA:1,0", "end_of_record",
        "SF:/p/migrations/m.swift", "DA:1,1", "end_of_record",
        "SF:/p/Sources/A/a.swift", "DA:2,0", "DA:3,1", "end_of_record"])

    def test_only_what_we_ship_is_counted_and_a_line_run_once_is_run(self):
        files = coverage.parse(self.TRACE, Path("/p"))
        self.assertEqual([(file.path, file.runs) for file in files],
                         [("Sources/A/a.swift", {1: 2, 2: 0, 3: 1}),
                          ("migrations/m.swift", {1: 1})])

    def test_lines_that_were_not_run_are_named_in_ranges(self):
        self.assertEqual(coverage.ranges([3, 4, 5, 9]), "3-5, 9")

    def test_modules_are_told_apart_in_the_summary(self):
        said = coverage.by_module(coverage.parse(self.TRACE, Path("/p")))
        self.assertEqual([line.split() for line in said.split("\n")],
                         [["A", "66.67", "%", "of", "3", "lines"],
                          ["Migrations", "100.00", "%", "of", "1", "lines"]])


if __name__ == "__main__":
    unittest.main()
