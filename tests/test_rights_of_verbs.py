"""
Who may do what, asked of the verbs themselves: verb by role by own or other municipality.

The table of rights says what is meant (`test_rights.py`); this says what happens. A method of `Library` that takes an
actor and has no row here makes the last test fail, so that no verb is added without somebody thinking of who may.
"""

import inspect
from datetime import timedelta

import pyotp
import pytest

from samrutine import Library, NotAllowed, SamrutineError
from samrutine.adoptions.answers import ListRow
from samrutine.collecting.errors import OfferNotFound
from samrutine.errors import ProposalNotFound
from samrutine.intake.errors import IncomingNotFound
from samrutine.reading.checklist_errors import ChecklistNotFound
from tests.support.collected import a_shared_draft, approved, three_alike
from tests.support.stories import UNHEARD, approve_with_everyone, change_with_everyone, propose_and_send
from tests.support.texts import SECTIONS, a_routine

CAST = (
    "uten.rolle", "ansatt.fauske", "medlem.beiarn", "leder", "ansvarlig.fauske", "beslutter.fauske", "beslutter.beiarn",
    "redaktor",
)  # fmt: skip
EVERYBODY = set(CAST) - {"uten.rolle"}
LEADS = {"leder", "redaktor"}
NETWORK = {"medlem.beiarn", "leder"}
PREPARES = {"ansvarlig.fauske", "beslutter.fauske"}
DECIDES = {"beslutter.fauske"}
LIST = [ListRow("handhygiene", "declined", reason="Nei.")]
PEOPLE = {"ansvarlig.fauske", "redaktor"}
PHRASE = "fire ord som er lange"
WORKS_IN_FAUSKE = {"ansatt.fauske", "leder", "ansvarlig.fauske", "beslutter.fauske"}


def _imported(library, by, here):
    (here / "tekst.md").write_bytes(a_routine("importert"))
    for one in library.import_folder(here, by=by).refused:
        raise one.error


def _draft(library):
    """A draft by somebody who is not in the cast."""
    return library.propose(a_routine("utkast"), by="skribent")


def _round(library):
    """A round that is open on a text by somebody who is not in the cast; the same one each time."""
    is_open = [one for one in library.proposals(reader="redaktor") if one.procedure_id == "runde"]
    return is_open[0] if is_open else propose_and_send(library, a_routine("runde"))


def _hearing(library):
    """A hearing that is open, with one party outside; the same one each time."""
    is_open = [one.id for one in library.proposals(reader="redaktor") if one.procedure_id == "hort"]
    if not is_open:
        draft = library.propose(a_routine("hort"), by="skribent")
        parties = ["municipality:fauske", "outside:politi"]
        library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, by="redaktor")
        is_open = [draft.proposal]
    return is_open[0]


def _remark(library):
    """A remark that waits for a reply."""
    by, words = "ansatt.fauske", f"Hvem? {library.totals()['decisions']}"  # the same words again are refused
    return library.answer_hearing(_hearing(library), "municipality:fauske", remarks=[words], by=by).remarks[0]


def _link(library):
    """A link that holds."""
    return library.invite_outsider(_hearing(library), "outside:politi", by="redaktor").link


def _password(library, who):
    """A password of somebody's."""
    library.set_password(who, PHRASE, current=PHRASE, by="redaktor")
    return PHRASE


def _two_steps(library, who):
    """Turn on somebody's second step; gives the codes on paper."""
    secret = library.begin_second_step(_password(library, who), by=who).secret
    return library.confirm_second_step(pyotp.TOTP(secret).at(library._now()), by=who)


def _remove_second_step(library, who, by):
    """Turn off another's second step, which is on."""
    if library.second_step(by=who).since is None:
        _two_steps(library, who)
    library.remove_second_step(who, by=by)


