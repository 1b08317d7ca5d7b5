"""
Whoever acts on what they may not know of is answered exactly as if they had acted on what does not exist.

Each verb that takes the id of something hidden is asked by each kind of person who may not know of it: the refusal must be
that of a missing id in its class, in every word in both languages, and in the work it took. A method of `Library` that acts
on such an id and has no row here fails the last test.
"""

import inspect
import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from samrutine import Library, SamrutineError
from samrutine.adoptions.answers import ListRow
from samrutine.errors import DocumentNotFound, IdTaken, NotFound
from samrutine.messages import LANGUAGES
from tests.support.collected import a_shared_draft
from tests.support.stories import UNHEARD, approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine
from tests.test_leaks import statements

EXEMPT, MISSING = "nokkelskap", "finnes-ikke"
MAY_NOT = ("ansatt.fauske", "skribent", "outsider.in.a.network")
"""An employee, the author of the exempt text, and a leader of a network that has nothing to do with it."""
MAY_NOT_DRAFT = ("ansatt.fauske", "outsider.in.a.network", "ansvarlig.fauske", "beslutter.beiarn")
WHY = "Fordi."
SERIAL = count(1)


def _until(library):
    return library.today + timedelta(days=30)


def _findings(library, one, by):
    """Say what the checks find of a link; drafts are kept, so each has an id of its own."""
    made = library.propose(a_routine(f"lenke-{next(SERIAL)}", extra=f"Se [den](rutine:{one})."), by=by)
    return [(found.key, found.places) for found in made.findings]


BY_PROCEDURE = {
    "adopt": lambda library, one, by: library.adopt(one, "fauske", by=by),
    "adopt version": lambda library, one, by: library.adopt(one, "fauske", version="1.0", by=by),
    "defer": lambda library, one, by: library.defer(one, "fauske", until=_until(library), reason=WHY, by=by),
    "decline": lambda library, one, by: library.decline(one, "fauske", reason=WHY, by=by),
    "mark_not_relevant": lambda library, one, by: library.mark_not_relevant(one, "fauske", reason=WHY, by=by),
    "use_own_routine": lambda library, one, by: library.use_own_routine(one, "fauske", link="https://x.example/1", by=by),
    "end_use": lambda library, one, by: library.end_use(one, "fauske", reason=WHY, by=by),
    "decide_list": lambda library, one, by: library.decide_list("fauske", [ListRow(one, "declined", reason=WHY)], by=by),
    "look_at_list": lambda library, one, by: library.look_at_list("fauske", [ListRow(one, "declined", reason=WHY)], by=by),
    "set_local_information": lambda library, one, by: library.set_local_information(one, "fauske", {"vakt": "113"}, by=by),
    "assign": lambda library, one, by: library.assign(one, "fauske", due=_until(library), by=by),
    "make_known": lambda library, one, by: library.make_known(one, "fauske", how="meeting", whom="Alle.", by=by),
    "take_inventory": lambda library, one, by: library.take_inventory("fauske", {one: "none"}, by=by),
    "set_standing": lambda library, one, by: library.set_standing("fauske", until=_until(library), procedure=one, by=by),
    "end_standing": lambda library, one, by: library.end_standing("fauske", procedure=one, by=by),
    "add_addition": lambda library, one, by: library.add_addition(one, "fauske", "ansvar", "practical-note", "Her.", by=by),
    "review": lambda library, one, by: library.review(one, version="1.0", by=by),
    "set_owner": lambda library, one, by: library.set_owner(one, "leder", by=by),
    "give_feedback": lambda library, one, by: library.give_feedback(one, "Feil.", by=by),
    "take_up_wish": lambda library, one, by: library.take_up_wish(_wish(library), procedure=one, by=by),
    "open_checklist": lambda library, one, by: library.open_checklist(one, "fauske", "A. B.", by=by),
    "propose": lambda library, one, by: library.propose(a_routine(one, extra="Nytt."), changes=one, by=by),
    "propose link": _findings,
    "propose_withdrawal": lambda library, one, by: library.propose_withdrawal(one, reason=WHY, by=by),
    "propose_withdrawal for": lambda library, one, by: library.propose_withdrawal(
        "handhygiene", replaced_by=one, reason=WHY, by=by),
}  # fmt: skip

