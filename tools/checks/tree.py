"""The files of the project: what git tracks, and what it would track."""

import os
import subprocess
from pathlib import Path

from .swift_source import SwiftSource

BINARY_ENDINGS = (".png", ".sqlite", ".der", ".db", ".gz", ".whl")


class Tree:
    """The project below `root`. Paths are relative, with slashes, in order."""

    def __init__(self, root: Path):
        self.root = root
        self.paths = [path for path in sorted(listed(root)) if (root / path).is_file()]
        self._texts: dict[str, str] = {}
        self._sources: dict[str, SwiftSource] = {}

    def under(self, *folders: str, ending: str = "") -> list[str]:
        """The paths inside any of `folders` whose name ends in `ending`."""
        places = tuple(folder + "/" for folder in folders)
        return [path for path in self.paths if path.startswith(places) and path.endswith(ending)]

    def texts(self) -> list[str]:
        """The paths of files that people read and write; binary ones are left out."""
        return [path for path in self.paths if not path.endswith(BINARY_ENDINGS)]

    def text(self, path: str) -> str:
        if path not in self._texts:
            data = (self.root / path).read_bytes()
            self._texts[path] = data.decode("utf-8", "surrogateescape")
        return self._texts[path]

    def swift(self, path: str) -> SwiftSource:
        if path not in self._sources:
            self._sources[path] = SwiftSource(path, self.text(path))
        return self._sources[path]


def is_fixture(path: str) -> bool:
    """Fixtures are bytes from elsewhere: their shape is not ours to judge."""
    return "/Fixtures/" in path


def listed(root: Path) -> list[str]:
    """What git tracks or would track; without git (a test's folder), every file there is."""
    if (root / ".git").exists():
        asked = ["git", "-C", str(root), "ls-files", "-z", "-co", "--exclude-standard"]
        output = subprocess.run(asked, check=True, capture_output=True).stdout
        return [path for path in output.decode().split("\0") if path]
    return [
        (Path(folder) / name).relative_to(root).as_posix()
        for folder, _, names in os.walk(root)
        for name in names
    ]
