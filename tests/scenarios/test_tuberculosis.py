"""The tuberculosis programme: the council decides it in Fauske; Beiarn waits for its council to meet."""

from datetime import timedelta

import pytest

from samrutine import Refused
from samrutine.adoptions.model import AdoptionState
from tests.support.stories import account_of, approve_with_everyone, told, waits_for, why_not
from tests.support.texts import a_routine

PROGRAMME = a_routine("tuberkulose", title="Tuberkulosekontrollprogram", level="political")
DAY = timedelta(days=1)


def test_the_council_decides_in_one_municipality_and_the_case_is_recorded(any_home):
    """
    A plan that the council must pass is not passed by a head of service in a hurry, and the case can be found again.
    """
    clock = any_home.clock
    with any_home.opened() as library:
        approve_with_everyone(library, PROGRAMME)
        before = clock.today

        # The head of service may not; and who acts for the council must say which case it was.
        with pytest.raises(Refused) as by_head_of_service:
            library.adopt("tuberkulose", "Fauske", by="beslutter.fauske", case="PS 12/26")
        with pytest.raises(Refused) as without_case:
            library.adopt("tuberkulose", "Fauske", by="radmann.fauske")
        assert why_not(by_head_of_service) == ["LacksDelegation"]
        assert why_not(without_case) == ["CaseMissing"]

        # Beiarn's council meets in three weeks. Until then nothing waits there.
        back = clock.today + 21 * DAY
        with pytest.raises(Refused):
            library.defer("tuberkulose", "Beiarn", until=back, reason="Kommunestyret møtes da.", by="beslutter.beiarn")
        library.delegate("beslutter.beiarn", "Beiarn", "political", "kommunedirektør", by="redaktor")
        library.defer("tuberkulose", "Beiarn", until=back, reason="Kommunestyret møtes da.", by="beslutter.beiarn")
        assert waits_for(library, "beslutter.beiarn") == []

        # Fauske's council passes it from the first of the next month.
        first = clock.today.replace(month=12, day=1)
        library.adopt("tuberkulose", "Fauske", from_on=first, case="PS 12/26", by="radmann.fauske")
        assert library.matrix().cells["tuberkulose", "1841"].state is AdoptionState.PLANNED

        # Three weeks later it applies in Fauske, and Beiarn is asked again.
        clock.forward(days=21)
        assert waits_for(library, "beslutter.beiarn") == ["ta stilling til: Tuberkulosekontrollprogram (Beiarn)"]
        assert account_of(library, "tuberkulose", "Fauske", clock.today) == (
            "1.0 fra 01.12.2026, besluttet av kommunedirektør"
        )
        account = library.account("tuberkulose", "Fauske", clock.today)
        assert (account.case, account.level, account.delegation.level) == ("PS 12/26", "political", "political")
        assert library.in_force(before, municipality="Fauske") == []
        assert library.in_force(municipality="Beiarn") == []
        assert "Kommunen har svart om rutinen" in told(library, "ansvarlig.fauske")
        assert library.verify().is_clean