BY_PROPOSAL = {
    "revise": lambda library, one, by: library.revise(one, a_routine("kladd", extra="Nytt."), read_digest="1:a", by=by),
    "refresh": lambda library, one, by: library.refresh(one, read_digest="1:a", by=by),
    "withdraw": lambda library, one, by: library.withdraw(one, reason=WHY, by=by),
    "send": lambda library, one, by: library.send(one, digest="1:a", unheard=UNHEARD, by=by),
    "approve": lambda library, one, by: library.approve(one, digest="1:a", by=by),
    "reject": lambda library, one, by: library.reject(one, reason=WHY, by=by),
    "hurry": lambda library, one, by: library.hurry(one, digest="1:a", reason=WHY, by=by),
    "open_hearing": lambda library, one, by: library.open_hearing(one, digest="1:a", by=by),
    "remind": lambda library, one, by: library.remind(one, by=by),
    "close_hearing": lambda library, one, by: library.close_hearing(one, by=by),
    "answer_hearing": lambda library, one, by: library.answer_hearing(one, "municipality:fauske", no_remarks=True, by=by),
    "invite_outsider": lambda library, one, by: library.invite_outsider(one, "outside:politi", by=by),
    "take_up_feedback": lambda library, one, by: library.take_up_feedback(_feedback(library), one, by=by),
    "take_up_wish": lambda library, one, by: library.take_up_wish(_wish(library), proposal=one, by=by),
}  # fmt: skip

BY_PART = {
    "change_addition": lambda library, one, by: library.change_addition(one, "Der.", by=by),
    "drop_addition": lambda library, one, by: library.drop_addition(one, by=by),
    "lift": lambda library, one, by: library.lift(one, by=by),
    "answer_feedback": lambda library, one, by: library.answer_feedback(one, "Takk.", by=by),
    "take_up_feedback": lambda library, one, by: library.take_up_feedback(one, "f-0000000000", by=by),
    "reply_to_remark": lambda library, one, by: library.reply_to_remark(one, outcome="taken", by=by),
    "revoke_link": lambda library, one, by: library.revoke_link(one, by=by),
    "take_offer": lambda library, one, by: library.take_offer(one, by=by),
}
"""By the id of what belongs to one: an addition, feedback, a remark of a hearing, a link to it."""

ELSEWHERE = {
    "import_folder", "propose_merge", "settle", "set_target", "end_target", "resume_publishing", "preview", "publish", "wish",
    "support_wish", "answer_wish", "add_person", "grant", "revoke", "delegate", "erase_person", "erase_text", "own_data",
    "archive_message", "exit_package", "retention", "redactable", "redact", "traces", "erased", "require_erasable",
    "unanswered_searches",
    "set_password", "sessions", "end_sessions", "make_token", "tokens", "end_token", "invite", "open_meeting",
    "meetings", "close_meeting", "letters", "try_letter", "letter_choice", "gets_letters", "choose_letters",
    # On a list by its id, which only those who take part in it know: tests/reading/test_checklists.py.
    "report_barrier", "answer_barrier", "barriers",
    "checklist_colleagues", "help_with_checklist", "mark_points", "hand_on_checklist", "end_checklist", "followed_checklist",
    "followed_checklists", "checklist_paper",
    "calendar_made_at", "make_calendar", "end_calendar",
    "begin_sign_in_elsewhere", "come_back", "connected_services", "disconnect_service",
    "second_step", "begin_second_step", "confirm_second_step", "end_second_step", "remove_second_step",
    "ask_for_routines", "answer_collection", "remind_collection", "close_collection", "triage", "draft_from",
    # Documents, which are no routine: tests/intake/test_incoming.py.
    "take_in", "edit_incoming", "mask_incoming", "look_at_incoming", "let_through", "read_incoming_again", "reject_incoming", "accept_incoming",
}  # fmt: skip
"""
Acts on no such id: those on people, places, wishes and what networks ask for, which all may read; those on documents that were
sent in, which have tests of their own; and those by which a text comes in, where the
only id is the text's own (see the test of what is taken).
"""


def _wish(library):
    return library.wishes()[0].id


def _feedback(library):
    return library.feedback(procedure="handhygiene", reader="redaktor")[0].id


