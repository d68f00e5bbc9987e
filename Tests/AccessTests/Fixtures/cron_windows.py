"""Says when freeze windows are over, with PyPI's croniter: a second reader of cron expressions.

Reads a JSON list of {"cron", "minutes": the window's length, "moments": minutes since 1970} and
prints for each a list: the minute at which a window that is open at the moment is over, or null.
Null instead of a list: a field for days lists every day, which POSIX takes for a list, and croniter
for a star.
"""

import json
import sys
from datetime import datetime, timedelta, timezone

from croniter import croniter


def end(cron: str, minutes: int, moment: int) -> int | None:
    after = datetime.fromtimestamp((moment + 1) * 60, timezone.utc)
    begun = croniter(cron, after).get_prev(datetime)
    over = begun + timedelta(minutes=minutes)
    return int(over.timestamp()) // 60 if over >= after else None


def is_disputed(cron: str) -> bool:
    read = croniter.expand(cron)[0]
    return any(read[field] == ["*"] and cron.split()[field] != "*" for field in (2, 4))


print(json.dumps([None if is_disputed(case["cron"]) else
                  [end(case["cron"], case["minutes"], moment) for moment in case["moments"]]
                  for case in json.load(sys.stdin)]))
