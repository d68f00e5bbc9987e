#!/usr/bin/env python3
"""Feeds libFuzzer's inputs to every parser, two parsers at a time.

    tools/fuzz.py [PARSER…] [--seconds 30] [--results RESULTS.xml]
    tools/fuzz.py --build

Builds `stele-fuzz` with each branch counted (.build-fuzz; some minutes the first time). What is
found goes to .build-fuzz/found/PARSER and is fed first the next time; an input that breaks a
parser is printed, and kept in .build-fuzz/broken. Put it into Tests/FuzzingTests/Fixtures/PARSER
with the mending. Exit 1 when a parser broke.
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build-fuzz"
PROGRAM = BUILD / "release/stele-fuzz"
CORPUS = ROOT / "Tests/FuzzingTests/Fixtures"

# An input that takes longer is a hang; what grows beyond is a bomb. Longer inputs than this find
# nothing more in the time there is.
SECONDS_AN_INPUT, MEBIBYTES, BYTES_AN_INPUT = 10, 1024, 8192


def main() -> int:
    parsers = sorted(folder.name for folder in CORPUS.iterdir())
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("parsers", nargs="*", metavar="PARSER", help=", ".join(parsers))
    asked.add_argument("--seconds", type=int, default=30, help="for each parser")
    asked.add_argument("--build", action="store_true", help="build alone, and feed nothing")
    asked.add_argument("--results", type=Path, help="where to write xUnit XML")
    options = asked.parse_args()
    unknown = set(options.parsers) - set(parsers)
    if unknown:
        asked.error(f"no parser {', '.join(sorted(unknown))}; there are {', '.join(parsers)}")

    build()
    if options.build:
        return 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        runs = list(pool.map(lambda name: Run(name, options.seconds), options.parsers or parsers))
    if options.results:
        xml(runs).write(options.results, encoding="utf-8", xml_declaration=True)
    return 1 if any(run.failure for run in runs) else 0


def build() -> None:
    """Ends this program when it fails."""
    built = subprocess.run(
        ["swift", "build", "-c", "release", "--sanitize", "fuzzer", "--product", "stele-fuzz",
         "--scratch-path", BUILD, "-Xswiftc", "-enable-testing"],
        cwd=ROOT, env=os.environ | {"STELE_FUZZING": "1"}, capture_output=True, text=True)
    if built.returncode:
        sys.exit(f"Nothing was fuzzed: stele-fuzz was not built.\n{built.stdout}{built.stderr}")


class Run:
    """One parser, fed for a while."""

    def __init__(self, parser: str, seconds: int):
        self.parser = parser
        found, broken = BUILD / "found" / parser, BUILD / "broken"
        for folder in (found, broken):
            folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        ran = subprocess.run(
            [PROGRAM, parser, f"-max_total_time={seconds}", f"-timeout={SECONDS_AN_INPUT}",
             f"-rss_limit_mb={MEBIBYTES}", f"-max_len={BYTES_AN_INPUT}", "-print_final_stats=1",
             f"-artifact_prefix={broken}/{parser}-", found, CORPUS / parser],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        self.seconds = time.monotonic() - began
        self.failure = None if ran.returncode == 0 else failure(ran.stderr)
        print(f"fuzz: {parser:<14} {self.failure or executed(ran.stderr)}", flush=True)


def executed(said: str) -> str:
    """`123456 inputs` from libFuzzer's closing lines; without them nothing was shown."""
    counts = [line.split()[-1] for line in said.splitlines()
              if line.startswith("stat::number_of_executed_units")]
    return f"ok, {counts[-1] if counts else 'no'} inputs"


def failure(said: str) -> str:
    """The end of what libFuzzer said, and the input in Python's spelling."""
    told = said[-4000:]
    marker = "Test unit written to "
    if marker in said:
        path = Path(said.split(marker)[-1].split("\n")[0])
        told += f"\n{path}: {path.read_bytes()!r}"
    return f"BROKEN\n{told}"


def xml(runs: list[Run]) -> ElementTree.ElementTree:
    suite = ElementTree.Element("testsuite", name="fuzz", tests=str(len(runs)))
    for run in runs:
        case = ElementTree.SubElement(
            suite, "testcase", classname="fuzz", name=run.parser, time=f"{run.seconds:.3f}")
        if run.failure:
            shown = run.failure.encode("ascii", "backslashreplace").decode()
            ElementTree.SubElement(case, "failure", message="broke").text = "".join(
                one for one in shown if one.isprintable() or one == "\n")
    return ElementTree.ElementTree(suite)


if __name__ == "__main__":
    sys.exit(main())
