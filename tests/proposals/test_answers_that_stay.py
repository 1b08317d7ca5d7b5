"""What a round said once it says again, and what the lists of proposals cost."""

import pytest
from sqlalchemy import event

from samrutine import NotAllowed
from tests.support.homes import MEMBERS
from tests.support.stories import UNHEARD, not_projecting
from tests.support.texts import a_routine


def sent(library, **how):
    """Send a new routine to approval; gives the draft and the answer."""
    draft = library.propose(a_routine("vaktskifte", title="Vaktskifte"), by="skribent")
    return draft, library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder", **how)


def test_sending_twice_says_how_many_were_needed_when_it_was_sent(any_library):
    """
    The second call is the same act; that members have left since is no part of it.
    """
    draft, first = sent(any_library, decision_id="send")
    for slug in MEMBERS[:3]:
        any_library.revoke(f"medlem.{slug}", "member", "network:smittevern", by="redaktor")

    again = any_library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder", decision_id="send")

    assert (first.needed, again.needed) == (4, 4)
    assert any_library.verify().is_clean


def test_every_municipality_that_the_author_works_in_is_the_authors(library):
    """
    Who works half in one municipality and half in another has colleagues in both.
    """
    library.grant("skribent", "employee", "municipality:1839", by="redaktor")
    draft, _ = sent(library)

    with pytest.raises(NotAllowed) as caught:
        library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn")

    assert [type(one).__name__ for one in caught.value.reasons] == ["AuthorsMunicipalityDoesNotCount"]


def test_where_the_author_came_to_work_later_is_not(library):
    """
    What was written before they came there owes nothing to the colleagues there.
    """
    draft, _ = sent(library)
    library.grant("skribent", "employee", "municipality:1839", by="redaktor")

    assert library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn").standing.given == 1


def test_a_list_of_proposals_costs_no_more_questions_because_there_are_more(library):
    """
    A hundred drafts are looked up as fast as one; the list is what a leader opens first.
    """

    def questions():
        asked = []
        engine = library._parts.database.engine

        def count(*what):
            asked.append(what[2])

        event.listen(engine, "before_cursor_execute", count)
        try:
            library.proposals(reader="redaktor")
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(asked)

    sent(library)
    few = questions()
    with not_projecting(library):
        for n in range(5):
            library.propose(a_routine(f"utkast-{n}", title=f"Utkast {n}"), by="skribent")

    assert questions() == few
