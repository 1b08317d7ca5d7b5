"""
Nothing of a draft or an exempt text leaks: through an answer, a count, an order, an error, or the work that a list takes.

Each reading verb is asked twice of each kind of reader: before there is anything to hide, and after. For those who may not
see it the answers must be equal in every value. A method of `Library` that reads and has no row here fails the last test.
"""

import inspect
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from samrutine import Library, SamrutineError
from samrutine.storage.rows import OldAddressRow
from tests.support.clock import NOW
from tests.support.collected import sent_in
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine

EXEMPT, DRAFT = "nokkelskap", "kladd"
MAY_NOT = (None, "ansatt.fauske", "outsider.in.a.network")
MAY_READ_EXEMPT = ("beslutter.beiarn", "ansvarlig.fauske", "medlem.beiarn", "leder", "redaktor")
MAY_READ_DRAFT = ("skribent", "medlem.beiarn", "leder", "redaktor")
RARE = "spriten"

CASES = {
    "procedures": lambda library, who: library.procedures(reader=who),
    "versions": lambda library, who: library.versions("handhygiene", reader=who),
    "history": lambda library, who: library.history("handhygiene", reader=who),
    "document": lambda library, who: library.document("handhygiene", "fauske", reader=who),
    "documents": lambda library, who: library.documents("fauske", reader=who),
    "inspection": lambda library, who: library.inspection("fauske", reader=who),
    "handbook": lambda library, who: [library.handbook(reader=who), library.handbook("fauske", reader=who)],
    "checklist": lambda library, who: library.checklist("handhygiene", "fauske", reader=who),
    "redline": lambda library, who: library.redline("handhygiene", "1.0", reader=who),
    "card": lambda library, who: library.card("handhygiene", "fauske", reader=who),
    "bilingual": lambda library, who: library.bilingual("handhygiene", "fauske", reader=who),
    "search": lambda library, who: [
        library.search(words, reader=who, municipality=where)
        for words in ("", "hendene", RARE, "smitte", "tema:smittevern", "hend")
        for where in (None, "fauske")
    ],
    "suggest": lambda library, who: [
        library.suggest(typed, reader=who, municipality=where)
        for typed in ("hen", "spri", "aaa", "nøkk", "henden", RARE)
        for where in (None, "fauske")
    ],
    "matrix": lambda library, who: [library.matrix(reader=who), library.matrix(offset=0, limit=1, reader=who)],
    "coverage": lambda library, who: [library.coverage(reader=who), library.coverage(network="smittevern", reader=who)],
    "holders": lambda library, who: library.holders("handhygiene", reader=who),
    "in_force": lambda library, who: library.in_force(reader=who),
    "waiting": lambda library, who: [
        library.waiting(body, reader=who) for body in ("municipality:1841", "network:smittevern")
    ],
    "proposals": lambda library, who: library.proposals(reader=who),
    "get_proposal": lambda library, who: library.get_proposal(library.proposals(reader=who)[0].id, reader=who),
    "look_at_proposal": lambda library, who: library.look_at_proposal(library.proposals(reader=who)[0].id, reader=who),
    "check_text": lambda library, who: library.check_text(
        a_routine("ny", extra=f"Se [skapet](rutine:{EXEMPT}) og [kladden](rutine:{DRAFT})."), reader=who
    ),
    "publications": lambda library, who: library.publications(reader=who),
    "totals": lambda library, who: library.totals(reader=who),
    "local_information": lambda library, who: library.local_information("handhygiene", "fauske", reader=who),
    "local_information_history": lambda library, who: library.local_information_history(
        "handhygiene", "fauske", reader=who
    ),
    "account": lambda library, who: library.account("handhygiene", "fauske", library.today, reader=who),
    "additions": lambda library, who: library.additions("handhygiene", reader=who),
    "additions_to_answer": lambda library, who: library.additions_to_answer("handhygiene", "fauske", reader=who),
    "effect_on_local": lambda library, who: library.effect_on_local("handhygiene", "fauske", reader=who),
    "compare": lambda library, who: library.compare("handhygiene", "1.0", reader=who),
    "version_text": lambda library, who: library.version_text("handhygiene", reader=who),
    "compare_proposal": lambda library, who: library.compare_proposal(library.proposals(reader=who)[0].id, reader=who),
    "due_for_review": lambda library, who: library.due_for_review(notice_days=10_000, reader=who),
    "orphans": lambda library, who: library.orphans(reader=who),
    "feedback": lambda library, who: library.feedback(reader=who),
    "incoming": lambda library, who: library.incoming(reader=who),
    "incoming_changes": lambda library, who: library.incoming_changes("i-000000000000", reader=who),
    "incoming_page": lambda library, who: library.incoming_page("i-000000000000", 1, reader=who),
    "incoming_document": lambda library, who: library.incoming_document("i-000000000000", reader=who),
    "wishes": lambda library, who: library.wishes(reader=who),
    "inventory": lambda library, who: library.inventory(reader=who),
    "standing_decisions": lambda library, who: library.standing_decisions("fauske", reader=who),
    "made_known": lambda library, who: library.made_known("fauske", reader=who),
    "hearing": lambda library, who: library.hearing(library.proposals(reader=who)[0].id, reader=who),
    "hearing_summary": lambda library, who: library.hearing_summary(library.proposals(reader=who)[0].id, reader=who),
    "suggested_parties": lambda library, who: library.suggested_parties(
        library.proposals(reader=who)[0].id, reader=who
    ),
    "collections": lambda library, who: library.collections(reader=who),
    "collection": lambda library, who: library.collection(library.collections()[0].id, reader=who),
    "alike": lambda library, who: library.alike(network="smittevern", reader=who),
    "side_by_side": lambda library, who: library.side_by_side(["procedure:handhygiene"], reader=who),
    "offered": lambda library, who: library.offered(library.proposals(reader=who)[0].id, reader=who),
    "where_to_go": lambda library, who: library.where_to_go("handhygiene", reader=who),
    "inbox": lambda library, who: library.inbox(who or "ansatt.fauske"),
    "notifications": lambda library, who: library.notifications(who or "ansatt.fauske"),
}
"""Lists and answers about what everybody may read: equal before and after."""