@pytest.fixture(scope="module")
def told_home(tmp_path_factory, sqlite_templates):
    """A routine that everybody may read, with feedback and a wish; and an exempt one in use, with what belongs to it."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("hidden") / "home", "routine")
    with home.opened() as library:
        library.add_person("outsider.in.a.network", "Utenfor", by="redaktor")
        library.grant("outsider.in.a.network", "leader", "network:omsorg", by="redaktor")
        library.give_feedback("handhygiene", "Uklart.", by="ansatt.fauske")
        library.wish("Hva gjør vi når brønnen er tom?", by="ansatt.fauske")
        approve_with_everyone(library, a_routine(EXEMPT, title="Nøkkelskap", access="exempt"))
        library.adopt(EXEMPT, "fauske", by="beslutter.fauske")
    return home


@pytest.fixture
def library(told_home, tmp_path):
    """The library of a copy of it, open."""
    shutil.copytree(told_home.path, tmp_path / "home")
    with replace(told_home, path=tmp_path / "home").opened() as opened:
        yield opened


def heard_and_exempt(library):
    """A proposal that was heard as an open text, and is exempt now; gives its id, that of a remark, and a link's."""
    draft = library.propose(a_routine("hort", title="Hørt"), by="medlem.beiarn")
    parties = ["municipality:fauske", "outside:politi"]
    library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, by="redaktor")
    remark = library.answer_hearing(draft.proposal, "municipality:fauske", remarks=["Hvem?"], by="leder").remarks[0]
    invited = library.invite_outsider(draft.proposal, "outside:politi", by="redaktor")
    library.answer_by_link(invited.token, no_remarks=True)
    library.close_hearing(draft.proposal, by="redaktor")
    library.revise(
        draft.proposal, a_routine("hort", title="Hørt", access="exempt"), read_digest=draft.digest, by="redaktor"
    )
    return draft.proposal, remark, invited.link


def described(error):
    """Give all that an error says: class, exit code, words in each language, places, reasons, and the rows of a list."""
    said = [error.text(language) for language in LANGUAGES]
    reasons = [(one, *(one.places_in(language) for language in LANGUAGES)) for one in getattr(error, "reasons", ())]
    rows = [(row.row, row.procedure, described(row.error)) for row in getattr(error, "rows", ())]
    places = {name: str(value) for name, value in error.places.items()}
    return type(error).__name__, error.exit_code, said, places, reasons, rows


def answered(library, call, one, by):
    """Give the answer, or the whole error, with the id taken out; and the statements it took."""
    with statements(library) as sent:
        try:
            answer = call(library, one, by)
        except SamrutineError as error:
            answer = described(error)
    return repr(answer).replace(one, "<id>"), len(sent)


def told(library, cases, hidden, missing, people):
    """Give the verbs, and whoever asks, for which what is hidden is answered otherwise than what is missing."""
    different = []
    for verb, call in cases.items():
        for by in people:
            answered(
                library, call, missing, by
            )  # what is read once is remembered, and takes fewer statements from then on
            at_missing, sent_then = answered(library, call, missing, by)
            at_hidden, sent = answered(library, call, hidden, by)
            if at_hidden != at_missing or sent > sent_then + 1:
                different.append((verb, by, at_hidden, at_missing, sent, sent_then))
    return different


def test_an_act_on_an_exempt_routine_is_as_one_on_what_does_not_exist(library):
    """
    «Du har ikke lov» says that there is something; whoever may not know of it must not be told so.
    """
    assert told(library, BY_PROCEDURE, EXEMPT, MISSING, MAY_NOT) == []


def test_an_act_on_anothers_draft_is_as_one_on_what_does_not_exist(library):
    """
    Nobody else reads a draft, so nobody else may find out by acting that it is there.
    """
    draft = library.propose(a_routine("kladd", title="Kladd"), by="skribent").proposal

    assert told(library, BY_PROPOSAL, draft, "f-0000000000", MAY_NOT_DRAFT) == []


def test_an_act_on_an_exempt_proposal_is_as_one_on_what_does_not_exist(library):
    """
    That it was once heard as an open text does not open the words that it has now.
    """
    heard, _, _ = heard_and_exempt(library)

    assert told(library, BY_PROPOSAL, heard, "f-0000000000", MAY_NOT) == []


def test_an_act_on_what_belongs_to_an_exempt_routine_is_as_one_on_what_does_not_exist(library):
    """
    An id of an addition or a remark leads to its routine, and may stand in a link that was sent on.
    """
    _, remark, link = heard_and_exempt(library)
    by = "ansvarlig.fauske"
    addition = library.add_addition(EXEMPT, "fauske", "ansvar", "practical-note", "I skapet.", by=by).addition
    feedback = library.give_feedback(EXEMPT, "Feil skap.", by=by).feedback
    parts = {
        "change_addition": addition, "drop_addition": addition, "lift": addition, "answer_feedback": feedback,
        "take_up_feedback": feedback, "reply_to_remark": remark, "revoke_link": link,
        "take_offer": library.offered(a_shared_draft(library).proposal, "Fauske", reader="redaktor")[0].id,
    }  # fmt: skip

    for verb, hidden in parts.items():
        assert told(library, {verb: BY_PART[verb]}, hidden, "x-000000000000", MAY_NOT) == []


