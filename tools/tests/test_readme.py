"""What README shows is what happens: its commands run in order, and its files are there."""

import os
import re
import subprocess
import unittest

from tests.project import STELE, ProjectTestCase
from tests.processes import TOOLS

ROOT = TOOLS.parent
README = (ROOT / "README.md").read_text()
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
EXIT_CODE = re.compile(r"\s+# exit code (\d+)$")
FOLDER, PORTS = "/tmp/tamma", "8101,8102,8103"


class ReadmeTests(ProjectTestCase):
    def test_its_commands_end_as_it_says(self):
        script = ["set -u"]
        for command in commands():
            expected = EXIT_CODE.search(command)
            wanted = int(expected.group(1)) if expected else 0
            command = self.own(EXIT_CODE.sub("", command))
            script += [f"echo {sh_quote('$ ' + command)}", command,
                       f'code=$?; [ $code -eq {wanted} ] || {{ echo "ended with $code"; exit 1; }}']
        environment = self.environment | {"PATH": f"{STELE.parent}:{os.environ['PATH']}"}
        said = subprocess.run(["bash", "-c", "\n".join(script)], cwd=ROOT, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(said.returncode, 0, said.stdout[-3000:] + said.stderr[-3000:])

    def own(self, command: str) -> str:
        """The command with this test's own folder and ports."""
        ports = ",".join(map(str, self.ports.values()))
        return command.replace(FOLDER, str(self.folder / "tamma")).replace(PORTS, ports)

    def test_its_links_lead_to_files(self):
        self.assertEqual([one for one in LINK.findall(README) if not (ROOT / one).exists()], [])

    def test_every_folder_of_the_project_is_on_its_map(self):
        modules = [path.name for path in (ROOT / "Sources").iterdir()]
        self.assertEqual([name for name in modules if name not in README], [])


def commands() -> list[str]:
    return [line[2:] for block in CONSOLE.findall(README) for line in block.split("\n")
            if line.startswith("$ ")]


def sh_quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


if __name__ == "__main__":
    unittest.main()