BY_ID = {
    "versions": lambda library, one, who: library.versions(one, reader=who),
    "history": lambda library, one, who: library.history(one, reader=who),
    "document": lambda library, one, who: library.document(one, reader=who),
    "document there": lambda library, one, who: library.document(one, "fauske", reader=who),
    "version": lambda library, one, who: library.document(one, version="1.0", reader=who),
    "version_text": lambda library, one, who: library.version_text(one, reader=who),
    "checklist_points": lambda library, one, who: library.checklist_points(one, "fauske", reader=who),
    "checklist": lambda library, one, who: library.checklist(one, reader=who),
    "redline": lambda library, one, who: library.redline(one, "1.0", reader=who),
    "card": lambda library, one, who: library.card(one, reader=who),
    "bilingual": lambda library, one, who: library.bilingual(one, reader=who),
    "attachment": lambda library, one, who: library.attachment(one, "skjema.pdf", reader=who),
    "where_did": lambda library, one, who: library.where_did(f"https://intranett.example/{one}", reader=who),
    "in_force": lambda library, one, who: library.in_force(procedure=one, reader=who),
    "holders": lambda library, one, who: library.holders(one, reader=who),
    "local_information": lambda library, one, who: library.local_information(one, "fauske", reader=who),
    "side_by_side beside": lambda library, one, who: library.side_by_side([f"procedure:{one}"], reader=who),
    "prove": lambda library, one, who: library.prove(one, "fauske", on=library.today, reader=who),
}
"""Asked for directly, what is hidden is as what does not exist."""

ELSEWHERE = {
    "networks", "municipalities", "get_municipality", "people", "person", "subjects", "status", "verify", "repair", "render", "together", "close",
    "upgrade", "open", "init", "checkpoint", "backup", "restore", "preview_restore", "rebuild_from_register", "maintain", "doctor", "examine",
    "unseen", "mark_seen", "complete",
    "accessibility_statement", "sends_letters", "forgot_password", "write_letters", "send_letters", "letter_link", "stop_letters", "calendar",
    "paused_targets", "settings", "vacancies", "mark_read", "read_by_link", "answer_by_link",
    "sign_in", "sign_in_as", "signed_in", "sign_out", "signed_in_by_token", "give_code", "password_link", "choose_password", "meeting", "join", "sign_in_ways",
}  # fmt: skip
"""
Methods that read no text and count none, that only whoever runs the machine calls, or that a personal link opens: it
leads to the one text that its owner was asked about, and an exempt one is sent to nobody outside.
"""


@contextmanager
def statements(library):
    """Count the statements that a block sends to the database."""
    sent = []

    def count(_connection, _cursor, statement, *_):
        sent.append(statement)

    engine = library._parts.database.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", count)


def asked(library, call, *arguments):
    """Give the answer, or the error in all its words, and the statements it took where nobody asked it before."""
    library._parts.documents.forget()
    with statements(library) as sent:
        try:
            answer = repr(call(library, *arguments))
        except SamrutineError as error:
            answer = (type(error), str(error), error.exit_code)
    return answer, len(sent)


