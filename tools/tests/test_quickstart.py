"""tools/quickstart with a build that is there: the walk ends, and what it offers next works."""

import os
import re
import subprocess
from pathlib import Path

from tests.processes import TOOLS, ProcessTestCase
from tests.project import STELE
import end_project

QUICKSTART = TOOLS / "quickstart"
PROJECT = re.compile(r"^== A project in (\S+)$", re.MULTILINE)
NEXT = re.compile(r"^Try next:\n((?:  .+\n)+)", re.MULTILINE)


class QuickstartTests(ProcessTestCase):
    def test_it_walks_to_a_verified_rollback_and_what_it_offers_next_works(self):
        environment = os.environ | {"STELE_BIN": str(STELE), "TMPDIR": str(self.folder)}
        self.addCleanup(lambda: end_project.end_project(self.folder))

        said = subprocess.run([QUICKSTART], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        self.assertEqual(said.returncode, 0, said.stdout[-3000:])
        self.assertIn(" requests, 0 lost, answered by ", said.stdout)
        self.assertRegex(said.stdout, r"(?m)^verified ")
        project = Path(PROJECT.search(said.stdout).group(1))
        self.assertTrue((project / ".stele" / "ledger.sqlite").exists())
        enter, *commands = [line.strip() for line in NEXT.search(said.stdout).group(1).splitlines()]
        self.assertEqual(len(commands), 5)
        for command in commands:
            ran = subprocess.run(["bash", "-c", f"{enter} && {command}"], env=environment,
                                 capture_output=True, text=True)
            self.assertIn(ran.returncode, (0, 2), f"{command}: {ran.stderr}")
            self.assertTrue(ran.stdout, command)

        ended = subprocess.run([QUICKSTART, "--end", project], env=environment,
                               capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(end_project.belonging_to(project), [])
