"""How often something can be done in a second."""

import time
from collections.abc import Callable

PAYLOAD_BYTES = 400


def payload() -> str:
    """About as many bytes as one of Stele's events has with its share of the header."""
    return "a" * PAYLOAD_BYTES


def rate(count: int, work: Callable[[], object]) -> float:
    """`count` per second of `work`, which does all of them."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)
