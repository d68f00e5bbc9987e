"""The exceptions, each with its reason. One that excuses nothing any more is itself a finding.

A key is a path or the beginning of one; a rule not named here has no exceptions.
"""

ALLOWED: dict[str, dict[str, str]] = {
    "print": {
        "Sources/stele/": "the main: what escapes every command ends here",
        "Sources/stele-bench/": "its table is its result",
    },
    "clock": {
        "Sources/LedgerStore/TimeSource.swift": "the seam: the one place that asks the wall clock",
        "Sources/LedgerStore/Files/Patience.swift": "waits for a real process",
        "Sources/Platforms/Agent/AgentLauncher.swift": "waits for a real process",
        "Sources/Platforms/HAProxy/": "waits for a real process",
        "Sources/Platforms/Processes/": "waits for a real process",
        "Sources/Platforms/Preflight/KernelClock.swift": "what an agent and its clients share",
        "Sources/Platforms/Health/HTTPProber.swift": "how long a real answer took is its result",
        "Sources/stele-bench/": "measuring is its purpose",
    },
    "random": {
        "Sources/Verification/EntryRegister.swift": "a table's seed that no ledger can aim at",
    },
}


def is_allowed(rule: str, path: str) -> bool:
    """Whether `rule` has an exception for `path`."""
    return any(path.startswith(place) for place in ALLOWED.get(rule, {}))
