"""PyPI's eventsourcing on SQLite: unsigned, without a hash tree; synchronous is SQLite's FULL."""

from pathlib import Path

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.rates import payload, rate

PAGE = 1_000  # events read at once


class Service(Aggregate):
    def __init__(self):
        self.checks = 0

    @event("Checked")
    def check(self, latency_us: int, words: str):
        self.checks += 1


class EventSourcing:
    name = "eventsourcing 9.5.6 on SQLite"

    def __init__(self, folder: Path):
        self.application = Application(env={
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(folder / "eventsourcing.sqlite"),
        })
        self.service = Service()
        self.application.save(self.service)

    def single(self, count: int) -> float:
        return rate(count, lambda: self._save(count, 1))

    def bulk(self, count: int) -> float:
        return rate(count, lambda: self._save(count // 100, 100))

    def _save(self, entries: int, events: int) -> None:
        for _ in range(entries):
            for _ in range(events):
                self.service.check(latency_us=1_200, words=payload())
            self.application.save(self.service)

    def replay(self, count: int) -> float:
        missing = count - self.application.recorder.max_notification_id()
        if missing > 0:
            self._save(missing // 100 + 1, 100)
        return rate(count, lambda: self._replay(count))

    def _replay(self, count: int) -> dict:
        state: dict = {}
        first = 1
        while first <= count:
            notifications = self.application.recorder.select_notifications(first, PAGE)
            for notification in notifications[: count - first + 1]:
                happened = self.application.mapper.to_domain_event(notification)
                state[happened.originator_id] = happened.originator_version
            first += PAGE
        return state

    def close(self) -> None:
        self.application.close()
