#!/usr/bin/env python3
"""Line coverage of what we ship, by llvm-cov; fails below the bar and names the worst.

    tools/coverage.py --object BINARY… --profiles FOLDER… --at-least PERCENT

Counted: Swift files of Sources and migrations. Apart: mains, which are run by hand. Profiles of
the test bundle and of spawned programs are merged first.
"""

import argparse
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

COUNTED = ("Sources/", "migrations/")
APART = ("Sources/stele/",)
WORST_FILES = 15


@dataclass
class FileCoverage:
    """Lines of one file that can run, and how often each did."""

    path: str
    runs: dict[int, int] = field(default_factory=dict)

    @property
    def missed(self) -> list[int]:
        return sorted(line for line, runs in self.runs.items() if runs == 0)


def main(root: Path, options: argparse.Namespace) -> int:
    profile = merge([root / folder for folder in options.profiles], root / ".build/all.profdata")
    binaries = [root / one for one in options.object if (root / one).exists()]
    files = [file for file in parse(export(binaries, profile), root) if file.runs]
    lines = sum(len(file.runs) for file in files)
    if not lines:
        print("coverage: no line of Sources was measured; was the build made with coverage?")
        return 1
    missed = sum(len(file.missed) for file in files)
    percent = 100 * (lines - missed) / lines
    print(by_module(files))
    for file in sorted(files, key=lambda file: -len(file.missed))[:WORST_FILES]:
        if file.missed:
            print(f"  {file.path}: {len(file.missed)} of {len(file.runs)} lines not run: "
                  f"{ranges(file.missed)}")
    print(f"coverage: {percent:.2f} % of {lines} lines ({options.at_least} % at least)")
    return 0 if percent >= options.at_least else 1


def llvm(tool: str) -> str:
    """The toolchain's own llvm tool: another version cannot read its profiles."""
    swift = which("swift")
    if swift is None:
        sys.exit("coverage: no `swift` on the PATH")
    return str(Path(swift).resolve().parent / tool)


def merge(folders: list[Path], into: Path) -> Path:
    """One profile of all that ran. A process that was killed may have left half a file, of which
    the merge tells once for each function; only how often is passed on."""
    listed = into.with_suffix(".list")
    raw = [str(one) for folder in folders for one in sorted(folder.glob("*.profraw"))]
    listed.write_text("".join(one + "\n" for one in raw))
    merging = subprocess.run([llvm("llvm-profdata"), "merge", "-sparse", "-failure-mode=all",
                              "-f", listed, "-o", into], stderr=subprocess.PIPE, text=True)
    warnings = merging.stderr.splitlines()
    if merging.returncode:
        sys.exit("\n".join(["coverage: the profiles were not merged", *warnings[-5:]]))
    if warnings:
        print(f"  {len(warnings)} warnings of killed processes' profiles, the first: {warnings[0]}")
    return into


def export(binaries: list[Path], profile: Path) -> str:
    first, *others = binaries
    also = [part for binary in others for part in ("-object", str(binary))]
    asked = [llvm("llvm-cov"), "export", "-format=lcov", "-skip-branches", "-skip-functions",
             "-instr-profile", str(profile), str(first), *also]
    return subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout


def parse(lcov: str, root: Path) -> list[FileCoverage]:
    """The counted files of an lcov trace: `SF:path`, then `DA:line,runs` a line."""
    files: dict[str, FileCoverage] = {}
    current = None
    for record in lcov.splitlines():
        key, _, value = record.partition(":")
        if key == "SF":
            path = value.removeprefix(str(root) + "/")
            counted = path.startswith(COUNTED) and not path.startswith(APART)
            current = files.setdefault(path, FileCoverage(path)) if counted else None
        elif key == "DA" and current is not None:
            line, runs = map(int, value.split(",")[:2])
            current.runs[line] = max(runs, current.runs.get(line, 0))
    return list(files.values())


def by_module(files: list[FileCoverage]) -> str:
    modules: dict[str, list[int]] = {}
    for file in files:
        module = file.path.split("/")[1] if file.path.startswith("Sources/") else "Migrations"
        counts = modules.setdefault(module, [0, 0])
        counts[0] += len(file.runs) - len(file.missed)
        counts[1] += len(file.runs)
    return "\n".join(f"  {module:18} {100 * run / lines:6.2f} % of {lines:6} lines"
                     for module, (run, lines) in sorted(modules.items()))


def ranges(lines: list[int]) -> str:
    """Line numbers, neighbours joined: `3-5, 9`."""
    joined: list[list[int]] = []
    for line in lines:
        if joined and line == joined[-1][1] + 1:
            joined[-1][1] = line
        else:
            joined.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in joined)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--object", action="append", required=True)
    parser.add_argument("--profiles", action="append", required=True)
    parser.add_argument("--at-least", type=float, required=True)
    sys.exit(main(Path.cwd().resolve(), parser.parse_args()))
