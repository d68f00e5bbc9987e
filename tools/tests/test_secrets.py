"""Secrets and personal words are planted, everything is run, and every byte left is searched."""

import hashlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import unittest
from pathlib import Path

from tests.project import COMMAND_SECONDS_MAX, STELE, ProjectTestCase, eventually
import end_project

ENVIRONMENT = "staging"
USAGE, DATA, CONFIGURATION, DIFFERENT = 64, 65, 78, 2
MEMORY = Path(f"/dev/shm/stele-{os.geteuid()}")
WORDS = "Ada Lovelace asked for it, ada@example.org"


class SecretsTests(ProjectTestCase):
    def setUp(self):
        # Its agent is ended before its replicas, and nobody comes after it to remove their files.
        self.addCleanup(lambda: shutil.rmtree(self.memory(), ignore_errors=True))
        super().setUp()
        self.edit(self.project / "config" / "application.yaml", {
            "    health: http\n    replicas: resources.orchestrator.replicas\n":
            "    health: http\n    replicas: resources.orchestrator.replicas\n"
            "    secrets: {API_TOKEN: api-token}\n    secretFiles: {TLS_KEY_FILE: tls-key}\n"})
        self.said = []
        self.planted = {name: f"planted-{secrets.token_hex(16)}"
                        for name in ("first", "second", "third", "key", "passphrase", "other")}

    def memory(self) -> Path:
        """Where the agent puts its replicas' files."""
        run = f"{self.project.resolve()}/.stele/run/{ENVIRONMENT}"
        return MEMORY / hashlib.sha256(run.encode()).hexdigest()[:16]

    def run_stele(self, *arguments: str, value: str | None = None) -> subprocess.CompletedProcess:
        said = subprocess.run(
            [STELE, *arguments], cwd=self.project, env=self.environment, capture_output=True,
            text=True, input=value or "", timeout=COMMAND_SECONDS_MAX)
        self.said += [said.stdout, said.stderr]
        return said

    def stele(self, *arguments: str, expecting: int = 0, value: str | None = None) -> str:
        said = self.run_stele(*arguments, value=value)
        self.assertEqual(said.returncode, expecting,
                         f"{arguments}\n{said.stdout}\n{said.stderr}\n{self.logs()}")
        return said.stdout

    def set(self, name: str, planted: str, verb: str = "set") -> None:
        self.stele("secret", verb, ENVIRONMENT, name, "--reason", WORDS,
                   value=self.planted[planted] + "\n")

    def orchestrators(self) -> list[end_project.Running]:
        return [one for one in self.running()
                if any("/bin/serve" in word for word in one.arguments)]

    def begin(self) -> None:
        """A release that runs, with its secrets."""
        self.stele("init", "tamma")
        self.build("v1")
        self.set("api-token", "first")
        self.set("tls-key", "key")
        self.stele("deploy", ENVIRONMENT, "--reason", WORDS)

    def test_the_application_gets_its_secrets_also_when_it_is_started_again(self):
        self.begin()
        for replica in self.orchestrators():
            self.check_given(replica.pid, "first")
        self.set("api-token", "second")
        killed = self.orchestrators()[0].pid
        os.kill(killed, signal.SIGKILL)
        eventually("the agent starts it again", lambda: [
            one.pid for one in self.orchestrators() if one.pid != killed])
        # What is started again is the release that was deployed, not what was set since.
        for replica in self.orchestrators():
            self.check_given(replica.pid, "first")
        self.stele("deploy", ENVIRONMENT)
        for replica in self.orchestrators():
            self.check_given(replica.pid, "second")
        self.set("api-token", "third", "rotate")
        self.stele("rollback", ENVIRONMENT)
        for replica in self.orchestrators():
            self.check_given(replica.pid, "third")
        self.check_files()
        secrets = [one for one in self.answer("doctor")["findings"] if one["area"] == "secrets"]
        self.assertEqual({one["verdict"] for one in secrets}, {"ok"})

    def test_no_byte_left_behind_has_a_secret_or_a_personal_word(self):
        self.stele("init", "tamma")
        self.stele("deploy", ENVIRONMENT, "--build", "nowhere", expecting=CONFIGURATION)
        self.set("api-token", "first")
        self.set("tls-key", "key")
        passphrase = self.folder / "given" / "passphrase"
        passphrase.parent.mkdir()
        passphrase.touch(0o600)
        passphrase.write_text(self.planted["passphrase"] + "\n")
        for line in (("add", ENVIRONMENT, "passphrase"), ("rm", ENVIRONMENT, "keyFile"),
                     ("add", ENVIRONMENT, "keyFile"), ("list", ENVIRONMENT)):
            more = () if line[0] == "list" else ("--passphrase-file", str(passphrase))
            self.stele("secret", "recipient", *line, *more)
        passphrase.unlink()
        self.build("v1")
        self.stele("deploy", ENVIRONMENT, "--reason", WORDS)
        self.set("api-token", "second")
        self.stele("status", ENVIRONMENT)
        self.stele("flag", "set", ENVIRONMENT, "facets-by-default", "false", "--reason", WORDS)
        self.stele("deploy", ENVIRONMENT, "--reason", WORDS)
        self.stele("rollback", ENVIRONMENT, "--reason", WORDS)
        self.set("api-token", "third", "rotate")
        self.errors()
        self.check_processes()
        self.check_memory()
        for line in ("secret list staging", "log", "log --output jsonl", "config show staging",
                     "releases staging", "replay staging#1", "access log", "verify", "doctor",
                     "backup copies/one", "restore copies/one", "verify copies/one/ledger.receipt"):
            self.run_stele(*line.split())
        self.stele("diff", f"{ENVIRONMENT}#1", f"{ENVIRONMENT}#2", expecting=DIFFERENT)
        self.stele("secret", "rm", ENVIRONMENT, "tls-key")
        self.check_bytes()

    def errors(self) -> None:
        """Commands that fail with a value in their hands."""
        value = self.planted["other"]
        self.stele("secret", "set", ENVIRONMENT, "Not-A-Name", value=value, expecting=USAGE)
        self.stele("secret", "set", "nowhere", "api-token", value=value, expecting=USAGE)
        self.stele("secret", "rotate", ENVIRONMENT, "unknown", value=value, expecting=DATA)
        self.stele("secret", "set", ENVIRONMENT, "long", value=value * 2_000, expecting=DATA)
        application = self.project / "config" / "application.yaml"
        text = application.read_text()
        application.write_text(text.replace("{API_TOKEN: api-token}", f"{{API_TOKEN: X{value}}}"))
        self.stele("config", "validate", expecting=1)
        self.stele("deploy", ENVIRONMENT, expecting=CONFIGURATION)
        application.write_text(text)

    # What is looked at

    def check_given(self, pid: int, planted: str) -> None:
        variables = dict(one.split("=", 1) for one in environment(pid))
        self.assertEqual(variables["API_TOKEN"], self.planted[planted])
        file = Path(variables["TLS_KEY_FILE"])
        self.assertEqual(file.read_text(), self.planted["key"])
        self.assertEqual((file.stat().st_mode & 0o7777, file.parent.stat().st_mode & 0o7777),
                         (0o600, 0o700))

    def check_files(self) -> None:
        """In memory there are files of replicas that run, and of no other."""
        named = {Path(dict(one.split("=", 1) for one in environment(replica.pid))["TLS_KEY_FILE"])
                 for replica in self.orchestrators()}
        self.assertEqual({path for path in self.memory().rglob("*") if path.is_file()}, named)

    def check_processes(self) -> None:
        """No argument of any process has a value; of variables those of the replicas alone."""
        replicas = {one.pid for one in self.orchestrators()}
        for process in Path("/proc").glob("[0-9]*"):
            pid = int(process.name)
            try:
                arguments = (process / "cmdline").read_bytes()
                variables = (process / "environ").read_bytes()
            except OSError:
                continue
            self.assertEqual(self.found(arguments), [], f"arguments of {pid}")
            if pid not in replicas:
                self.assertEqual(self.found(variables), [], f"variables of {pid}")

    def check_memory(self) -> None:
        """Whoever may look into the agent's memory finds no value that it has given."""
        agents = [one.pid for one in end_project.belonging_to(self.folder)
                  if "agent" in one.arguments]
        self.assertEqual(len(agents), 1)
        try:
            # The search finds what is there: a replica has its variables.
            self.assertIn("first", self.found_in_memory(self.orchestrators()[0].pid))
            self.assertEqual(sorted(set(self.found_in_memory(agents[0]))), [])
        except PermissionError:
            self.assertNotEqual(os.geteuid(), 0)

    def found_in_memory(self, pid: int) -> list[str]:
        found = []
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                span, rights, *_ = line.split()
                begin, end = (int(part, 16) for part in span.split("-"))
                if not rights.startswith("rw"):
                    continue
                memory.seek(begin)
                try:
                    found += self.found(memory.read(end - begin))
                except OSError:
                    continue
        return found

    def check_bytes(self) -> None:
        for path in self.folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                self.assertEqual(self.found(path.read_bytes()), [], f"in {path}")
        for text in self.said:
            self.assertEqual(self.found(text.encode()), [], text[:400])

    def found(self, text: bytes) -> list[str]:
        """Names of what was planted and is in it."""
        planted = self.planted | {"words": WORDS, "address": "ada@example.org"}
        return [name for name, value in planted.items() if value.encode() in text]