def _hurried(library, by):
    """Hurry a draft by somebody who is not in the cast."""
    draft = _draft(library)
    library.hurry(draft.proposal, digest=draft.digest, reason="Utbrudd.", by=by)


def _stale(library):
    """A change by somebody who is not in the cast, begun from an earlier version than the newest."""
    extra = f"Ord {len(library.versions('handhygiene'))}."
    newest = library.versions("handhygiene")[-1].version
    draft = library.propose(
        a_routine(title=f"Håndhygiene {extra}"), changes="handhygiene", significance="minor", from_version=newest,
        by="skribent",
    )  # fmt: skip
    change_with_everyone(library, a_routine(extra=extra))
    return library.get_proposal(draft.proposal, reader="redaktor")[0]


def _withdrawal(library, by):
    """Propose to withdraw a routine, and give the proposal up again, so that the next in the cast may."""
    made = library.propose_withdrawal("handhygiene", reason="Dekket.", by=by)
    library.withdraw(made.proposal, reason="Bare prøvd.", by="redaktor")


def _checklist(library):
    """A routine with points to tick off, in use in Fauske; the same one each time."""
    if "nyansatt" not in {one.procedure for one in library.in_force(municipality="fauske")}:
        points = "Leder:\n\n- [ ] Avtalen er signert\n\nFadder:\n\n- [ ] Nøkler er gitt"
        approve_with_everyone(library, a_routine("nyansatt", sections={**SECTIONS, "Framgangsmåte": points}))
        library.adopt("nyansatt", "Fauske", by="beslutter.fauske")
    return "nyansatt"


def _run(library):
    """A list that an employee of Fauske keeps, a new one each time."""
    return library.open_checklist(_checklist(library), "Fauske", "A. B.", by="ansatt.fauske").run


def _first_point(library):
    return {library.checklist_points(_checklist(library), "Fauske")[0].key: "done"}


def _feedback(library):
    """Feedback by somebody who is not in the cast."""
    return library.give_feedback("handhygiene", "Det mangler noe.", by="skribent").feedback


def _change(library):
    """A change by somebody who is not in the cast; the same one each time."""
    newest = library.versions("handhygiene")[-1].version
    made = library.propose(
        a_routine(extra="Mer."), changes="handhygiene", significance="minor", from_version=newest, by="skribent"
    )
    return made.proposal


def _read_document(library):
    """A document, and the digest of what somebody read of it."""
    document = _document(library)
    return {"document": document, "read_digest": library.incoming_document(document, reader="redaktor").digest}


def _document(library, held=""):
    """A document that somebody who is not in the cast sent in; another each time."""
    text = (
        f"# Stell av sår {library.totals()['decisions']} {len(library.incoming(reader='redaktor'))}\n\nVask. {held}\n"
    )
    made = library.take_in([("rutine.md", text.encode())], network="smittevern", municipality="meloy", by="skribent")
    return made.files[0].document.id


def _wish(library):
    """A wish for the network by somebody who is not in the cast."""
    return library.wish("Hva gjør vi når brønnen er tom?", network="smittevern", by="skribent").wish


def _settled(library, by, _):
    """A change of what is the network's own."""
    there = next(one for one in library.settings() if one.path == "networks.toml")
    changed = there.content.replace(
        b"smittevernplanene i kommunene ved like.", f"planene ved like, sier {by}.".encode()
    )
    library.settle({there.path: changed}, read={there.path: there.digest}, reason="Prøvd", by=by)


def _addition(library):
    """An addition by Fauske; the same one until it is dropped."""
    made = library.additions("handhygiene", "fauske") or [
        library.add_addition("handhygiene", "fauske", "ansvar", "practical-note", "I skapet.", by="ansvarlig.fauske")
    ]
    return made[0].addition


def _made_known(library, by):
    """Tell of a routine that applies; whoever took it into use."""
    if not library.in_force(municipality="fauske"):
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
    library.make_known("handhygiene", "fauske", how="meeting", whom="Alle.", by=by)


