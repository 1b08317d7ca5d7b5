"""What `--json` prints: names beside values, whatever the value is made of."""

from datetime import date
from typing import NamedTuple

from samrutine.plain import plain
from samrutine.procedures.model import VersionNumber


class Applied(NamedTuple):
    """An answer of which there are a hundred thousand in one list."""

    version: VersionNumber
    from_on: date


class TestPlain:
    def test_keeps_the_names_of_fields(self):
        """
        A list of nine values means nothing to the one who must find the version in it.
        """
        value = Applied(VersionNumber(1, 0), date(2026, 3, 1))

        assert plain([value]) == [{"version": "1.0", "from_on": "2026-03-01"}]

    def test_gives_what_has_no_names_as_a_list(self):
        """
        A pair is a pair.
        """
        assert plain((1, ("a", None))) == [1, ["a", None]]
