"""A second reading of bills in FOCUS, with Python's csv and decimal modules: sums by what
`stele cost import` records.

    python3 bill_sums.py BILL…    prints ENVIRONMENT DAY UNTIL SERVICE MICROS, a line each, sorted,
                                  then "total" and the exact sum of all rows
"""

import csv
import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal, getcontext

getcontext().prec = 60
NAMES = {"production": "production", "prod": "production", "staging": "staging",
         "stage": "staging", "development": "development", "dev": "development"}
DAY = timedelta(days=1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


def main(paths: list[str]) -> None:
    sums: dict[tuple, Decimal] = defaultdict(Decimal)
    total = Decimal()
    for path in paths:
        with open(path, newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file, strict=True):
                cost = Decimal(row["BilledCost"])
                total += cost
                tags = json.loads(row["Tags"] or "{}")
                environment = NAMES.get(tags.get("environment"))
                if environment is None:
                    continue
                start, end = moment(row["ChargePeriodStart"]), moment(row["ChargePeriodEnd"])
                day = start.replace(hour=0, minute=0, second=0, microsecond=0)
                until = end.replace(hour=0, minute=0, second=0, microsecond=0)
                until += DAY if until < end else timedelta()
                bill = tuple(row[name] for name in (
                    "ProviderName", "BillingAccountId", "SubAccountId", "BillingPeriodStart",
                    "BillingPeriodEnd"))
                sums[environment, day, until, row["ServiceName"], bill] += cost
    lines = [
        f"{environment} {day:%Y-%m-%d} {until:%Y-%m-%d} {service} "
        f"{int((cost * 10**6).quantize(Decimal(1), ROUND_HALF_EVEN))}"
        for (environment, day, until, service, _), cost in sums.items()
    ]
    print("\n".join(sorted(lines)))
    print("total", format(total.normalize(), "f"))


main(sys.argv[1:])
