"""What shuts somebody out of the pages: told of by anybody, answered by the editor within three weeks."""

from datetime import timedelta

import pytest

from samrutine import NotAllowed, Refused
from samrutine.errors import DecisionIdReused, InvalidRequest
from samrutine.reading.barrier_errors import BarrierNotFound
from samrutine.reading.barriers import MOST_UNSIGNED, TooManyBarriers
from tests.support.stories import told
from tests.support.texts import NATIONAL_ID

TEXT = "Skjermleseren sier bare «bilde»."


def test_the_editor_is_told_and_has_three_weeks(any_library):
    """
    The law asks for an answer as soon as can be.
    """
    library = any_library
    barrier = library.report_barrier(TEXT, "/rutine/handhygiene", by="skribent")

    waits = [one for one in library.inbox("redaktor") if one.what == "answer-barrier"]
    assert [(one.subject, one.due_on) for one in waits] == [(barrier, library.today + timedelta(days=21))]
    assert "Noen får ikke brukt sidene" in told(library, "redaktor")

    library.answer_barrier(barrier, "Rettet i dag.", by="redaktor")
    library.answer_barrier(barrier, "Rettet i dag.", by="redaktor")

    assert [one for one in library.inbox("redaktor") if one.what == "answer-barrier"] == []
    assert [one.answer for one in library.barriers(by="skribent")] == ["Rettet i dag."]
    assert "Meldingen din om tilgjengelighet er besvart" in told(library, "skribent")
    with pytest.raises(Refused):
        library.answer_barrier(barrier, "Noe annet.", by="redaktor")


def test_somebody_who_is_not_signed_in_is_answered_by_e_mail_and_the_address_goes(any_library):
    """
    Whoever cannot get past the sign-in must be able to say so.
    """
    library = any_library
    barrier = library.report_barrier(TEXT, contact="prove@provevik.example")

    assert [(one.name, one.contact) for one in library.barriers(by="redaktor")] == [(None, "prove@provevik.example")]
    library.answer_barrier(barrier, "Rettet.", by="redaktor")
    assert [one.contact for one in library.barriers(by="redaktor")] == [None]


def test_each_sees_their_own_and_only_the_editor_answers(any_library):
    """
    That somebody cannot see is nobody else's business.
    """
    library = any_library
    barrier = library.report_barrier(TEXT, by="skribent")

    assert library.barriers(by="leder") == []
    for who in ("leder", "skribent", "beslutter.fauske"):
        with pytest.raises(NotAllowed):
            library.answer_barrier(barrier, "Nei.", by=who)
    with pytest.raises(BarrierNotFound):
        library.answer_barrier("b-000000000000", "Nei.", by="redaktor")


@pytest.mark.parametrize(
    ("text", "contact", "by"),
    [("", None, None), ("  ", None, None), ("x" * 2001, None, None), (TEXT, "ingen adresse", None),
     (TEXT, "a@b.no\nBcc: c@d.no", None), (TEXT, "a@b.no", "skribent")],
)  # fmt: skip
def test_what_is_no_report_is_refused(library, text, contact, by):
    """
    Who is signed in has an address already, and a line of a header is none.
    """
    with pytest.raises(InvalidRequest):
        library.report_barrier(text, contact=contact, by=by)


def test_a_national_identity_number_is_never_kept(library):
    """
    Nobody needs it to mend a page.
    """
    with pytest.raises(Refused):
        library.report_barrier(f"{TEXT} {NATIONAL_ID}")


def test_a_second_call_is_the_same(any_library):
    """
    A button that is pressed twice tells once.
    """
    first = any_library.report_barrier(TEXT, by="skribent", decision_id="en")

    assert any_library.report_barrier(TEXT, by="skribent", decision_id="en") == first
    assert len(any_library.barriers(by="skribent")) == 1
    with pytest.raises(DecisionIdReused):
        any_library.report_barrier("Noe annet.", by="skribent", decision_id="en")


def test_a_program_that_fills_the_form_is_stopped_and_people_who_are_signed_in_are_not(library):
    """
    A form that is open to all is found by programs.
    """
    for number in range(MOST_UNSIGNED):
        library.report_barrier(f"{TEXT} {number}")

    with pytest.raises(Refused) as caught:
        library.report_barrier(TEXT)
    assert caught.value.reasons == (TooManyBarriers(MOST_UNSIGNED),)
    library.report_barrier(TEXT, by="skribent")


def test_it_goes_two_years_after_it_was_answered(any_library, clock):
    """
    By then the pages were looked at again.
    """
    library = any_library
    answered, waits = (library.report_barrier(TEXT, by="skribent", decision_id=one) for one in ("a", "b"))
    library.answer_barrier(answered, "Rettet.", by="redaktor")
    clock.forward(days=800)

    library.retention(delete=True, by="redaktor")

    assert [one.id for one in library.barriers(by="skribent")] == [waits]
