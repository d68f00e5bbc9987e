"""What README shows is what happens: its commands run in order, and its files are there."""

import os
import re
import shlex
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
    def test_its_commands_end_and_say_as_it_shows(self):
        session = Session(self.own(README))
        environment = self.environment | {"PATH": f"{STELE.parent}:{os.environ['PATH']}"}
        said = subprocess.run(["bash", "-c", session.script()], cwd=ROOT, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        self.assertEqual(said.returncode, 0, said.stdout[-3000:])
        self.assertEqual(session.not_said(said.stdout), [], said.stdout[-20000:])

    def own(self, text: str) -> str:
        """The text with this test's own folder and ports."""
        ports = ",".join(map(str, self.ports.values()))
        return text.replace(FOLDER, str(self.folder / "tamma")).replace(PORTS, ports)

    def test_its_links_lead_to_files(self):
        self.assertEqual([one for one in LINK.findall(README) if not (ROOT / one).exists()], [])

    def test_every_folder_of_the_project_is_on_its_map(self):
        modules = [path.name for path in (ROOT / "Sources").iterdir()]
        self.assertEqual([name for name in modules if name not in README], [])


class Session:
    """The commands that a README shows, each with the lines that it is shown to say."""

    MARK = "\x1e"

    def __init__(self, readme: str):
        self.steps: list[tuple[str, int, list[str]]] = []
        for block in CONSOLE.findall(readme):
            for line in block.splitlines():
                if line.startswith("$ "):
                    code = EXIT_CODE.search(line)
                    command = EXIT_CODE.sub("", line[2:])
                    self.steps.append((command, int(code.group(1)) if code else 0, []))
                else:
                    self.steps[-1][2].append(line)

    def script(self) -> str:
        lines = ["set -u"]
        for command, code, _ in self.steps:
            lines += [f"printf '{self.MARK}%s\\n' {shlex.quote(command)}", command,
                      f'code=$?; [ $code -eq {code} ] || {{ echo "ended with $code"; exit 1; }}']
        return "\n".join(lines)

    def not_said(self, output: str) -> list[str]:
        """Lines that are shown and were not said, in their order, by their command."""
        missing = []
        for (command, _, shown), said in zip(self.steps, output.split(self.MARK)[1:], strict=True):
            rest = iter(said.splitlines()[1:])
            for line in shown:
                if line.strip() != "…" and not any(pattern(line).fullmatch(one) for one in rest):
                    missing.append(f"{command}: {line}")
        return missing


def pattern(shown: str) -> re.Pattern:
    """What says the same as a shown line: other numbers and digests, `…` anything, any spacing."""
    parts = re.split(r"(…|[0-9a-f]{8}[0-9a-f-]*|[0-9]+|\s+)", shown.strip())
    kinds = [("…", ".*"), (r"[0-9a-f]{8}[0-9a-f-]*", "[0-9a-f-]+"), ("[0-9]+", "[0-9]+"),
             (r"\s+", r"\s+")]
    return re.compile(r"\s*" + "".join(
        next((to for of, to in kinds if re.fullmatch(of, part)), re.escape(part))
        for part in parts) + r"\s*")


class SessionTests(unittest.TestCase):
    README = "```console\n$ one\nsize 12 …\n…\nend\n$ two  # exit code 7\n```\n"

    def not_said(self, first: str, second: str = "") -> list[str]:
        return Session(self.README).not_said(f"noise\n\x1eone\n{first}\x1etwo\n{second}")

    def test_other_numbers_and_what_is_left_out_are_the_same(self):
        self.assertEqual(self.not_said("size   9001 deadbeef\nmore\n  end\n", "anything\n"), [])

    def test_a_line_that_is_not_said_or_too_early_is_missed(self):
        self.assertEqual(self.not_said("size 12 x\n"), ["one: end"])
        self.assertEqual(self.not_said("end\nsize 12 x\n"), ["one: end"])
        self.assertEqual(self.not_said("", "size 12 x\nend\n"), ["one: size 12 …", "one: end"])

    def test_exit_codes_are_expected(self):
        script = Session(self.README).script().splitlines()
        self.assertEqual([line for line in script if "-eq" in line],
                         ['code=$?; [ $code -eq 0 ] || { echo "ended with $code"; exit 1; }',
                          'code=$?; [ $code -eq 7 ] || { echo "ended with $code"; exit 1; }'])


if __name__ == "__main__":
    unittest.main()