@pytest.fixture
def library(library_with_routine):
    """A routine that everybody may read, in use in Fauske, and a member of a network that owns nothing hidden."""
    library_with_routine.add_person("outsider.in.a.network", "Utenfor", by="redaktor")
    library_with_routine.grant("outsider.in.a.network", "member", "network:omsorg", by="redaktor")
    library_with_routine.adopt("handhygiene", "fauske", by="beslutter.fauske")
    library_with_routine.ask_for_routines("smittevern", "Hender", deadline=library_with_routine.today, by="leder")
    sent_in(library_with_routine, "fauske", "Hender", f"## Rutine\n\nVask hendene med {RARE}.\n")
    return library_with_routine


def hide_something(library):
    """Approve an exempt routine, and keep a draft."""
    approve_with_everyone(
        library, a_routine(EXEMPT, title="Aaa nøkkelskap", access="exempt", extra=f"{RARE} Hender hendene hendelse.")
    )
    library.adopt(EXEMPT, "fauske", by="beslutter.fauske")
    with library._parts.database.writing() as session:
        for one in (EXEMPT, DRAFT):
            session.add(
                OldAddressRow(
                    address=f"https://intranett.example/{one}", procedure_id=one, system="other", document_id="i-0",
                    added_at=NOW,
                )
            )  # fmt: skip
    return library.propose(a_routine(DRAFT, title="Bbb kladd", extra=f"{RARE} hendene."), by="skribent").proposal


def test_those_who_may_not_see_it_are_answered_as_if_it_were_not_there(library):
    """
    Whoever may not know of a routine learns nothing from a count, an order or a missing number either.
    """
    for call in CASES.values():
        asked(library, call, "redaktor")  # what is read once is remembered, and takes fewer statements from then on
    before = {(verb, who): asked(library, call, who) for verb, call in CASES.items() for who in MAY_NOT}

    hide_something(library)

    after = {(verb, who): asked(library, call, who) for verb, call in CASES.items() for who in MAY_NOT}
    different = [at for at in before if before[at] != after[at]]
    assert [(*at, before[at][1], after[at][1], before[at][0] == after[at][0]) for at in different] == []


@pytest.mark.parametrize("hidden", [EXEMPT, DRAFT])
def test_asked_for_directly_it_is_as_what_does_not_exist(library, hidden):
    """
    Another error, or a slower one, says that there is something to be refused.
    """
    hide_something(library)

    for verb, call in BY_ID.items():
        for who in MAY_NOT:
            answer, sent = asked(library, call, hidden, who)
            missing, sent_then = asked(library, call, "finnes-ikke", who)
            shown = tuple(str(part).replace(hidden, "finnes-ikke") for part in answer)
            assert shown == tuple(str(part) for part in missing), (verb, who)
            assert sent <= sent_then + 1, (verb, who)


def test_a_hidden_proposal_is_as_one_that_does_not_exist(library):
    """
    An id in a link that was sent on says nothing to whoever may not open it.
    """
    draft = hide_something(library)

    for call in (Library.get_proposal, Library.look_at_proposal):
        for who in (*MAY_NOT, "beslutter.beiarn", "ansvarlig.fauske"):
            answer, _ = asked(
                library, lambda one, which, reader, call=call: call(one, which, reader=reader), draft, who
            )
            missing, _ = asked(
                library, lambda one, which, reader, call=call: call(one, which, reader=reader), "f-0000000000", who
            )
            assert tuple(str(part).replace(draft, "f-0000000000") for part in answer) == tuple(map(str, missing))


def test_those_who_may_see_it_do(library):
    """
    Else the test above would be met by a library that shows nobody anything.
    """
    draft = hide_something(library)

    for who in MAY_READ_EXEMPT:
        assert EXEMPT in [one.id for one in library.procedures(reader=who)]
        assert EXEMPT in [hit.procedure_id for hit in library.search(RARE, reader=who).result.hits]
        assert library.document(EXEMPT, "fauske", reader=who).header.procedure_id == EXEMPT
    for who in MAY_READ_DRAFT:
        assert library.get_proposal(draft, reader=who)[0].id == draft


def test_every_method_that_reads_has_a_row():
    """
    A verb that nobody asked about is where it leaks.
    """
    reads = {
        name
        for name, method in inspect.getmembers(Library, inspect.isfunction)
        if not name.startswith("_") and "by" not in inspect.signature(method).parameters
    }

    assert reads - ELSEWHERE == set(CASES) | {one for one in BY_ID if " " not in one and one != "version"}
