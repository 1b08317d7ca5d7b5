"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning in Norway; the day every test begins on unless it says otherwise."""


class Clock:
    """Gives one instant, again and again."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, **time):
        """Let time pass: `clock.forward(days=3)`. Gives the new instant."""
        self.now += timedelta(**time)
        return self.now

    @property
    def today(self):
        """The day; our hours are far from midnight, so it is the same in Norway and in UTC."""
        return self.now.date()