def _collection(library):
    """A collection that is open."""
    return library.ask_for_routines("smittevern", "Alt om vann", deadline=library.today, by="redaktor").collection


def _offer(library):
    """Something that Fauske is offered of a routine that is approved, and has not taken."""
    made = [one.id for one in library.proposals(reader="redaktor") if one.kind.value == "merge"]
    if not made:
        draft = a_shared_draft(library)
        approved(library, draft)
        made = [draft.proposal]
    return next(one.id for one in library.offered(made[0], "Fauske", reader="redaktor") if one.taken_number is None)


def _merged(library, by):
    """Make a draft of documents that were triaged by somebody who is not in the cast."""
    documents = list(three_alike(library, extra=f"- Ring {CAST.index(by)}.\n").values())
    a_shared_draft(library, documents, by=by, procedure=f"samlet-{CAST.index(by)}", triaged_by="medlem.saltdal")


def _standing_ended(library, by):
    """End a standing decision that the one who may has just made, where none of those before is left."""
    if not library.standing_decisions("fauske"):
        library.set_standing("fauske", until=library.today + timedelta(days=9), by="beslutter.fauske")
    library.end_standing("fauske", by=by)


CASES = {
    "settle": (LEADS, _settled),
    "propose": (EVERYBODY, lambda library, by, _: library.propose(a_routine(f"ny-{CAST.index(by)}"), by=by)),
    "import_folder": (EVERYBODY, _imported),
    "revise": (LEADS, lambda library, by, _: library.revise(
        (draft := _draft(library)).proposal, a_routine("utkast", extra=" Mer."), read_digest=draft.digest, by=by)),
    "withdraw": (LEADS, lambda library, by, _: library.withdraw(_draft(library).proposal, reason="Dobbelt.", by=by)),
    "send": (LEADS, lambda library, by, _: library.send((draft := _draft(library)).proposal, digest=draft.digest, unheard=UNHEARD, by=by)),
    "open_hearing": (LEADS, lambda library, by, _: library.open_hearing(
        (draft := _draft(library)).proposal, digest=draft.digest, by=by)),
    "answer_hearing": (WORKS_IN_FAUSKE, lambda library, by, _: library.answer_hearing(
        _hearing(library), "municipality:fauske", no_remarks=True, by=by)),
    "remind": (LEADS, lambda library, by, _: library.remind(_hearing(library), by=by)),
    "close_hearing": (LEADS, lambda library, by, _: library.close_hearing(_hearing(library), by=by)),
    "reply_to_remark": (LEADS, lambda library, by, _: library.reply_to_remark(_remark(library), "noted", by=by)),
    "invite_outsider": (LEADS, lambda library, by, _: library.invite_outsider(_hearing(library), "outside:politi", by=by)),
    "revoke_link": (LEADS, lambda library, by, _: library.revoke_link(_link(library), by=by)),
    "approve": (NETWORK, lambda library, by, _: library.approve((sent := _round(library)).id, digest=sent.digest, by=by)),
    "reject": (LEADS, lambda library, by, _: library.reject(_round(library).id, reason="Nei.", by=by)),
    "hurry": (LEADS, lambda library, by, _: _hurried(library, by)),
    "refresh": (LEADS, lambda library, by, _: library.refresh(
        (stale := _stale(library)).id, read_digest=stale.digest, by=by)),
    "propose_merge": (EVERYBODY, lambda library, by, _: library.propose_merge(
        a_routine(f"felles-{CAST.index(by)}"), sources=[("fauske", "Vår egen"), ("beiarn", "Deres egen")], by=by)),
    "propose_withdrawal": (EVERYBODY, lambda library, by, _: _withdrawal(library, by)),
    "adopt": (DECIDES, lambda library, by, _: library.adopt("handhygiene", "fauske", by=by)),
    "decline": (DECIDES, lambda library, by, _: library.decline("handhygiene", "fauske", reason="Nei.", by=by)),
    "defer": (DECIDES, lambda library, by, _: library.defer(
        "handhygiene", "fauske", until=library.today + timedelta(days=30), reason="Vent.", by=by)),
    "decide_list": (DECIDES, lambda library, by, _: library.decide_list("fauske", LIST, by=by)),
    "look_at_list": (PREPARES, lambda library, by, _: library.look_at_list("fauske", LIST, by=by)),
    "assign": (PREPARES, lambda library, by, _: library.assign(
        "handhygiene", "fauske", due=library.today + timedelta(days=9), by=by)),
    "make_known": (PREPARES, lambda library, by, _: _made_known(library, by)),
    "take_inventory": (PREPARES, lambda library, by, _: library.take_inventory("fauske", {"handhygiene": "lacks"}, by=by)),
    "set_standing": (
        DECIDES, lambda library, by, _: library.set_standing("fauske", until=library.today + timedelta(days=9), by=by)),
    "end_standing": (DECIDES, lambda library, by, _: _standing_ended(library, by)),
    "mark_not_relevant": (
        DECIDES, lambda library, by, _: library.mark_not_relevant("handhygiene", "fauske", reason="Nei.", by=by)),
    "use_own_routine": (DECIDES, lambda library, by, _: library.use_own_routine(
        "handhygiene", "fauske", link="https://fauske.example/egen", by=by)),
    "end_use": (DECIDES, lambda library, by, _: library.end_use("handhygiene", "fauske", reason="Slutt.", by=by)),
    "set_local_information": (
        PREPARES, lambda library, by, _: library.set_local_information("handhygiene", "fauske", {"vakt": "113"}, by=by)),
    "add_addition": (PREPARES, lambda library, by, _: library.add_addition(
        "handhygiene", "fauske", "ansvar", "practical-note", f"Nøkkel {CAST.index(by)}.", by=by)),
    "change_addition": (PREPARES, lambda library, by, _: library.change_addition(
        _addition(library), f"Nøkkel {CAST.index(by)}.", by=by)),
    "drop_addition": (PREPARES, lambda library, by, _: library.drop_addition(_addition(library), by=by)),
    "lift": (EVERYBODY, lambda library, by, _: library.lift(_addition(library), by=by)),
    "set_target": (PREPARES, lambda library, by, here: library.set_target("fauske", "mappe", "folder", here, by=by)),
    "end_target": (PREPARES, lambda library, by, _: library.end_target("fauske", "mappe", by=by)),
    "preview": (PREPARES, lambda library, by, _: library.preview("fauske", by=by)),
    "publish": (PREPARES, lambda library, by, _: library.publish("fauske", by=by)),
    "archive_message": (PREPARES, lambda library, by, place: library.archive_message("fauske", place / "ut", by=by)),
    "exit_package": (PREPARES, lambda library, by, place: library.exit_package("fauske", place / "borte", by=by)),
    "resume_publishing": (PREPARES, lambda library, by, _: library.resume_publishing("fauske", "mappe", by=by)),
    "review": (LEADS, lambda library, by, _: library.review("handhygiene", version="1.0", by=by)),
    "set_owner": (LEADS, lambda library, by, _: library.set_owner("handhygiene", "medlem.beiarn", by=by)),
    "give_feedback": (EVERYBODY, lambda library, by, _: library.give_feedback("handhygiene", "Noe er feil.", by=by)),
    "answer_feedback": (LEADS, lambda library, by, _: library.answer_feedback(_feedback(library), "Takk.", by=by)),
    "take_up_feedback": (LEADS, lambda library, by, _: library.take_up_feedback(
        _feedback(library), _change(library), by=by)),
    "wish": (EVERYBODY, lambda library, by, _: library.wish("Hva gjør vi ved strømbrudd?", by=by)),
    "support_wish": (WORKS_IN_FAUSKE, lambda library, by, _: library.support_wish(_wish(library), "fauske", by=by)),
    "answer_wish": (LEADS, lambda library, by, _: library.answer_wish(_wish(library), "Ikke nå.", by=by)),
    "take_up_wish": (LEADS, lambda library, by, _: library.take_up_wish(
        _wish(library), procedure="handhygiene", by=by)),
    "ask_for_routines": (LEADS, lambda library, by, _: library.ask_for_routines(
        "smittevern", "Alt om vann", deadline=library.today, by=by)),
    "answer_collection": (PREPARES, lambda library, by, _: library.answer_collection(
        _collection(library), "Fauske", has_none=True, by=by)),
    "remind_collection": (LEADS, lambda library, by, _: library.remind_collection(_collection(library), by=by)),
    "close_collection": (LEADS, lambda library, by, _: library.close_collection(_collection(library), by=by)),
    "triage": (NETWORK | {"redaktor"}, lambda library, by, _: library.triage(
        three_alike(library, extra=f"- Ring {CAST.index(by)}.\n")["fauske"], "merge", by=by)),
    "draft_from": (NETWORK | {"redaktor"}, lambda library, by, _: _merged(library, by)),
    "take_offer": (PREPARES, lambda library, by, _: library.take_offer(_offer(library), by=by)),
    "add_person": (PEOPLE, lambda library, by, _: library.add_person(f"ny.{CAST.index(by)}", "Ny", by=by)),
    "grant": (PEOPLE, lambda library, by, _: library.grant("skribent", "employee", "municipality:1841", by=by)),
    "delegate": (PEOPLE, lambda library, by, _: library.delegate("skribent", "1841", "unit-leader", "enhetsleder", by=by)),
    "erase_person": ({"redaktor"}, lambda library, by, _: library.erase_person("skribent", reason="Slutter.", by=by)),
    "require_erasable": ({"redaktor"}, lambda library, by, _: library.require_erasable(
        "skribent", reason="Slutter.", by=by)),
    "take_in": (NETWORK | WORKS_IN_FAUSKE | {"redaktor"}, lambda library, by, _: library.take_in(
        [("rutine.md", b"# Stell av rom\n\nVask.\n")], network="smittevern", municipality="fauske", by=by)),
    "edit_incoming": (NETWORK | {"redaktor"}, lambda library, by, _: library.edit_incoming(_document(library), "Vask.", by=by)),
    "read_incoming_again": (NETWORK | {"redaktor"}, lambda library, by, _: library.read_incoming_again(
        _document(library), by=by)),
    "sessions": (set(CAST), lambda library, by, _: library.sessions(by=by)),
    "end_sessions": (set(CAST), lambda library, by, _: library.end_sessions(["0" * 16], by=by)),
    "make_token": (set(CAST), lambda library, by, _: library.make_token(
        "program", "read", last_day=library.today, by=by)),
    "tokens": (set(CAST), lambda library, by, _: library.tokens(by=by)),
    "end_token": (set(CAST), lambda library, by, _: library.end_token("0" * 16, by=by)),
    "set_password": ({"redaktor"}, lambda library, by, _: library.set_password("skribent", "fire ord som er lange", by=by)),
    "invite": (PEOPLE, lambda library, by, _: library.invite("radmann.fauske", by=by)),
    "second_step": (set(CAST), lambda library, by, _: library.second_step(by=by)),
    "begin_second_step": (set(CAST), lambda library, by, _: library.begin_second_step(_password(library, by), by=by)),
    "confirm_second_step": (set(CAST), lambda library, by, _: _two_steps(library, by)),
    "end_second_step": (set(CAST), lambda library, by, _: library.end_second_step(PHRASE, _two_steps(library, by)[0], by=by)),
    "remove_second_step": (PEOPLE, lambda library, by, _: _remove_second_step(library, "radmann.fauske", by)),
    "begin_sign_in_elsewhere": (
        set(CAST), lambda library, by, _: library.begin_sign_in_elsewhere("ingen", back="http://127.0.0.1/", by=by)),
    "come_back": (set(), lambda library, by, _: library.come_back("ingen", "ingen", code="x", back="http://127.0.0.1/", by=by)),
    "connected_services": (set(CAST), lambda library, by, _: library.connected_services(by=by)),
    "disconnect_service": (set(CAST), lambda library, by, _: library.disconnect_service("l-0", by=by)),
    "open_meeting": (PEOPLE, lambda library, by, _: library.open_meeting("municipality:1841", "employee", by=by)),
    "report_barrier": (set(CAST), lambda library, by, _: library.report_barrier("Leser ikke bildet.", by=by)),
    "answer_barrier": ({"redaktor"}, lambda library, by, _: library.answer_barrier(
        library.report_barrier("Leser ikke bildet."), "Rettet.", by=by)),
    "barriers": (set(CAST), lambda library, by, _: library.barriers(by=by)),
    "open_checklist": (WORKS_IN_FAUSKE, lambda library, by, _: library.open_checklist(_checklist(library), "Fauske", "A. B.", by=by)),
    "checklist_colleagues": (WORKS_IN_FAUSKE, lambda library, by, _: library.checklist_colleagues("Fauske", by=by)),
    "help_with_checklist": ({"ansatt.fauske"}, lambda library, by, _: library.help_with_checklist(
        _run(library), {"Fadder": "skribent"}, by=by)),
    "mark_points": ({"ansatt.fauske"}, lambda library, by, _: library.mark_points(_run(library), _first_point(library), by=by)),
    "hand_on_checklist": (PREPARES | {"ansatt.fauske"}, lambda library, by, _: library.hand_on_checklist(
        _run(library), "beslutter.fauske", by=by)),
    "end_checklist": ({"ansatt.fauske"}, lambda library, by, _: library.end_checklist(_run(library), finished=False, by=by)),
    "followed_checklist": ({"ansatt.fauske"}, lambda library, by, _: library.followed_checklist(_run(library), by=by)),
    "followed_checklists": (set(CAST), lambda library, by, _: library.followed_checklists(by=by)),
    "checklist_paper": ({"ansatt.fauske"}, lambda library, by, _: library.checklist_paper(_run(library), by=by)),
    "letters": (set(CAST), lambda library, by, _: library.letters(by=by)),
    "try_letter": ({"redaktor"}, lambda library, by, _: library.try_letter(by=by)),
    "letter_choice": (set(CAST), lambda library, by, _: library.letter_choice(by=by)),
    "gets_letters": (set(CAST), lambda library, by, _: library.gets_letters(by=by)),
    "choose_letters": (set(CAST), lambda library, by, _: library.choose_letters(weekly=False, by=by)),
    "calendar_made_at": (set(CAST), lambda library, by, _: library.calendar_made_at(by=by)),
    "make_calendar": (set(CAST), lambda library, by, _: library.make_calendar(by=by)),
    "end_calendar": (set(CAST), lambda library, by, _: library.end_calendar(by=by)),
    "meetings": (set(CAST), lambda library, by, _: library.meetings(by=by)),
    "close_meeting": (set(CAST), lambda library, by, _: library.close_meeting("0" * 16, by=by)),
    "look_at_incoming": (NETWORK | {"redaktor"}, lambda library, by, _: library.look_at_incoming(
        **_read_document(library), keys=[], by=by)),
    "mask_incoming": (NETWORK | {"redaktor"}, lambda library, by, _: library.mask_incoming(
        _document(library, "Ring 900 00 000."), ["k1"], by=by)),
    "let_through": (NETWORK | {"redaktor"}, lambda library, by, _: library.let_through(
        _document(library, "Kvinne på 84 år."), ["k1"], "Et eksempel.", by=by)),
    "reject_incoming": (NETWORK | {"redaktor"}, lambda library, by, _: library.reject_incoming(_document(library), "Nei.", by=by)),
    "accept_incoming": (NETWORK | {"redaktor"}, lambda library, by, _: library.accept_incoming(
        **_read_document(library), front={"responsible_role": "avdelingsleder"}, by=by)),
    "erase_text": ({"redaktor"}, lambda library, by, _: library.erase_text(
        library.decline("handhygiene", "beiarn", reason="Feil.", by="beslutter.beiarn").number, reason="Ba om det.", by=by)),
    "own_data": ({"redaktor"}, lambda library, by, _: library.own_data("skribent", by=by)),
    "redactable": ({"redaktor"}, lambda library, by, _: library.redactable(library.versions("handhygiene")[-1].digest, by=by)),
    "redact": ({"redaktor"}, lambda library, by, _: library.redact(
        library.versions("handhygiene")[-1].digest, reason="Personopplysning.", by=by)),
    "traces": ({"redaktor"}, lambda library, by, _: library.traces("Oppdiktet", by=by)),
    "erased": ({"redaktor"}, lambda library, by, _: library.erased(by=by)),
    "unanswered_searches": (LEADS - {"leder"}, lambda library, by, _: library.unanswered_searches(by=by)),
    "retention": ({"redaktor"}, lambda library, by, _: library.retention(by=by, delete=True)),
    "revoke": (PEOPLE, lambda library, by, _: library.revoke("ansatt.fauske", "employee", "municipality:1841", by=by)),
}  # fmt: skip


