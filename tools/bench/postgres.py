"""PostgreSQL 15 on a socket of its own, every commit synced: unsigned rows in a table."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import psycopg

from bench.rates import payload, rate

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
INSERT = "INSERT INTO event (words) VALUES (%s)"


class Postgres:
    name = "PostgreSQL 15"

    def __init__(self, folder: Path):
        self.data = folder / "postgres"
        self.data.mkdir()
        # initdb and the server refuse to run as root.
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.as_user:
            owner = pwd.getpwnam("postgres")
            os.chown(self.data, owner.pw_uid, owner.pw_gid)
            folder.chmod(0o755)
        self._do("initdb", "--auth=trust", "--username=postgres", "-D", self.data / "cluster")
        options = f"-c listen_addresses= -c unix_socket_directories={self.data}"
        self._do("pg_ctl", "start", "-w", "-D", self.data / "cluster", "-o", options,
                 "-l", self.data / "log")
        self.connection = psycopg.connect(host=str(self.data), user="postgres", autocommit=True)
        self.connection.execute(
            "CREATE TABLE event (position bigserial PRIMARY KEY, words text NOT NULL)")

    def single(self, count: int) -> float:
        return rate(count, lambda: [self.connection.execute(INSERT, [payload()])
                                    for _ in range(count)])

    def bulk(self, count: int) -> float:
        return rate(count, lambda: [self._transaction() for _ in range(count // 100)])

    def _transaction(self) -> None:
        with self.connection.pipeline(), self.connection.transaction():
            for _ in range(100):
                self.connection.execute(INSERT, [payload()])

    def close(self) -> None:
        self.connection.close()
        self._do("pg_ctl", "stop", "-m", "fast", "-D", self.data / "cluster")
        shutil.rmtree(self.data)

    def _do(self, program: str, *arguments: object) -> None:
        subprocess.run([*self.as_user, PROGRAMS / program, *map(str, arguments)], check=True,
                       stdout=subprocess.DEVNULL, cwd=self.data)
