"""Package.swift as SwiftPM understands it: the only table of who may import whom."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """One target of the package; `folder` is where its sources are, relative to the root."""

    name: str
    kind: str
    folder: str
    imports: frozenset[str]
    warnings_are_errors: bool

    @property
    def is_compiled(self) -> bool:
        return self.kind in ("regular", "executable", "test", "macro")


def read(root: Path) -> list[Target]:
    """The targets that `swift package dump-package` names. Raises if it cannot be run."""
    asked = ["swift", "package", "--package-path", str(root), "dump-package"]
    output = subprocess.run(asked, check=True, stdout=subprocess.PIPE).stdout
    return targets(json.loads(output))


def targets(dump: dict) -> list[Target]:
    return [
        Target(
            name=target["name"],
            kind=target["type"],
            folder=target.get("path") or default_folder(target),
            imports=frozenset(imported(one) for one in target["dependencies"]),
            warnings_are_errors=any(map(treats_warnings, target["settings"])),
        )
        for target in dump["targets"]
    ]


def default_folder(target: dict) -> str:
    return ("Tests/" if target["type"] == "test" else "Sources/") + target["name"]


def imported(dependency: dict) -> str:
    """The module a dependency brings; products here are named like their module."""
    ((_, values),) = dependency.items()
    return values[0]


def treats_warnings(setting: dict) -> bool:
    return setting["kind"].get("treatAllWarnings", {}).get("_0") == "error"
