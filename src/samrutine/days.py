"""Days in Norway: a decision is dated, and a routine applies, by the calendar on the wall there."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

OSLO: Final = ZoneInfo("Europe/Oslo")


def norwegian_day(now: datetime) -> date:
    """Give the day in Norway at an instant."""
    return now.astimezone(OSLO).date()
