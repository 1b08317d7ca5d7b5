"""When a procedure must be looked at again."""

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """
    Give the same day of the month so many months later, or the month's last day where there is no such day.

    Args:
        day: A day in Norway.
        months: Whole months, 0 or more.

    Source:
        The interval is the routine's own; forskrift om ledelse og kvalitetsforbedring § 8 f asks for a yearly look at
        the whole, and gives no number for a single routine.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
