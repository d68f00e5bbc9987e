"""A project of the example application in a folder of its own, and `stele` run in it."""

import json
import os
import re
import sqlite3
import subprocess
from pathlib import Path

from tests.processes import EXAMPLE, PATIENCE_SECONDS, TOOLS, ProcessTestCase, eventually, get
from tests.processes import free_port
import end_project

HEALTH = "/-/versions.json"
STELE = Path(os.environ.get("STELE_BIN", TOOLS.parent / ".build" / "debug" / "stele"))
COMMAND_SECONDS_MAX = 300
# Shorter than the example's own, so that a test of ten switches takes a minute.
BRISK = {
    "healthCheckInterval: 0.5": "healthCheckInterval: 0.2",
    "healthCheckTimeout: 0.5": "healthCheckTimeout: 0.2",
    "bakeSeconds: 3": "bakeSeconds: 1",
    "bakeSeconds: 2": "bakeSeconds: 1",
}


class ProjectTestCase(ProcessTestCase):
    """Each test has its project, its keys and its ports; all it started is ended with it."""

    def setUp(self):
        super().setUp()
        self.assertTrue(STELE.exists(), f"no {STELE}: build it with `swift build --product stele`")
        self.project = self.folder / "project"
        self.ports = {name: free_port() for name in ("development", "staging", "production")}
        ports = ",".join(map(str, self.ports.values()))
        subprocess.run([EXAMPLE / "new-project", self.project, "--ports", ports], check=True,
                       stdout=subprocess.DEVNULL)
        for path in self.project.glob("config/**/*.yaml"):
            self.edit(path, BRISK)
        self.environment = {
            "HOME": str(self.folder), "PATH": os.environ["PATH"],
            "XDG_CONFIG_HOME": str(self.folder / "keys"),
            "XDG_STATE_HOME": str(self.folder / "state"), "NO_COLOR": "1",
        }
        if profile := os.environ.get("LLVM_PROFILE_FILE"):
            self.environment["LLVM_PROFILE_FILE"] = profile
        self.addCleanup(lambda: end_project.end_project(self.folder))

    def edit(self, path: Path, changes: dict[str, str]) -> None:
        text = path.read_text()
        for old, new in changes.items():
            text = text.replace(old, new)
        path.write_text(text)

    def stele(self, *arguments: str, expecting: int = 0) -> str:
        """Runs one command in the project; its standard output."""
        said = subprocess.run(
            [STELE, *arguments], cwd=self.project, env=self.environment, capture_output=True,
            text=True, stdin=subprocess.DEVNULL, timeout=COMMAND_SECONDS_MAX)
        self.assertEqual(
            said.returncode, expecting,
            f"stele {' '.join(arguments)}\n{said.stdout}\n{said.stderr}\n{self.logs()}")
        return said.stdout

    def answer(self, *arguments: str, expecting: int = 0) -> dict:
        """A command's JSON."""
        return json.loads(self.stele(*arguments, "--output", "json", expecting=expecting))

    def build(self, version: str) -> None:
        """Makes a release of the example and records it as the newest build."""
        folder = self.folder / "artifacts" / version
        if not folder.exists():
            subprocess.run([EXAMPLE / "build-artifacts", version, folder], check=True)
        self.stele("build", str(folder))

    def url(self, environment: str) -> str:
        return f"http://127.0.0.1:{self.ports[environment]}"

    def version(self, environment: str) -> str | None:
        """The version that answers in an environment; None when nothing does."""
        status, text = get(self.url(environment) + HEALTH)
        return json.loads(text)["datasette"]["version"] if status == 200 else None

    def load(self, environment: str, *options: str) -> subprocess.Popen:
        """Starts a load on an environment; it ends and reports at SIGTERM."""
        process = self.start(TOOLS / "load.py", self.url(environment) + HEALTH, *options,
                             stdout=subprocess.PIPE, text=True)
        return process

    def report(self, load: subprocess.Popen) -> dict:
        """Ends a load and returns what came of it."""
        load.terminate()
        text, _ = load.communicate(timeout=PATIENCE_SECONDS * 5)
        return json.loads(text)

    def running(self) -> list[end_project.Running]:
        """What runs for the project, without proxies and agents: replicas."""
        return [process for process in end_project.belonging_to(self.folder)
                if any("/bin/serve" in one or "/bin/work" in one for one in process.arguments)]

    def deployments(self, environment: str) -> list[str]:
        """The ids of all deployments in an environment, the newest last."""
        releases = self.answer("releases", environment)["releases"]
        return [release["deployment"] for release in releases if "deployment" in release]

    def pids_in_ledger(self) -> set[int]:
        """Every process number that any event of the ledger names."""
        file = f"file:{self.project}/.stele/ledger.sqlite?mode=ro"
        with sqlite3.connect(file, uri=True) as ledger:
            bodies = ledger.execute("SELECT body FROM body").fetchall()
        ledger.close()
        return {int(pid) for (body,) in bodies for pid in re.findall(r'"pid":(\d+)', body)}

    def logs(self) -> str:
        """The ends of all agents' logs, for a failure's message."""
        return "\n".join(f"{path}:\n{path.read_text()[-2000:]}"
                         for path in self.project.glob(".stele/run/*/agent.log"))


__all__ = ["ProjectTestCase", "eventually"]
