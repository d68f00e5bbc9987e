"""Counting results and coverage: what was not run is never taken for passed."""

import contextlib
import io
import unittest
from pathlib import Path

from tests.planted import PlantedTestCase
import count_results
import coverage


class CountingTests(PlantedTestCase):
    def counted(self, *files: str) -> tuple[int, str]:
        """Exit code and last line for xUnit files with these test cases."""
        paths = []
        for number, cases in enumerate(files):
            self.plant(f"{number}.xml", f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
            paths.append(self.root / f"{number}.xml")
        with contextlib.redirect_stdout(said := io.StringIO()):
            code = count_results.main(paths)
        return code, said.getvalue().strip().split("\n")[-1]

    PASSED, SKIPPED = "<testcase/>", "<testcase><skipped/></testcase>"
    FAILED = "<testcase><failure/><failure/></testcase>"

    def test_files_are_added_up_to_one_closing_line(self):
        self.assertEqual(self.counted(self.PASSED * 3, self.PASSED + self.SKIPPED),
                         (0, "4 passed, 0 failed, 1 skipped"))

    def test_a_test_with_many_issues_fails_once_and_fails_the_whole(self):
        self.assertEqual(self.counted(self.PASSED * 2 + self.FAILED, self.FAILED),
                         (1, "2 passed, 2 failed"))

    def test_what_failed_is_named_with_its_reason_before_the_closing_line(self):
        self.plant("0.xml", '<testsuite><testcase classname="A.B" name="adds"><failure '
                            'message="1\nis  not 2"/></testcase></testsuite>')
        with contextlib.redirect_stdout(said := io.StringIO()):
            count_results.main([self.root / "0.xml"])
        self.assertEqual(said.getvalue(),
                         "failed: A.B adds: 1 is not 2\n0 passed, 1 failed\n")

    def test_a_file_that_cannot_be_read_is_a_failure(self):
        self.assertEqual(self.counted(self.PASSED, "\x01"), (1, "1 passed, 1 failed"))

    def test_no_test_at_all_is_not_a_pass(self):
        self.assertEqual(self.counted(), (1, "0 passed, 0 failed"))

    def test_only_skipped_tests_are_not_a_pass(self):
        self.assertEqual(self.counted(self.SKIPPED), (1, "0 passed, 0 failed, 1 skipped"))


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
