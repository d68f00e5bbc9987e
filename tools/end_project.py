#!/usr/bin/env python3
"""Ends everything that runs for a project: its agents, its proxies, its replicas.

    tools/end_project.py FOLDER

A process belongs to the project when its working directory or one of its arguments lies in FOLDER.
Agents go first, or they would start again what ends. Each is asked with SIGTERM, and killed when it
has not ended after ten seconds. Prints one line a process; the ledger and all files stay.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Running:
    """A process, by its number and what tells it from a later one of the same number."""

    pid: int
    start: str
    arguments: tuple[str, ...]

    @property
    def is_agent(self) -> bool:
        return "agent" in self.arguments[1:2]

    @property
    def is_there(self) -> bool:
        stat = status(self.pid)
        return stat is not None and stat[0] != "Z" and stat[19] == self.start


def belonging_to(folder: Path) -> list[Running]:
    """Every live process of the project but this one and those it descends from."""
    inside = str(folder.resolve())
    own = ancestors(os.getpid())
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in own:
            continue
        try:
            arguments = tuple((entry / "cmdline").read_bytes().decode(errors="replace").split("\0"))
            places = [os.readlink(entry / "cwd"), *arguments]
        except OSError:
            continue  # it ended while we looked, or is not ours to look at
        stat = status(int(entry.name))
        if stat and stat[0] != "Z" and any(is_in(place, inside) for place in places):
            found.append(Running(int(entry.name), stat[19], arguments))
    return found


def is_in(place: str, folder: str) -> bool:
    at = place.find(folder)
    return at >= 0 and place[at + len(folder) :][:1] in ("", "/")


def status(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on: [0] state, [1] parent, [19] start."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def ancestors(pid: int) -> set[int]:
    found = set()
    while pid > 0 and (stat := status(pid)) is not None:
        found.add(pid)
        pid = int(stat[1])
    return found


def end(processes: list[Running]) -> None:
    for request in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            with suppress(ProcessLookupError):  # It may end by itself in between.
                if process.is_there:
                    os.kill(process.pid, request)
        until = time.monotonic() + PATIENCE_SECONDS
        while any(process.is_there for process in processes) and time.monotonic() < until:
            time.sleep(0.02)


def end_project(folder: Path) -> list[Running]:
    """Ends agents, then whatever else belongs to the project; what was ended."""
    agents = [process for process in belonging_to(folder) if process.is_agent]
    end(agents)
    others = belonging_to(folder)
    end(others)
    return agents + others


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    for ended in end_project(Path(sys.argv[1])):
        print(ended.pid, " ".join(ended.arguments).strip()[:100])
