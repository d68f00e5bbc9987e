"""Commits of git, each signed with an SSH key and durable, as an audit log."""

import os
import subprocess
from pathlib import Path

from bench.rates import payload, rate


class SignedGit:
    name = "git, commits signed with SSH"

    def __init__(self, folder: Path):
        self.repository = folder / "git"
        key, signers = folder / "git-key", folder / "git-signers"
        self._do("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key), at=folder)
        signers.write_text("ledger@example.org " + key.with_suffix(".pub").read_text())
        self._do("git", "init", "-q", str(self.repository), at=folder)
        for name, value in {
            "user.name": "ledger", "user.email": "ledger@example.org", "gpg.format": "ssh",
            "user.signingkey": str(key), "gpg.ssh.allowedSignersFile": str(signers),
            "core.fsync": "all", "core.fsyncMethod": "fsync", "gc.auto": "0",
        }.items():
            self._git("config", name, value)

    def single(self, count: int) -> float:
        return rate(count, lambda: [self._commit() for _ in range(count)])

    def verification(self, count: int) -> float:
        commits = self._git("rev-list", f"--max-count={count}", "HEAD").split()
        return rate(len(commits), lambda: self._git("verify-commit", *commits))

    def _commit(self) -> None:
        self._git("commit", "-q", "-S", "--allow-empty", "-m", payload())

    def _git(self, *arguments: str) -> str:
        return self._do("git", *arguments, at=self.repository)

    def _do(self, *command: str, at: Path) -> str:
        environment = {"HOME": str(at), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(command, cwd=at, env=environment, check=True, capture_output=True,
                              text=True).stdout

    def close(self) -> None:
        pass
