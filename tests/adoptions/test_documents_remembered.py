"""A document that was asked for before is not put together again, and is never an old one."""

import pytest

from samrutine.errors import ProcedureNotFound
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine


@pytest.fixture
def library(any_library_with_routine):
    """Fauske uses a routine with a telephone of its own."""
    library = any_library_with_routine
    approve_with_everyone(library, a_routine("vakt", required=("vakttelefon",)))
    library.set_local_information("vakt", "fauske", {"vakttelefon": "75 00 00 01"}, by="ansvarlig.fauske")
    library.adopt("vakt", "fauske", by="beslutter.fauske")
    return library


def test_asked_for_again_it_is_the_same(library):
    """
    A page that hundreds read is put together once.
    """
    assert library.document("vakt", "fauske", reader="leder") is library.document("vakt", "fauske", reader="leder")


def test_after_any_decision_it_is_asked_anew(library):
    """
    A telephone that was changed a second ago is the one that is called.
    """
    library.document("vakt", "fauske")

    library.set_local_information("vakt", "fauske", {"vakttelefon": "75 00 00 02"}, by="ansvarlig.fauske")

    assert library.document("vakt", "fauske").local_value("vakttelefon") == "75 00 00 02"


def test_what_somebody_may_not_see_is_not_there_however_often_others_read_it(library):
    """
    Who may read it was asked before; that it is remembered lets nobody else in.
    """
    approve_with_everyone(library, a_routine("vold", access="exempt"))
    assert library.document("vold", reader="leder").header.procedure_id == "vold"

    for reader in (None, "ansatt.fauske", "*"):
        with pytest.raises(ProcedureNotFound):
            library.document("vold", reader=reader)


def test_each_day_and_version_is_its_own(library, clock):
    """
    What applied in May is not what applies in June.
    """
    first = library.today
    clock.forward(days=3)
    library.end_use("vakt", "fauske", reason="Slutt.", by="beslutter.fauske")

    assert library.document("vakt", "fauske", day=first).header.in_force_from == first
    assert library.document("vakt", "fauske", version="1.0", day=first) != library.document("vakt", version="1.0")
