"""A network asks nine municipalities for what they have; one routine comes of it, and nobody loses what was their own."""

from collections import defaultdict
from datetime import timedelta

import pytest

from samrutine.collecting.model import Sent
from tests.support.collected import approved, chosen
from tests.support.collected import sent_in as put_in
from tests.support.sent_in.collection import MUNICIPALITIES, sent_in
from tests.support.stories import told, waits_for

TOPICS = (0, 9, 20, 31, 44)
WHAT = "Alt dere har om blodsukker, fall og hygiene"


@pytest.mark.broad
def test_the_binders_of_nine_municipalities_become_one_routine_and_each_keeps_its_own(home):
    """
    «Alle sender inn aktuelle prosedyrer man har»: what took a year of e-mails, told from the question to the answer.
    """
    with home.opened() as library:
        collection, topic_of = _collected(home, library)

        # The program says which are the same; nobody told it.
        found = library.alike(collection, reader="leder")
        joined = [{topic_of[member.id] for member in group.members} for group in found.groups]
        assert all(len(topics) == 1 for topics in joined)
        assert sum(len(group.members) for group in found.groups) >= 0.8 * len(topic_of)

        # They take the largest group, and drop what somebody sent twice.
        group = found.groups[0]
        everybody, kept = _triaged(library, group)

        # Side by side, paragraph by paragraph; they choose, and the draft is made in one act.
        compared = library.side_by_side(kept, reader="leder")
        choices = chosen(library, kept)
        made = library.draft_from(everybody, choices, read=compared.digest, title="Felles rutine", by="redaktor")
        offers = library.offered(made.proposal, reader="leder")
        _nothing_is_lost(compared, choices, offers)
        assert {one.document for one in offers} <= set(kept)

        # The network agrees; three of them take back what is their own, one act each, and all of it can be proven.
        procedure = approved(library, made)
        taken = {_take_a_note(library, made.proposal, procedure, slug) for slug in ("beiarn", "saltdal", "rodoy")}
        assert {one.taken_number for one in library.offered(made.proposal, reader="leder")} == {None, *taken}
        assert library.verify().is_clean


def _collected(home, library):
    """Ask, and let seven send; Steigen has none and Sørfold is silent. Gives the collection, and what each document is about."""
    deadline = library.today + timedelta(days=21)
    collection = library.ask_for_routines("smittevern", WHAT, deadline=deadline, by="leder").collection
    assert f"sende inn rutiner: {WHAT} (Fauske)" in waits_for(library, "ansvarlig.fauske")
    names = dict(zip(MUNICIPALITIES, [one.name for one in library.municipalities()], strict=True))
    topic_of = {
        put_in(library, names[one.municipality], one.title, one.markdown, collection=collection): one.topic
        for one in sent_in(5, of_each=5, twice=1, topics=TOPICS)
        if names[one.municipality] not in {"Sørfold", "Steigen"}
    }
    library.answer_collection(collection, "Steigen", has_none=True, by="beslutter.steigen")
    home.clock.forward(days=23)
    standing = library.collection(collection, reader="leder")
    assert [(one.name, one.days_late) for one in standing.those(Sent.MISSING)] == [("Sørfold", 2)]
    assert len(standing.those(Sent.SOME)) == 7
    library.remind_collection(collection, by="leder")
    assert "Nettverket venter på rutinene dere har" in told(library, "beslutter.sorfold")
    home.clock.forward(days=7)
    assert library.close_collection(collection, by="leder").missing == ("1845",)
    assert waits_for(library, "beslutter.sorfold") == []
    return collection, topic_of


def _triaged(library, group):
    """Merge one of each municipality, and drop the rest of them; gives all, and those that are merged."""
    by_town = defaultdict(list)
    for member in group.members:
        by_town[member.municipality].append(member.id)
    everybody = [member.id for member in group.members]
    kept = [ids[0] for ids in by_town.values()]
    for one in everybody:
        if one in kept:
            library.triage(one, "merge", beside=everybody, by="medlem.beiarn")
        else:
            library.triage(one, "drop", reason="Samme rutine, sendt to ganger.", beside=everybody, by="leder")
    return everybody, kept


def _nothing_is_lost(compared, choices, offers):
    """Each paragraph that was not chosen is offered to whoever has it."""
    offered = {(one.document, (one.text or "").strip()) for one in offers}
    for row in compared.rows:
        for number, wording in enumerate(row.wordings):
            if row.number in choices and choices[row.number] != number:
                for variant in wording.variants:
                    assert any(document == variant for document, _ in offered), (row.number, variant)


def _take_a_note(library, proposal, procedure, slug):
    """Let a municipality take the first thing that it had beside the shared text; gives the decision."""
    by = f"beslutter.{slug}"
    note = next(one for one in library.offered(proposal, slug, reader=by) if one.kind.value == "practical-note")
    made = library.take_offer(note.id, by=by)
    assert [one.addition for one in library.additions(procedure, slug)] == [made.addition]
    return made.number
