"""The account of a day: what applied where, who decided it on which delegation, with which local layer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from samrutine.adoptions.effective import Hurried, effective_digest
from samrutine.errors import (
    BetweenUses,
    DocumentNotFound,
    NoLongerInForce,
    NotYetInForce,
    ProcedureNotFound,
    ReplacedByAnother,
)
from samrutine.procedures.model import VersionNumber
from samrutine.storage.rows import ProcedureRow, VersionRow
from tests.support.homes import name_of
from tests.support.stories import UNHEARD, agree_until_enough, approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

DAY = timedelta(days=1)


def adopted(library, **how):
    """Take the newest `handhygiene` into use in Fauske."""
    return library.adopt("handhygiene", "fauske", by="beslutter.fauske", **how)


@pytest.fixture
def used(any_library):
    """`handhygiene` 1.0 is in use in Fauske, with a number to call and a note."""
    approve_with_everyone(any_library, a_routine(required=("vakt",)))
    any_library.set_local_information("handhygiene", "fauske", {"vakt": "75 00 00 00"}, by="ansvarlig.fauske")
    adopted(any_library, reason="Vi trenger den.")
    any_library.add_addition(
        "handhygiene", "fauske", "ansvar", "practical-note", "Nøkkelen henger her.", by="ansvarlig.fauske"
    )
    return any_library


class TestOfADay:
    def test_says_who_decided_on_which_delegation_with_what_behind_it(self, used, clock):
        """
        «Hvem bestemte det, og hadde de lov?» is the first thing an inspector asks.
        """
        found = used.account("handhygiene", "fauske", clock.today)

        assert (found.version, found.position, found.level) == (
            VersionNumber(1, 0), "kommunalsjef helse og omsorg", "head-of-service",
        )  # fmt: skip
        assert found.decision.name == name_of("beslutter.fauske")
        assert found.delegation.reference == "delegasjonsreglementet § 4"
        assert found.delegation.id
        assert found.reason == "Vi trenger den."
        assert [(one.label, one.value, one.decision.name) for one in found.local_information] == [
            ("Vakt", "75 00 00 00", name_of("ansvarlig.fauske"))
        ]
        assert [(one.section_key, one.decision.kind) for one in found.additions] == [("ansvar", "addition_made")]
        assert len(found.approvals) == 4
        assert {one.decision.kind for one in found.approvals} == {"approval_given"}
        assert found.effective_digest == effective_digest(used.document("handhygiene", "fauske"))

    def test_of_a_day_before_a_change_has_the_local_layer_of_that_day(self, used, clock):
        """
        What the nurse could know is what stood on the paper then.
        """
        first = clock.today
        clock.forward(days=2)
        used.set_local_information("handhygiene", "fauske", {"vakt": "75 00 00 99"}, by="ansvarlig.fauske")
        used.drop_addition(used.additions("handhygiene")[0].addition, by="ansvarlig.fauske")

        then, now = (used.account("handhygiene", "fauske", day) for day in (first, clock.today))

        assert [one.value for one in then.local_information] == ["75 00 00 00"]
        assert [one.value for one in now.local_information] == ["75 00 00 99"]
        assert (len(then.additions), len(now.additions)) == (1, 0)
        assert then.effective_digest != now.effective_digest
        assert [one.key for one in then.local_information] == ["vakt"]

    def test_as_known_then_and_as_known_now(self, used, clock):
        """
        It was decided to end in a month, and later to go on: what did people have to go by in between?
        """
        last = clock.today + 30 * DAY
        known = clock.now
        clock.forward(days=1)
        used.end_use("handhygiene", "fauske", last_day=last, reason="Slutt.", by="beslutter.fauske")

        before = used.account("handhygiene", "fauske", last + DAY, known_at=known)

        assert before.until_on is None
        with pytest.raises(NoLongerInForce):
            used.account("handhygiene", "fauske", last + DAY)

    def test_of_a_political_decision_names_the_case(self, any_library, clock):
        """
        The council decided, and its case is where the reasons stand.
        """
        approve_with_everyone(any_library, a_routine("program", level="political"))
        any_library.adopt("program", "fauske", by="radmann.fauske", case="26/00117")

        found = any_library.account("program", "fauske", clock.today)

        assert (found.case, found.level, found.position) == ("26/00117", "political", "kommunedirektør")

    def test_a_name_that_is_erased_leaves_the_decision(self, used, clock):
        """
        The record stands without the name, where the rule says that the name goes.
        """
        from sqlmodel import select

        from samrutine.storage.rows import PersonRow

        with used._parts.database.writing() as session:
            person = session.exec(select(PersonRow).where(PersonRow.login == "ansvarlig.fauske")).one()
            person.name = None
            session.add(person)

        found = used.account("handhygiene", "fauske", clock.today)

        assert found.local_information[0].decision.name is None
        assert found.local_information[0].decision.role == "responsible"


class TestOfADayWithoutAny:
    def test_before_the_first_says_since_when(self, used, clock):
        """
        «Gjaldt ikke da; gjelder fra …» is an answer, «finnes ikke» is none.
        """
        with pytest.raises(NotYetInForce) as caught:
            used.account("handhygiene", "fauske", clock.today - DAY)

        assert caught.value.places["from_on"] == clock.today

    def test_after_the_last_says_until_when(self, used, clock):
        """
        And the paper's last day is said as people count days.
        """
        used.end_use("handhygiene", "fauske", last_day=None, reason="Slutt.", by="beslutter.fauske")

        with pytest.raises(NoLongerInForce) as caught:
            used.document("handhygiene", "fauske", day=clock.today + DAY)

        assert caught.value.places["last_day"] == clock.today

    def test_in_a_gap_says_both(self, used, clock):
        """
        It was ended by mistake for a week.
        """
        used.end_use("handhygiene", "fauske", last_day=None, reason="Slutt.", by="beslutter.fauske")
        gap = clock.today + 2 * DAY
        adopted(used, from_on=clock.today + 7 * DAY)

        with pytest.raises(BetweenUses) as caught:
            used.account("handhygiene", "fauske", gap)

        assert caught.value.places["last_day"] == clock.today
        assert caught.value.places["from_on"] == clock.today + 7 * DAY

    def test_of_one_that_was_never_used_or_is_not_there(self, used, clock):
        """
        Two different answers: one place to look in the history, and one to check the spelling.
        """
        with pytest.raises(DocumentNotFound) as caught:
            used.account("handhygiene", "beiarn", clock.today)
        assert type(caught.value) is DocumentNotFound
        with pytest.raises(ProcedureNotFound):
            used.account("finnes-ikke", "fauske", clock.today)

    def test_of_one_that_is_replaced_says_where_to_go(self, library_with_routine, clock):
        """
        Whoever comes with an old id must be sent on.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("ny-handhygiene"))
        with library._parts.database.writing() as session:
            row = session.get_one(ProcedureRow, "handhygiene")
            row.withdrawn_number, row.replaced_by = 40, "ny-handhygiene"
            session.add(row)

        with pytest.raises(ReplacedByAnother) as caught:
            library.account("handhygiene", "fauske", clock.today)

        assert "ny-handhygiene" in caught.value.remedy("nb")