class CoreTests(ProjectTestCase):
    def test_no_core_is_written_of_a_process_that_has_a_value(self):
        self.stele("init", "tamma")
        process = subprocess.Popen(
            ["bash", "-c", f"ulimit -c unlimited; exec '{STELE}' secret set staging token"],
            cwd=self.folder / "project", env=self.environment, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        process.stdin.write(b"planted-value")
        process.stdin.flush()
        eventually("it reads its standard input", lambda: reads_standard_input(process.pid))

        self.addCleanup(process.kill)
        os.kill(process.pid, signal.SIGSEGV)
        status = eventually("it ends", lambda: os.waitpid(process.pid, os.WNOHANG)[1])

        process.returncode = status
        self.assertTrue(os.WIFSIGNALED(status), status)
        self.assertFalse(os.WCOREDUMP(status))
        self.assertNotIn(b"Registers", process.communicate()[1])


def environment(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/environ").read_text()
    return [one for one in text.split("\0") if re.match(r"\w+=", one)]


def reads_standard_input(pid: int) -> bool:
    """Whether one of its threads waits for more on standard input: system call 0, descriptor 0."""
    try:
        return any(thread.read_text().startswith("0 0x0 ")
                   for thread in Path(f"/proc/{pid}/task").glob("*/syscall"))
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
