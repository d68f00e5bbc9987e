"""Runs stele-bench and its peers by turns and prints how they compare; see `tools/peers`."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.event_sourcing import EventSourcing
from bench.postgres import Postgres
from bench.signed_git import SignedGit

# What a peer does, the figure of stele-bench that does the same, and how often it is done a round.
WORKS = {
    "single": ("one durable append with receipt", 300),
    "bulk": ("bulk append, 100 events an entry", 10_000),
    "replay": ("replay", 20_000),
    "verification": ("verification, 1 event an entry", 30),
}
SUBJECTS = ("append", "bulk", "replay", "verification")
BAR = 1.0


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="stele-peers-") as name:
        measured = [one_round(options, Path(name), number) for number in range(options.rounds)]
    rows = compare(measured)
    print(json.dumps({"rows": rows}, indent=2) if options.output == "json" else table(rows))
    return 0 if all(row["pass"] for row in rows) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=Path, required=True, help="where stele-bench and stele are")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", choices=("table", "json"), default="table")
    return parser.parse_args()


def one_round(options: argparse.Namespace, folder: Path, number: int) -> dict:
    """Rates per second by (work, who)."""
    print(f"peers: round {number + 1} of {options.rounds}", file=sys.stderr)
    said = subprocess.run(
        [options.bin / "stele-bench", "--rounds", "1", "--output", "json", "--stele",
         options.bin / "stele", *(word for subject in SUBJECTS for word in ("--only", subject))],
        check=True, stdout=subprocess.PIPE)
    own = {row["name"]: row["value"] for row in json.loads(said.stdout)["rows"]}
    rates = {}
    for work, (figure, _) in WORKS.items():
        names = [name for name in own if name.startswith(figure)]
        if len(names) != 1:
            raise SystemExit(f"peers: stele-bench has {len(names)} figures like '{figure}', not 1")
        rates[work, "stele"] = own[names[0]]
    for kind in (EventSourcing, SignedGit, Postgres):
        place = folder / f"{kind.__name__}-{number}"
        place.mkdir()
        folder.chmod(0o755)
        peer = kind(place)
        try:
            for work, (_, count) in WORKS.items():
                if hasattr(peer, work):
                    rates[work, peer.name] = getattr(peer, work)(count)
        finally:
            peer.close()
    return rates


def compare(rounds: list[dict]) -> list[dict]:
    """One row a work and peer; the ratio is the median of those taken within a round."""
    rows = []
    for work, peer in rounds[0]:
        if peer != "stele":
            ratio = median(one[work, "stele"] / one[work, peer] for one in rounds)
            rows.append({
                "name": f"{WORKS[work][0]}, beside {peer}",
                "value": median(one[work, "stele"] for one in rounds),
                "limit": median(one[work, peer] for one in rounds),
                "ratio": ratio, "bar": BAR, "pass": ratio >= BAR,
            })
    return rows


def table(rows: list[dict]) -> str:
    lines = [f"{'work and peer':72}  {'stele':>10}  {'peer':>10}  {'ratio':>8}"]
    for row in rows:
        lines.append(f"{row['name']:72}  {row['value']:>8,.0f}/s  {row['limit']:>8,.0f}/s  "
                     f"{row['ratio']:>7.2f}×{'' if row['pass'] else '  slower'}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