class TestDocumentsOfOtherDays:
    def test_a_hurried_version_is_shown_as_it_stood_that_day(self, library_with_routine, clock):
        """
        In force and not approved on Monday, approved on Wednesday: Monday's paper says not yet.
        """
        library = library_with_routine
        adopted(library)
        monday = clock.today
        clock.forward(days=2)
        number = change_with_everyone(library, a_routine(extra="Noe annet.")).number
        with library._parts.database.writing() as session:
            row = session.get_one(VersionRow, ("handhygiene", 1, 0))
            row.hurried, row.confirmed_number = True, number
            session.add(row)

        then, now = (library.document("handhygiene", "fauske", day=day) for day in (monday, clock.today))

        assert (then.header.hurried, now.header.hurried) == (Hurried.UNAPPROVED, None)
        assert now.header.made_at > then.header.made_at

    def test_a_use_decided_backwards_has_the_additions_of_its_decision(self, library_with_routine, clock):
        """
        Nobody had written the note for a routine that was not in use; it belongs to the use from its first day.
        """
        library = library_with_routine
        first = clock.today
        clock.forward(days=5)
        library.add_addition("handhygiene", "fauske", "ansvar", "practical-note", "Her.", by="ansvarlig.fauske")
        adopted(library, from_on=first)

        assert len(library.document("handhygiene", "fauske", day=first).additions) == 1
        assert len(library.account("handhygiene", "fauske", first).additions) == 1

    def test_an_addition_has_the_grounds_it_had_then(self, any_library_with_routine, clock):
        """
        A better reason found later was not the reason they acted on.
        """
        library, day = any_library_with_routine, clock.today
        adopted(library)
        made = library.add_addition(
            "handhygiene", "fauske", "ansvar", "professional-addition", "Mer.", reason="Kaldt vann.", source="Kilde A",
            by="beslutter.fauske",
        )  # fmt: skip
        before = library.account("handhygiene", "fauske", day)
        clock.forward(days=3)

        library.change_addition(made.addition, "Mer.", reason="Varmt vann.", source="Kilde B", by="beslutter.fauske")

        after = library.account("handhygiene", "fauske", day)
        assert [(one.reason, one.source) for one in after.additions] == [("Kaldt vann.", "Kilde A")]
        assert after.effective_digest == before.effective_digest
        today = library.account("handhygiene", "fauske", clock.today)
        assert [(one.reason, one.source) for one in today.additions] == [("Varmt vann.", "Kilde B")]

    def test_a_routine_that_was_taken_up_again_was_withdrawn_on_the_days_between(self, any_library_with_routine, clock):
        """
        The paper of that day said so, and somebody may have acted on it.
        """
        library = any_library_with_routine
        adopted(library)
        approve_with_everyone(library, a_routine("hygiene", title="Hygiene"))
        clock.forward(days=1)
        draft = library.propose_withdrawal("handhygiene", reason="Dekket.", replaced_by="hygiene", by="skribent")
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="redaktor")
        assert agree_until_enough(library, draft).withdrawn
        between = clock.today
        said = library.account("handhygiene", "fauske", between)
        clock.forward(days=3)

        change_with_everyone(library, a_routine(extra="Igjen."), significance="major", meaning="En.")

        then = library.account("handhygiene", "fauske", between)
        assert (then.document.header.withdrawn, then.document.header.replaced_by) == (True, "hygiene")
        assert then.effective_digest == said.effective_digest
        assert not library.document("handhygiene", "fauske").header.withdrawn
        assert not library.document("handhygiene", "fauske", day=between - DAY).header.withdrawn
        assert library.matrix(between).withdrawn == {"handhygiene"}
        assert library.matrix().withdrawn == frozenset()
        assert library.verify().is_clean

    def test_a_hurry_that_is_refused_leaves_a_withdrawn_routine_withdrawn(self, any_library_with_routine, clock):
        """
        It stood again for the days of the hurry, and not before nor after.
        """
        library = any_library_with_routine
        adopted(library)
        draft = library.propose_withdrawal("handhygiene", reason="Utdatert.", by="skribent")
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="redaktor")
        assert agree_until_enough(library, draft).withdrawn
        clock.forward(days=2)
        draft = library.propose(
            a_routine(extra="Straks."), changes="handhygiene", significance="major", meaning="En.", by="skribent"
        )
        library.hurry(draft.proposal, digest=draft.digest, reason="Utbrudd.", by="leder")
        clock.forward(days=2)
        library.reject(draft.proposal, reason="Nei.", by="leder")

        days = [clock.today - n * DAY for n in (4, 2, 0)]
        papers = [library.document("handhygiene", "fauske", version="1.0", day=day).header.withdrawn for day in days]
        assert papers == [True, False, True]
        assert [bool(library.matrix(day).withdrawn) for day in days] == papers

    def test_all_documents_of_a_municipality_have_what_each_has_alone(self, library_with_routine, clock):
        """
        What is published in one run is what a reader sees, digest by digest.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("masker", title="Masker"))
        for one in ("handhygiene", "masker"):
            library.adopt(one, "fauske", by="beslutter.fauske")
            library.add_addition(one, "fauske", "", "practical-note", f"Om {one}.", by="ansvarlig.fauske")

        together = library._parts.documents.all_in_force("fauske", clock.today)

        assert [effective_digest(one) for one in together] == [
            effective_digest(library.document(one.header.procedure_id, "fauske")) for one in together
        ]
        assert all(len(one.additions) == 1 for one in together)


def test_the_instant_asked_about_is_aware(library_with_routine):
    """
    A time without a zone is an hour wrong half the year.
    """
    adopted(library_with_routine)

    found = library_with_routine.account(
        "handhygiene", "fauske", library_with_routine.today, known_at=datetime(2030, 1, 1, tzinfo=UTC)
    )

    assert found.known_at is not None
    assert found.on >= date(2026, 1, 1)
