#!/usr/bin/env python3
"""Asks one URL again and again over kept-alive connections and never retries.

    tools/load.py URL [--connections N] [--requests N] [--at-least N] [--seconds S]

Closed loop: each connection sends its next request when its last one was answered. Ends after
--requests or --seconds, whichever comes first, or at SIGTERM or SIGINT, but not before --at-least
so many were made; then prints one JSON object. A request counts as failed when no whole answer
came or its status is not 2xx; a connection that the server closes between two requests and says so
is opened anew, which is not a failure. Exit 0 if nothing failed and at least one request was made,
else 1.
"""

import argparse
import http.client
import json
import re
import signal
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

FAILURES_SHOWN = 10


class Load:
    """What all connections share: how much is left to do, and what came of it."""

    def __init__(self, url: str, version: re.Pattern[bytes], most: int | None, least: int = 0):
        self.url, self.version = urlsplit(url), version
        self.most, self.least = most, least
        self.lock = threading.Lock()
        self.taken = 0
        self.stopping = threading.Event()
        self.latencies: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self.failures: list[str] = []

    def take(self) -> bool:
        """Whether there is one more request to make; the caller then makes it."""
        with self.lock:
            if self.taken == self.most or self.stopping.is_set() and self.taken >= self.least:
                return False
            self.taken += 1
            return True

    def work(self) -> None:
        """One connection's life."""
        connection = self.connect()
        while self.take():
            began = time.monotonic()
            try:
                status, body = self.ask(connection)
                self.note(time.monotonic() - began, status, body)
            except (OSError, http.client.HTTPException) as error:
                self.note(time.monotonic() - began, None, repr(error).encode())
                connection.close()
                connection = self.connect()
        connection.close()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=30)

    def ask(self, connection: http.client.HTTPConnection) -> tuple[int, bytes]:
        connection.request("GET", self.url.path or "/", headers={"Connection": "keep-alive"})
        response = connection.getresponse()
        return response.status, response.read()

    def note(self, seconds: float, status: int | None, body: bytes) -> None:
        with self.lock:
            self.latencies.append(seconds)
            self.statuses[str(status or "none")] += 1
            if status is None or not 200 <= status < 300:
                said = body[:200].decode(errors="replace")
                self.failures.append(f"{status or 'no answer'}: {said}")
            elif found := self.version.search(body):
                self.versions[found.group(1).decode()] += 1

    def summary(self, seconds: float) -> dict:
        ordered = sorted(self.latencies) or [0.0]
        return {
            "requests": len(self.latencies), "failed": len(self.failures),
            "statuses": dict(self.statuses), "versions": dict(self.versions),
            "latencyMsMedian": round(ordered[len(ordered) // 2] * 1000, 1),
            "latencyMsP99": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
            "latencyMsMax": round(ordered[-1] * 1000, 1),
            "seconds": round(seconds, 1), "firstFailures": self.failures[:FAILURES_SHOWN],
        }


def run(load: Load, connections: int, seconds: float | None) -> dict:
    """Drives all connections to their end and says what came of it."""
    began = time.monotonic()
    threads = [threading.Thread(target=load.work, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if seconds is not None and time.monotonic() - began > seconds:
            load.stopping.set()
        time.sleep(0.02)
    return load.summary(time.monotonic() - began)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--requests", type=int)
    parser.add_argument("--at-least", type=int, default=0)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--version", default=r'"version": "([^"]+)"\}, "asgi"',
                        help="a pattern whose first group is the version in an answer")
    options = parser.parse_args()
    version = re.compile(options.version.encode())
    load = Load(options.url, version, options.requests, options.at_least)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: load.stopping.set())
    summary = run(load, options.connections, options.seconds)
    print(json.dumps(summary), flush=True)
    return 1 if summary["failed"] or not summary["requests"] else 0


if __name__ == "__main__":
    sys.exit(main())