@pytest.mark.parametrize("verb", CASES)
def test_a_verb_is_for_those_the_table_names_and_for_nobody_else(library_with_routine, tmp_path, verb):
    """
    A button can be hidden and a command found, so the refusal must be in the verb.
    """
    library = library_with_routine
    library.add_person("uten.rolle", "Uten Rolle", by="redaktor")
    here = tmp_path / "her"
    here.mkdir()
    allowed, call = CASES[verb]
    refused = set()

    for by in sorted(CAST, key=lambda one: one in allowed):
        try:
            call(library, by, here)
        except (NotAllowed, ProposalNotFound, IncomingNotFound, OfferNotFound, ChecklistNotFound):
            # A draft is not there for whoever may not know of it: another refusal would say that it is.
            refused.add(by)
        except SamrutineError as error:
            assert by in allowed, f"{by} came past the right and met {error!r}"

    assert refused == set(CAST) - allowed


def test_two_roles_give_what_each_gives_and_nothing_in_between(library_with_routine):
    """
    In a small municipality the network's member also decides at home. That makes neither role larger than it is.
    """
    library = library_with_routine
    library.grant("beslutter.fauske", "member", "network:smittevern", by="redaktor")
    sent = _round(library)

    library.approve(sent.id, digest=sent.digest, by="beslutter.fauske")
    library.adopt("handhygiene", "fauske", by="beslutter.fauske")

    with pytest.raises(NotAllowed):
        library.adopt("handhygiene", "beiarn", by="beslutter.fauske")
    with pytest.raises(NotAllowed):
        library.reject(sent.id, reason="Nei.", by="beslutter.fauske")
    with pytest.raises(NotAllowed):
        library.grant("skribent", "employee", "municipality:1841", by="beslutter.fauske")
    library.revoke("beslutter.fauske", "member", "network:smittevern", by="redaktor")
    with pytest.raises(NotAllowed):
        library.approve(_round(library).id, digest=sent.digest, by="beslutter.fauske")


def test_every_verb_that_takes_an_actor_has_a_row():
    """
    A verb that nobody thought through is a verb that anybody may do.
    """
    takes_an_actor = {
        name
        for name, method in inspect.getmembers(Library, inspect.isfunction)
        if not name.startswith("_") and "by" in inspect.signature(method).parameters
    }

    assert takes_an_actor == set(CASES)