# What is exempt replaces nothing that is open, whoever asks.
@pytest.mark.parametrize("verb", sorted(BY_PROCEDURE.keys() - {"propose_withdrawal for"}))
def test_whoever_may_know_of_it_is_answered_about_it(library, verb):
    """
    Else the tests above would be met by a library in which nothing is to be found.
    """
    answer, _ = answered(library, BY_PROCEDURE[verb], EXEMPT, "redaktor")

    assert "NotFound" not in answer
    assert "ReplacementNotThere" not in answer
    assert "link-unknown-procedure" not in answer


def test_an_id_that_is_taken_says_no_more_than_that(library):
    """
    Ids are never given twice, so a new routine under a hidden one's must be refused: in the words for any taken id.
    """
    library.propose(a_routine("kladd", title="Kladd"), by="skribent")
    same = {}

    for one in (EXEMPT, "kladd", "handhygiene"):
        with pytest.raises(IdTaken) as caught:
            library.propose(a_routine(one, title="Min egen"), by="ansatt.fauske")
        same[repr(described(caught.value)).replace(one, "<id>")] = one

    assert len(same) == 1


def test_the_very_words_of_an_exempt_text_do_not_say_that_they_are_approved(library):
    """
    Somebody who has a copy learns no version number by sending it in.
    """
    words = a_routine(EXEMPT, title="Nøkkelskap", access="exempt")

    with pytest.raises(IdTaken):
        library.propose(words, by="ansatt.fauske")

    assert str(library.propose(words, by="redaktor").version) == "1.0"


class TestARoutineThatWasOpenedSince:
    """Version 1.0 is exempt and in use; 1.1 is open to all."""

    @pytest.fixture
    def opened(self, library):
        change_with_everyone(library, a_routine(EXEMPT, title="Nøkkelskap"), procedure=EXEMPT, by="redaktor")
        return library

    @pytest.mark.parametrize("verb", ["adopt", "give_feedback"])
    def test_an_act_on_its_exempt_version_is_as_one_on_a_version_that_does_not_exist(self, opened, verb):
        """
        The routine is no secret any more; that there was an exempt version is.
        """
        calls = {
            "adopt": lambda library, one, by: library.adopt(EXEMPT, "fauske", version=one, by=by),
            "give_feedback": lambda library, one, by: library.give_feedback(EXEMPT, "Feil.", version=one, by=by),
        }

        assert told(opened, {verb: calls[verb]}, "1.0", "7.0", ["ansatt.fauske"]) == []

    def test_what_is_in_force_does_not_show_its_exempt_version(self, opened):
        """
        Fauske has not taken the open one into use yet.
        """
        assert [one.procedure for one in opened.in_force(municipality="fauske", reader="ansatt.fauske")] == []
        assert [one.procedure for one in opened.in_force(municipality="fauske", reader="redaktor")] == [EXEMPT]

    def test_nor_does_the_account_of_a_day(self, opened):
        """
        The account quotes the words and who decided.
        """
        with pytest.raises(DocumentNotFound):
            opened.account(EXEMPT, "fauske", opened.today, reader="ansatt.fauske")

        assert str(opened.account(EXEMPT, "fauske", opened.today, reader="redaktor").version) == "1.0"


def test_standing_decisions_do_not_name_it(library):
    """
    What a municipality has decided beforehand about an exempt routine says that there is one.
    """
    library.set_standing("fauske", until=_until(library), procedure=EXEMPT, by="beslutter.fauske")
    library.set_standing("fauske", until=_until(library), by="beslutter.fauske")

    shown = {
        who: [one.standing.procedure for one in library.standing_decisions("fauske", reader=who)]
        for who in (None, "ansatt.fauske", "ansvarlig.fauske")
    }

    assert shown == {None: [None], "ansatt.fauske": [None], "ansvarlig.fauske": [None, EXEMPT]}


def test_a_repeat_is_answered_as_the_first_call(library):
    """
    A second call with the same id is the same act, also where what it was about is exempt by then.
    """
    first = library.give_feedback("handhygiene", "Feil.", by="ansatt.fauske", decision_id="en-gang")
    change_with_everyone(library, a_routine(access="exempt"))

    assert library.give_feedback("handhygiene", "Feil.", by="ansatt.fauske", decision_id="en-gang") == first
    with pytest.raises(NotFound):
        library.give_feedback("handhygiene", "Feil igjen.", by="ansatt.fauske")


def test_every_verb_that_acts_on_an_id_has_a_row():
    """
    A verb that nobody asked about is where it leaks.
    """
    acts = {
        name
        for name, method in inspect.getmembers(Library, inspect.isfunction)
        if not name.startswith("_") and "by" in inspect.signature(method).parameters
    }

    assert acts - ELSEWHERE == {one.partition(" ")[0] for one in (*BY_PROCEDURE, *BY_PROPOSAL, *BY_PART)}
