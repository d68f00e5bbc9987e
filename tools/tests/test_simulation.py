"""stele-sim as somebody types it: a thousand seeds hold, and a planted mistake is told."""

import subprocess
import unittest

from tests.project import STELE

SIMULATION = STELE.parent / "stele-sim"


class SimulationTests(unittest.TestCase):
    def test_a_thousand_short_histories_hold(self):
        self.assert_holds("--seed", "1", "--count", "1000")

    def test_a_thousand_hold_on_a_disk_that_forgets_what_it_failed_to_sync(self):
        self.assert_holds("--seed", "1", "--count", "1000", "--forgetful")

    def assert_holds(self, *arguments: str):
        ran = run(*arguments)

        self.assertEqual(ran.stdout, "")
        self.assertIn("1000 histories of 20 steps, 0 failed", ran.stderr)
        self.assertEqual(ran.returncode, 0)

    def test_a_failing_seed_is_one_line_with_its_command(self):
        ran = run("--seed", "4", "--count", "20", "--plant", "reusedPosition")

        self.assertEqual(ran.returncode, 1, ran.stderr)
        for line in ran.stdout.splitlines():
            self.assertRegex(
                line, r"^seed (\d+): .+\. Repeat it with `stele-sim --seed \1 --steps 20 "
                "--plant reusedPosition`\\.$")

    def test_what_makes_no_sense_is_refused(self):
        ran = run("--count", "0")

        self.assertEqual(ran.returncode, 64)
        self.assertIn("--count", ran.stderr)


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([SIMULATION, *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)


if __name__ == "__main__":
    unittest.main()
