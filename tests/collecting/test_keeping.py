"""How long what was asked for, answered and offered is kept, and what somebody may see of it that is their own."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine.networks.retention_rules import Kept
from samrutine.storage.rows import (
    CollectionAnswerRow,
    CollectionRow,
    IncomingDocumentRow,
    OfferRow,
    TriageRow,
)
from tests.support.collected import a_shared_draft, sent_in


def rows(library, table):
    with library._parts.database.reading() as session:
        return session.exec(select(table)).all()


def over(library, **how):
    return {line.kept: line.count for line in library.retention(by="redaktor", **how).lines if line.count}


def asked(library):
    return library.ask_for_routines(
        "smittevern", "Alt om sår", deadline=library.today + timedelta(days=9), by="leder"
    ).collection


def test_a_collection_goes_with_its_answers_two_years_after_it_was_closed(home):
    """
    Who sent what must be shown until the routines are written and tried, and not for ever.
    """
    with home.opened() as library:
        collection = asked(library)
        open_ = asked(library)
        library.answer_collection(collection, "Fauske", has_none=True, by="ansvarlig.fauske")
        library.close_collection(collection, by="leder")
        home.clock.forward(days=725)
        assert Kept.COLLECTIONS not in over(library)
        home.clock.forward(days=10)

        assert over(library, delete=True)[Kept.COLLECTIONS] == 1

        assert [row.id for row in rows(library, CollectionRow)] == [open_]
        assert rows(library, CollectionAnswerRow) == []
        assert library.verify().is_clean


def test_what_was_said_of_a_document_goes_with_the_document(home):
    """
    Why one was dropped is not kept longer than what was dropped.
    """
    with home.opened() as library:
        gone, waits = (sent_in(library, "Fauske", title, "## Formål\n\nStelle sår.\n") for title in ("Sår", "Bitt"))
        for one in (gone, waits):
            library.triage(one, "drop", reason="Dekket.", by="leder")
        with library._parts.database.writing() as session:
            session.get_one(IncomingDocumentRow, gone).decided_at = library._now()
        home.clock.forward(days=100)

        over(library, delete=True)

        assert [row.document_id for row in rows(library, TriageRow)] == [waits]


@pytest.mark.broad
def test_an_offer_is_kept_while_its_proposal_is_open_and_two_years_after(home):
    """
    A municipality that takes the routine into use late finds what it had.
    """
    with home.opened() as library:
        made = a_shared_draft(library)
        home.clock.forward(days=1000)
        assert Kept.OFFERS not in over(library)
        library.withdraw(made.proposal, reason="Dekket.", by="redaktor")
        home.clock.forward(days=740)

        assert over(library, delete=True)[Kept.OFFERS] > 0

        assert rows(library, OfferRow) == []
        assert library.verify().is_clean


def test_everybody_sees_what_they_asked_answered_and_judged(library):
    """
    The person's right to see what is held about them leaves none of it out.
    """
    collection = asked(library)
    document = sent_in(library, "Fauske", "Sår", "## Formål\n\nStelle sår.\n")
    library.triage(document, "drop", reason="Dekket.", by="leder")
    library.answer_collection(collection, "Beiarn", has_none=True, reason="Ingen.", by="beslutter.beiarn")
    library.close_collection(collection, by="leder")

    mine, theirs = (library.own_data(who, by=who) for who in ("leder", "beslutter.beiarn"))

    assert [one["what"] for one in mine["collections"]] == ["Alt om sår"]
    assert [one["id"] for one in mine["collections_closed"]] == [collection]
    assert [one["reason"] for one in mine["documents_triaged"]] == ["Dekket."]
    assert [one["reason"] for one in theirs["collections_answered"]] == ["Ingen."]
