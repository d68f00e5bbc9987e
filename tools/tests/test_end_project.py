"""Ending a project ends its own processes, however named, and nobody else's."""

import sys
import unittest
from unittest.mock import patch

from tests.processes import ProcessTestCase, eventually
import end_project

SLEEP = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', " \
    "flush=True); time.sleep(600)"


class EndProjectTests(ProcessTestCase):
    def pids(self) -> set[int]:
        return {process.pid for process in end_project.belonging_to(self.folder / "mine")}

    def test_processes_belong_by_directory_or_argument_and_neighbours_are_left_alone(self):
        mine, other = self.folder / "mine", self.folder / "mine-too"
        mine.mkdir(), other.mkdir()
        by_directory = self.start(sys.executable, "-c", SLEEP, cwd=mine)
        by_argument = self.start(sys.executable, "-c", SLEEP, f"--file={mine}/x", cwd="/")
        neighbour = self.start(sys.executable, "-c", SLEEP, f"{other}/x", cwd=other)
        wanted = {by_directory.pid, by_argument.pid}
        eventually("both there", lambda: self.pids() == wanted)

        ended = end_project.end_project(mine)

        self.assertEqual({process.pid for process in ended}, wanted)
        self.assertEqual(self.pids(), set())
        self.assertIsNone(neighbour.poll())

    def test_a_process_that_does_not_listen_is_killed(self):
        mine = self.folder / "mine"
        mine.mkdir()
        deaf = self.start(sys.executable, "-c", STUBBORN, cwd=mine, stdout=-1)
        deaf.stdout.readline()
        self.addCleanup(deaf.stdout.close)

        with patch.object(end_project, "PATIENCE_SECONDS", 0.5):
            end_project.end_project(mine)

        self.assertEqual(deaf.wait(), -9)

    def test_a_process_that_ends_by_itself_meanwhile_is_no_error(self):
        gone = end_project.Running(2**22 + 1, "", ("stele", "agent", "production"))

        with patch.object(end_project.Running, "is_there", True), \
                patch.object(end_project, "PATIENCE_SECONDS", 0.01):
            end_project.end([gone])

    def test_agents_end_before_what_they_look_after(self):
        agent = end_project.Running(1, "", ("stele", "agent", "production"))
        replica = end_project.Running(2, "", ("python3", "agent.py"))
        self.assertEqual([agent.is_agent, replica.is_agent], [True, False])


if __name__ == "__main__":
    unittest.main()
