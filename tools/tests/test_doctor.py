"""`stele doctor` beside a real agent: it answers, and is told of when a restore went past it."""

import subprocess
import unittest

from tests.project import STELE, ProjectTestCase

NEGATIVE, NOT_REPLACED, RESTORES_MAX = 1, 73, 5


class DoctorTests(ProjectTestCase):
    def test_an_agent_with_replaced_files_is_named(self):
        self.stele("init", "tamma")
        self.build("v1")
        self.stele("deploy", "development")
        self.assertEqual(self.agent()["verdict"], "ok")

        self.restore()

        agent = self.agent(expecting=NEGATIVE)
        self.assertEqual(agent["verdict"], "failed")
        # It ends by itself within a second, and may have by now.
        self.assertRegex(agent["value"], "that a restore has replaced|no agent answers")
        self.assertRegex(agent["next"], r"^(kill \d+ && )?stele agent development$")
        self.stele("verify")

    def agent(self, expecting: int = 0) -> dict:
        findings = self.answer("doctor", expecting=expecting)["findings"]
        return next(one for one in findings if one["area"] == "agents")

    def restore(self) -> None:
        """Restores a copy as new as the ledger; again when the agent appended in between."""
        for number in range(RESTORES_MAX):
            copy = str(self.folder / f"copy-{number}")
            self.stele("backup", copy)
            said = subprocess.run([STELE, "restore", copy], cwd=self.project,
                                  env=self.environment, capture_output=True, text=True)
            if said.returncode != NOT_REPLACED:
                return self.assertEqual(said.returncode, 0, said.stderr)
        self.fail(f"the agent was faster {RESTORES_MAX} times")


if __name__ == "__main__":
    unittest.main()
