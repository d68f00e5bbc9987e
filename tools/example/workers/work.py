#!/usr/bin/env -S python3 -I -S -B
"""Loads CSV files into the SQLite database that Datasette shows.

    PORT      the port of its health page, on 127.0.0.1
    DATABASE  the SQLite file to load into; made if it does not exist
    INBOX     the folder to watch for *.csv; made if it does not exist
    INTERVAL  seconds between two looks into it, default 0.5

`packages.csv` becomes the table `packages`, its first line the columns. A file is loaded in one
transaction and noted in `loaded` by its digest, so it is loaded once, however many workers watch
the same folder and whenever one of them is stopped.
"""

import csv
import fcntl
import hashlib
import json
import os
import re
import signal
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

VERSION = (Path(__file__).resolve().parent.parent / "version").read_text().strip()
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
LATE_AFTER_LOOKS = 10


class Inbox:
    """The folder of files to load, and the database they go into."""

    def __init__(self, folder: Path, database: Path):
        self.folder, self.database = folder, database
        folder.mkdir(parents=True, exist_ok=True)
        database.parent.mkdir(parents=True, exist_ok=True)
        with open(database.parent / f"{database.name}.setup", "w") as setup:
            # SQLite does not wait for another's switch to WAL, whatever its timeout: it is refused
            # as busy. So only one worker at a time sets a database up.
            fcntl.flock(setup, fcntl.LOCK_EX)
            self.set_up()

    def set_up(self) -> None:
        connection = self.connect()
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS loaded "
                "(digest TEXT PRIMARY KEY, file TEXT NOT NULL, rows INTEGER NOT NULL) STRICT")
        finally:
            connection.close()

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.database, timeout=30, isolation_level=None)

    def load_new(self) -> int:
        """Loads every file not loaded yet, in order of name; how many rows that were."""
        connection = self.connect()
        try:
            return sum(load(connection, path) for path in sorted(self.folder.glob("*.csv")))
        finally:
            connection.close()


def load(connection: sqlite3.Connection, path: Path) -> int:
    """Loads one file, or nothing if its bytes were loaded before or cannot be a table."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("SELECT 1 FROM loaded WHERE digest = ?", [digest]).fetchone():
            rows = 0
        else:
            rows = insert(connection, path.stem, list(csv.reader(data.decode().splitlines())))
            connection.execute("INSERT INTO loaded VALUES (?, ?, ?)", [digest, path.name, rows])
        connection.execute("COMMIT")
        return rows
    except (sqlite3.Error, UnicodeDecodeError, ValueError) as error:
        connection.execute("ROLLBACK")
        print(f"{path.name} was not loaded: {error}", file=sys.stderr, flush=True)
        return 0


def insert(connection: sqlite3.Connection, table: str, lines: list[list[str]]) -> int:
    """Appends the lines after the first to the table that the first describes."""
    columns, *rows = lines
    if not all(map(NAME.fullmatch, [table, *columns])):
        raise ValueError(f"a table or column is not named like {NAME.pattern}")
    named = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    connection.execute(f'CREATE TABLE IF NOT EXISTS "{table}" ({named})')
    connection.executemany(
        f'INSERT INTO "{table}" ({named}) VALUES ({marks})',
        [[int(cell) if cell.isdecimal() else cell for cell in row] for row in rows])
    return len(rows)


class Work:
    """Looks into the inbox again and again, and knows how that goes."""

    def __init__(self, inbox: Inbox, interval: float):
        self.inbox, self.interval = inbox, interval
        self.stopping = threading.Event()
        self.rows_loaded = 0
        self.last_look = time.monotonic()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self.rows_loaded += self.inbox.load_new()
                self.last_look = time.monotonic()
            except OSError as error:  # the folder is away: late, and so unhealthy, until it is back
                print(f"looked in vain: {error}", file=sys.stderr, flush=True)
            self.stopping.wait(self.interval)

    def health(self) -> tuple[int, dict]:
        """503 when the last good look is too long ago: being alive is not being at work."""
        age = time.monotonic() - self.last_look
        status = 200 if age < LATE_AFTER_LOOKS * max(self.interval, 0.1) else 503
        return status, {"workers": {"version": VERSION}, "rows_loaded": self.rows_loaded,
                        "last_look_ms": round(age * 1000)}


def health_page(work: Work) -> type[BaseHTTPRequestHandler]:
    class HealthPage(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, facts = work.health()
            body = json.dumps(facts).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Probes are not news."""

    return HealthPage


def main() -> None:
    inbox = Inbox(Path(os.environ["INBOX"]), Path(os.environ["DATABASE"]))
    work = Work(inbox, float(os.environ.get("INTERVAL", "0.5")))
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), health_page(work))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: work.stopping.set())
    print(f"workers {VERSION}: watching {inbox.folder}", flush=True)
    work.run()
    server.shutdown()


if __name__ == "__main__":
    main()
