"""Real programs for a test: a folder and a port of its own, ended by pid when the test ends."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent
EXAMPLE = TOOLS / "example"
# Generous: the machine may be busy. Nothing here asserts how long something takes.
PATIENCE_SECONDS = 60


def free_port() -> int:
    """A port that nobody has now, below those that the system hands out by itself (32768 and up
    on Linux), so no connection takes it before the test listens there."""
    while True:
        port = random.randrange(20_000, 32_768)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def eventually(what: str, condition, seconds: float = PATIENCE_SECONDS):
    """The first true value of `condition()`; fails the test when there is none in time."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)
    return value


def get(url: str) -> tuple[int, str]:
    """Status and text of an answer; status 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""


class ProcessTestCase(unittest.TestCase):
    """Gives each test a folder, and ends what it started."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="stele-tools-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, *command, **options) -> subprocess.Popen:
        """Starts a program in a process group of its own."""
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                   start_new_session=True, **options)
        self.addCleanup(end, process)
        return process


def end(process: subprocess.Popen) -> int:
    """Asks a program and its group to end, and kills them if they do not listen."""
    for request in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, request)
            return process.wait(timeout=10)
        except ProcessLookupError:
            return process.wait()
        except subprocess.TimeoutExpired:
            continue
    return process.wait()
