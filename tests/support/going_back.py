"""A round and those that go back to it, hour by hour."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from workflow import clock
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST = {"d01": (0, 3), "d02": (1, 3), "d03": (2, 2), "d04": (3, 2), "d05": (3, 1), "d06": (3, 0)}


@contextmanager
def hours(number: float):
    with clock.at(START + timedelta(hours=number)):
        yield


def calibrated(engine, team, feedback="each"):
    with hours(12):
        return open_round(
            team[0], engine, RoundDesign("calib", kind="calibration", of="second", annotators=["cleo", "ben"], feedback=feedback)
        )
