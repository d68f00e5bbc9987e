"""What a rule reports: a place, and a message that names the fix."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One broken rule. `line` counts from 1; 0 means the file as a whole."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


def report(findings: list[Finding]) -> int:
    """Prints findings in order of place and returns the exit code: 1 if there are any, else 0."""
    for finding in sorted(set(findings)):
        print(finding)
    return 1 if findings else 0
