#!/usr/bin/env -S python3 -I -S -B
"""Serves one SQLite database with Datasette. The same file is in every release of it.

    PORT         the port to listen on, on 127.0.0.1
    DATABASE     the SQLite file to show; made, empty, if it does not exist
    STELE_FLAGS  what Stele says of the release: facets-by-default suggests facets

Nothing outside this artifact but Python itself is used: no site-packages, no PYTHON… variables.
"""

import json
import os
import sqlite3
import sys
from pathlib import Path

ARTIFACT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ARTIFACT / "lib"))

from datasette.cli import cli  # noqa: E402  the path comes first


def main() -> None:
    database, port = os.environ["DATABASE"], os.environ["PORT"]
    prepare(Path(database))
    arguments = ["serve", database, "--host", "127.0.0.1", "--port", port,
                 "--setting", "sql_time_limit_ms", os.environ.get("SQL_TIME_LIMIT_MS", "1000"),
                 "--setting", "suggest_facets", "on" if flag("facets-by-default") else "off"]
    if (plugins := ARTIFACT / "plugins").is_dir():
        arguments += ["--plugins-dir", str(plugins)]
    cli(arguments, prog_name="datasette")


def flag(name: str) -> bool:
    """Whether a flag is set; one that nobody has is not."""
    flags = json.loads(os.environ.get("STELE_FLAGS", "[]"))
    return any(one["value"] is True for one in flags if one["name"] == name)


def prepare(database: Path) -> None:
    """Write-ahead logging, so that the workers' writes never keep a reader waiting."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


if __name__ == "__main__":
    main()
