"""
The acts that are killed: every verb of `Library` that writes, each once on the story of `story.py`.

Nothing here is drawn or read from a clock, so an act that is done again is the same act. A test holds that no verb is
missing: `killing.py` looks which methods of `Library` the acts call.
"""

import contextlib
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pyotp
from sqlmodel import col, delete, select, update

sys.path.insert(0, str(Path(__file__).parents[2]))  # killing.py is a program of its own

from story import (
    BACKUP,
    COLLECTED,
    EDITOR,
    FOLDER,
    LEADER,
    NOW,
    OFFER,
    OLDER,
    PACKAGE,
    PAUSED,
    SECRET,
    Site,
    a_text,
    backup_faults,
    decisions_digest,
    decisions_in,
    digest_of_addition,
    document_id,
    files_of,
    proposal_id,
    text_digest,
)

from samrutine import Library
from samrutine.adoptions.additions import new_addition_id
from samrutine.adoptions.answers import ListRow
from samrutine.errors import HomeExists, Refused
from samrutine.identity import openid
from samrutine.letters.errors import MailNotTaken
from samrutine.letters.people import STOP
from samrutine.proving.checkpoints import Checkpointed
from samrutine.publishing.service import Published
from samrutine.recovery.backup import BackedUp
from samrutine.settings import Mail, Security, SignInElsewhere
from samrutine.storage.git import REGISTER
from samrutine.storage.rows import (
    ActorRow,
    BegunElsewhereRow,
    ConnectedRow,
    CounterRow,
    DeadLetterRow,
    DecisionRow,
    LetterLinkRow,
    LetterRow,
    PasswordLinkRow,
    PersonRow,
    WordsRow,
)
from samrutine.upkeep.maintenance import Maintained

Act = Callable[[Library], Any]


@dataclass(frozen=True)
class Verb:
    """
    A verb that writes.

    `decides` is how many decisions it makes; `decision` is the id it makes them under. What `act` returns is kept as
    text, and a second call must give the same. `drawn` says that the verb takes no id and draws one for each decision,
    which is then an act of its own. `makes` is done without a home to open: it makes the one named `home`, with as many
    decisions as an undisturbed one has when `decides` is None. `then` says what is wrong with what it has left, once it was
    killed and done again.
    """

    name: str
    act: Act | None
    decides: int | None = 1
    drawn: bool = False
    makes: Callable[[Site], str] | None = None
    home: str = "home"
    then: Callable[[Site], Iterator[str]] | None = None

    @property
    def decision(self) -> str:
        return "open_library" if self.makes is not None else "prove-" + re.sub(r"\W+", "-", self.name, flags=re.ASCII)

    @property
    def decision_ids(self) -> tuple[str, ...]:
        if self.drawn:
            return tuple(f"drawn-{number}" for number in range(1, self.decides + 1))
        return tuple(
            self.decision if not number else f"{self.decision}:{number}" for number in range(self.decides or 0)
        )

    @property
    def outcomes(self) -> set[tuple[str, ...]]:
        """What may stand in the chain after a kill: all or nothing of each act."""
        whole = self.decision_ids
        return {whole[:number] for number in range(len(whole) + 1)} if self.drawn else {(), whole}

    def do(self, site: Site, acknowledge: Callable[[str], object] = lambda _: None) -> str:
        """
        Do it once, with an opened library of its own.

        Args:
            acknowledge: Called with the answer as soon as the verb has returned, before the library is closed: whoever has
                the answer goes home with it, and a process that dies then has closed nothing.
        """
        if self.makes is not None:
            answer = self.makes(site)
            acknowledge(answer)
            return answer
        assert self.act is not None
        with site.open() as library:
            answer = _told(self.act(library), site)
            acknowledge(answer)
        return answer


PHRASE: Final = "fire ord som er lange"
"""Of an invented person, in a home that lasts a second."""


def _told(answer: Any, site: Site) -> str:
    """Give an answer as text: what must be the same when the verb is called again."""
    if isinstance(answer, Published):  # what was done differs after a kill, what lies there does not
        return " ".join(f"{receipt.target}: {receipt.state}" for receipt in answer.require_all().receipts)
    if isinstance(answer, BackedUp):  # sets have numbers, and one that was begun is cleared away
        return f"{answer.number} {answer.hash} {backup_faults(site)}"
    if isinstance(answer, Maintained | Checkpointed):
        return type(answer).__name__
    # Whether somebody else held the projector lock is not part of the answer. A link is given once, and who supports a wish
    # twice is told so.
    same = {"projected": True, "token": None, "is_new": True}
    told = {name: value for name, value in same.items() if hasattr(answer, name)}
    return repr(replace(answer, **told) if told else answer)


def _revise(library: Library, decision: str) -> Any:
    proposal = proposal_id("forslag-rengjoring")
    read = decisions_digest("rengjoring")
    changed = a_text("rengjoring", more="Ofte.")
    return library.revise(proposal, changed, read_digest=read, by=EDITOR, decision_id=decision)


def _verb(name: str, act: Callable[[Library, str], Any], *, decides: int = 1) -> Verb:
    decision = Verb(name, lambda _: None).decision
    return Verb(name, lambda library: act(library, decision), decides)


def _approve(opened_by: str, procedure: str, member: str) -> Callable[[Library, str], Any]:
    proposal = proposal_id(opened_by)
    return lambda library, one: library.approve(
        proposal, digest=decisions_digest(procedure), by=member, decision_id=one
    )


def _hear(library: Library, decision: str) -> Any:
    return library.open_hearing(
        proposal_id("forslag-rengjoring"), digest=decisions_digest("rengjoring"), by=EDITOR,
        parties=["municipality:fauske"], decision_id=decision,
    )  # fmt: skip


def _answer_hearing(library: Library, decision: str) -> Any:
    return library.answer_hearing(
        proposal_id("forslag-horing"), "municipality:fauske", remarks=["Når?", "Hvor?"], by=LEADER, decision_id=decision
    )


def _close_hearing(library: Library, decision: str) -> Any:
    return library.close_hearing(proposal_id("forslag-hort"), by=EDITOR, decision_id=decision)


def _hurry(library: Library, decision: str) -> Any:
    return library.hurry(
        proposal_id("forslag-rengjoring"), digest=decisions_digest("rengjoring"), reason="Utbrudd.", by=EDITOR,
        decision_id=decision,
    )  # fmt: skip


def _refresh(library: Library, decision: str) -> Any:
    read = text_digest(a_text("isolering", more="Ofte."), "isolering")
    return library.refresh(proposal_id("endring-isolering"), read_digest=read, by=EDITOR, decision_id=decision)


def _approve_text(
    opened_by: str, data: bytes, procedure: str, member: str = "medlem.hamaroy"
) -> Callable[[Library, str], Any]:
    digest = text_digest(data, procedure)
    return lambda library, one: library.approve(proposal_id(opened_by), digest=digest, by=member, decision_id=one)


def _decide_list(library: Library, decision: str) -> Any:
    rows = [
        ListRow("isolering", "in-use"),
        ListRow("stikkskade", "declined", reason="Dekket."),
        ListRow("avfall", "deferred", until=NOW.date() + timedelta(days=9), reason="Vent."),
    ]
    return library.decide_list("Fauske", rows, by=LEADER, decision_id=decision)


def _settle(library: Library, decision: str) -> Any:
    """Change what was settled first: a second call reads what the first one did."""
    path = "networks.toml"
    with library._parts.database.reading() as session:
        first = session.exec(select(DecisionRow).where(DecisionRow.kind == "library_settled")).first()
        digest = json.loads(first.record)["facts"]["files"][path]
        content = session.get_one(WordsRow, digest).content
    changed = content.replace(b"smittevernplanene", b"planene", 1)
    return library.settle({path: changed}, read={path: digest}, reason="Kortere.", by=EDITOR, decision_id=decision)


def _delete_what_is_over(library: Library, decision: str) -> Any:
    library._clock = lambda: NOW + timedelta(days=3650)
    return library.retention(by=EDITOR, delete=True, decision_id=decision)


def _noted(kind: str, decision: str) -> str:
    """The id of what was said and not decided."""
    return f"{kind}-{hashlib.sha256(decision.encode()).hexdigest()[:12]}"


def _ask_for_routines(library: Library, decision: str) -> Any:
    deadline = NOW.date() + timedelta(days=9)
    return library.ask_for_routines("smittevern", "Alt om flom", deadline=deadline, by=EDITOR, decision_id=decision)


def _link(decision: str) -> str:
    return f"l-{hashlib.sha256(decision.encode()).hexdigest()[:16]}"


def _reply(library: Library, decision: str) -> Any:
    hearing = library.hearing(proposal_id("forslag-horing"), reader=EDITOR)
    remark = next(one.id for party in hearing.parties for one in party.remarks)
    return library.reply_to_remark(remark, "noted", reply="Det gjør vi.", by=EDITOR, decision_id=decision)


def _take_in(library: Library, _: str) -> Any:
    """The second call finds that the document is there."""
    taken = library.take_in([("flom.md", b"# Flom\n\nFlytt alt opp.\n")], network="smittevern", by=LEADER)
    return [(one.document, one.report) for one in taken.files]


def _be_signed_in(library: Library, _: str) -> Any:
    """What is given to a browser is another each time; who it is for is not."""
    library.set_password(LEADER, PHRASE, by=EDITOR)
    one = library.sign_in(LEADER, PHRASE)
    library.signed_in(one.token)
    with contextlib.suppress(Refused):
        library.sign_in_as(LEADER)
    library.end_sessions([other.key for other in library.sessions(by=LEADER)], by=LEADER)
    library.sign_out(one.token)
    return one.actor


class _Service:
    """A service that signs anybody in; what talks with real ones is for tests/identity."""

    def address(self, setting: Any, **asked: Any) -> str:
        self.asked = asked
        return setting.issuer

    def claims(self, setting: Any, *_: Any, code: str, **__: Any) -> tuple[str, dict[str, Any]]:
        at = int(NOW.timestamp())
        said = {
            "sub": code,
            "name": "Oppdiktet Ansatt",
            "aud": setting.client_id,
            "exp": at + 300,
            "iat": at,
            "org": "fauske",
        }
        return setting.issuer, said | {"iss": setting.issuer, "nonce": self.asked["nonce"]}


def _sign_in_with_a_service(library: Library, decision: str) -> Any:
    """Somebody new is let in once, and what the leader connects is gone again."""
    library._parts.settings.sign_in = [
        SignInElsewhere(
            key="fauske", name="Fauske", issuer="https://innlogging.example", client_id="samrutine", let_in_by=EDITOR,
            organisations={"fauske": "1841"}, roles={"*": "employee"}, organisation_claim="org",
        )
    ]  # fmt: skip
    service = openid.SERVICES = _Service()
    here = "http://localhost/"
    begun = library.begin_sign_in_elsewhere("fauske", back=here)
    came = library.come_back(service.asked["state"], begun.token, code="9c1f", back=here, decision_id=decision)
    library.sign_out(came.signed_in.token)
    begun = library.begin_sign_in_elsewhere("fauske", back=here, by=LEADER)
    library.come_back(service.asked["state"], begun.token, code="leder", back=here, by=LEADER)
    for one in library.connected_services(by=LEADER):
        library.disconnect_service(one.key, by=LEADER)
    with library._parts.database.writing() as session:
        session.execute(delete(BegunElsewhereRow))
        session.execute(update(ConnectedRow).values(used_at=None))
    return came.signed_in.actor


def _let_a_program_in(library: Library, _: str) -> Any:
    """The word is another each time; how many there are is the same, and none is left."""
    library.signed_in_by_token(library.make_token("program", "read", last_day=library.today, by=LEADER).token)
    return [library.end_token(one.key, by=LEADER) for one in library.tokens(by=LEADER)][:1]


def _tell_of_a_barrier(library: Library, decision: str) -> Any:
    """Told once and answered once, however often."""
    barrier = library.report_barrier("Leser ikke bildet.", "/rutiner", by=LEADER, decision_id=decision)
    library.answer_barrier(barrier, "Rettet.", by=EDITOR)
    return [(one.id, one.answer) for one in library.barriers(by=LEADER)]


def _follow_a_list(library: Library, decision: str) -> Any:
    """One that a call that was killed had ended is opened once, and is over; so is the one that was not killed."""
    run = library.open_checklist("stikkskade", "Fauske", "A. B.", by=LEADER, decision_id=decision).run
    with contextlib.suppress(Refused):
        library.help_with_checklist(run, {"Leder": LEADER}, by=LEADER)
        first = library.followed_checklist(run, by=LEADER).points[0].point.key
        library.mark_points(run, {first: "done"}, by=LEADER)
        library.hand_on_checklist(run, LEADER, by=LEADER)
    return library.end_checklist(run, finished=False, by=LEADER)


def _take_two_steps(library: Library, _: str) -> Any:
    """What the telephone is told is another each time; whose it is, and that none is left, is the same."""
    library.set_password(LEADER, PHRASE, by=EDITOR)
    with contextlib.suppress(Refused):  # a call that was killed had turned it on
        library.remove_second_step(LEADER, by=EDITOR)
    begun = library.begin_second_step(PHRASE, by=LEADER)
    paper = library.confirm_second_step(pyotp.TOTP(begun.secret).at(NOW), by=LEADER)
    one = library.give_code(library.sign_in(LEADER, PHRASE).token, paper[0])
    library.sign_out(one.token)
    library.end_second_step(PHRASE, paper[1], by=LEADER)
    return one.actor


def _forget_a_password(library: Library) -> None:
    """The link is another each time, so that neither it nor its letter is left; nor the address, by which others would come."""
    who = library._actor(LEADER)
    for address in ("leder@her.example", None):
        with library._parts.database.writing() as session:
            actor = session.get(ActorRow, who)
            session.get(PersonRow, actor.person_id).email = address
            if address is None:
                session.execute(delete(PasswordLinkRow).where(col(PasswordLinkRow.actor_id) == who))
                session.execute(delete(LetterRow).where(col(LetterRow.actor_id) == who))
        if address is not None:
            library.forgot_password(LEADER)


def _write_letters(library: Library, _: str) -> Any:
    """A server that is not there: what is sent twice is for tests/letters. Of the links none is left."""
    settings = library._parts.settings
    settings.address = "http://localhost"
    settings.mail = Mail(server="127.0.0.1", port=1, security=Security.NONE, sender="rutiner@salten.example")
    _forget_a_password(library)
    with library._parts.database.writing() as session:
        link = library._letters()._link(
            "brev", session, library._actor(LEADER), STOP, library._now() + timedelta(days=1)
        )
    library.write_letters()
    library.send_letters()
    with contextlib.suppress(MailNotTaken):
        library.try_letter(by=EDITOR, to="redaktor@her.example")
    library.stop_letters(link.rpartition("/")[2])
    library.choose_letters(weekly=True, by=LEADER)
    library.make_calendar(by=LEADER)
    ended = library.end_calendar(by=LEADER)
    with library._parts.database.writing() as session:
        session.execute(delete(LetterLinkRow))
    return ended


def _choose_a_password(library: Library, _: str) -> Any:
    """The link is another each time; whose it is, is the same."""
    one = library.choose_password(library.invite(LEADER, by=EDITOR).token, PHRASE)
    library.end_sessions([other.key for other in library.sessions(by=LEADER)], by=LEADER)
    return one.actor


def _enter_at_a_meeting(library: Library, decision: str) -> Any:
    """Whoever was interrupted is let in by the next link too, and is one person."""
    meeting = library.open_meeting("municipality:1841", "employee", by=EDITOR)
    one = library.join(meeting.token, "nykommer", "Ny Kommer", PHRASE, decision_id=decision)
    library.end_sessions([other.key for other in library.sessions(by=one.actor)], by=one.actor)
    for other in library.meetings(by=EDITOR):
        library.close_meeting(other.key, by=EDITOR)
    return one.actor


def _look_at(library: Library, _: str) -> Any:
    read = library.incoming_document(document_id("venter"), reader=LEADER)
    return library.look_at_incoming(document_id("venter"), ["f1"], read_digest=read.digest, by=LEADER).report


def _erase_text(library: Library, decision: str) -> Any:
    with library._parts.database.reading() as session:
        number = session.exec(select(DecisionRow.number).where(DecisionRow.id == "slutt-avfall")).one()
    return library.erase_text(number, reason="Ba om det.", by=EDITOR, decision_id=decision)


def _redact(library: Library, decision: str) -> Any:
    """The words of an addition that was dropped: they stand in the history of the register."""
    digest = digest_of_addition(library, "tillegg-2")
    return library.redact(digest, reason="Personopplysning.", by=EDITOR, decision_id=decision)


def _home(library: Library) -> Path:
    return library._parts.store.folder.parent


def _remind(library: Library, decision: str) -> Any:
    library._clock = lambda: NOW + timedelta(days=16)
    return library.remind(proposal_id("forslag-spurt"), by=EDITOR, decision_id=decision)


def _import(library: Library) -> Any:
    """Two files of a folder beside the home, which is written anew for each trial."""
    folder = _home(library).parent / "inn"
    folder.mkdir(exist_ok=True)
    for procedure in ("flom", "brann"):
        (folder / f"{procedure}.md").write_bytes(a_text(procedure))
    return [(one.file, one.proposed.digest) for one in library.import_folder(folder, by=EDITOR).files]


def _mark_read(library: Library) -> Any:
    told = library.notifications(LEADER, unread_only=False)
    library.mark_read(LEADER, [one.id for one in told])
    return len(told), len(library.notifications(LEADER))


def _mark_seen(library: Library) -> Any:
    """Somebody has looked at what a consumer that is no more could not do."""
    with library._parts.database.writing() as session:
        if session.get(DeadLetterRow, ("tidligere", 1)) is None:
            session.add(DeadLetterRow(consumer="tidligere", number=1, error="ValueError", since=NOW))
    library.mark_seen()
    return len(library.unseen())


def _repair_what_is_behind(library: Library) -> Any:
    """A branch that was moved back, an index that is gone, and the lock of a process that died."""
    repository = _home(library) / "library.git"
    earlier = subprocess.run(
        ["git", "--git-dir", repository, "rev-parse", f"{REGISTER}~1"], capture_output=True, text=True, check=True
    ).stdout
    (repository / REGISTER).write_text(earlier)
    (repository / f"{REGISTER}.lock").touch()
    shutil.rmtree(_home(library) / "index")
    return library.repair().is_clean


def _repair_a_total(library: Library) -> Any:
    """A row that only repeats, and was changed by hand."""
    with library._parts.database.writing() as session:
        session.exec(update(CounterRow).where(CounterRow.name == "procedures").values(value=77))
    return library.repair().is_clean


def _repair_a_damaged_repository(library: Library) -> Any:
    """A pack that is gone: everything in it must come from the database again."""
    for pack in sorted((_home(library) / "library.git" / "objects" / "pack").glob("*.pack"))[:1]:
        pack.unlink()
    return library.repair().is_clean


def _init(site: Site) -> str:
    with site.init() as library:
        return f"{len(library.municipalities())} {len(library.procedures())}"


def _restore(site: Site) -> str:
    """Put the story's backup back, and take from the register what was decided after it."""
    restored = Library.restore(
        site.folder / BACKUP, site.home, database_url=site.database_url, from_register=True,
        register=site.folder / "home", clock=lambda: NOW,
    )  # fmt: skip
    assert not restored.faults, restored.faults
    # Which set it was, and what it was put back from, is known; a target's name is left out of what a restore keeps.
    told = replace(restored, paused=tuple(one.target for one in restored.paused), faults=(), is_repeat=False)
    return repr(told)


def _put_back_the_last_set(site: Site) -> Iterator[str]:
    """Restore what was backed up, into a home that is thrown away: a set is only good for that."""
    place = site.folder / "prove"
    restored = Library.restore(site.folder / BACKUP, place, clock=lambda: NOW)
    yield from (f"what was backed up is put back with {fault.code} {fault.detail}" for fault in restored.faults or ())
    with site.open() as library, Library.open(place, clock=lambda: NOW) as other:
        if decisions_in(library) != decisions_in(other):
            yield "what was backed up is put back with other decisions"
    shutil.rmtree(place)


def _rebuild(site: Site) -> str:
    """Put a home together from the repositories; one that is there already is whole, since it got its name last."""
    with contextlib.suppress(HomeExists):
        Library.rebuild_from_register(
            site.folder / "home", site.home, database_url=site.database_url, clock=lambda: NOW
        )
    with site.open() as library:
        return str(library.totals())


def _upgrade(site: Site) -> str:
    """Bring the home of the release before up to this one, and all that repeats its decisions too."""
    Library.upgrade(site.home)
    with site.open() as library:
        return str(library.repair())


VERBS: Final = (
    Verb("init", None, decides=4, makes=_init, home="ny"),
    Verb("restore", None, decides=None, makes=_restore, home="tilbake"),
    Verb("rebuild from the register", None, decides=None, makes=_rebuild, home="igjen"),
    Verb("upgrade", None, decides=None, makes=_upgrade, home=OLDER),
    _verb("open a hearing", _hear),
    _verb("answer a hearing", _answer_hearing),
    _verb("close a hearing", _close_hearing),
    _verb("hurry", _hurry),
    _verb("refresh", _refresh),
    _verb(
        "reject",
        lambda library, one: library.reject(
            proposal_id("forslag-vaksine"), reason="Dekket.", by=EDITOR, decision_id=one
        ),
    ),
    _verb(
        "approve a minor correction, followed",
        _approve_text("retting-stikkskade", a_text("stikkskade", more="Ofte."), "stikkskade", LEADER),
        decides=3,
    ),
    _verb(
        "approve an exempt text, enough",
        _approve_text("forslag-nokkelskap", a_text("nokkelskap", access="exempt"), "nokkelskap"),
        decides=2,
    ),
    _verb("approve a withdrawal, enough", _approve_text("trekk-avfall", a_text("avfall"), "avfall"), decides=2),
    _verb("decide a list", _decide_list, decides=4),
    _verb(
        "set a standing decision",
        lambda library, one: library.set_standing(
            "Fauske", until=NOW.date() + timedelta(days=30), by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "add an addition",
        lambda library, one: library.add_addition(
            "handhygiene", "Fauske", "ansvar", "practical-note", "På vegger.", by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "change an addition",
        lambda library, one: library.change_addition(
            new_addition_id("tillegg"), "I hylla.", by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "drop an addition",
        lambda library, one: library.drop_addition(new_addition_id("tillegg"), by=LEADER, decision_id=one),
    ),
    _verb("settle", _settle),
    _verb(
        "give feedback",
        lambda library, one: library.give_feedback("isolering", "Noe mangler.", by=LEADER, decision_id=one),
        decides=0,
    ),
    _verb("wish", lambda library, one: library.wish("Hva gjør vi ved flom?", by=LEADER, decision_id=one), decides=0),
    _verb("take in", _take_in, decides=0),
    _verb(
        "edit a document",
        lambda library, _: library.edit_incoming(document_id("venter"), "## Formål\n\nNytt.\n", by=LEADER).digest,
        decides=0,
    ),
    _verb("be signed in", _be_signed_in, decides=0),
    _verb("sign in with a service", _sign_in_with_a_service, decides=2),
    _verb("let a program in", _let_a_program_in, decides=0),
    _verb("tell of a barrier", _tell_of_a_barrier, decides=0),
    _verb("follow a checklist", _follow_a_list, decides=0),
    _verb("take two steps", _take_two_steps, decides=0),
    _verb("write letters", _write_letters, decides=0),
    _verb("choose a password", _choose_a_password, decides=0),
    _verb("enter at a meeting", _enter_at_a_meeting, decides=2),
    _verb("look at what was lost", _look_at, decides=0),
    _verb("mask", lambda library, _: library.mask_incoming(document_id("venter"), ["k1"], by=LEADER).digest, decides=0),
    _verb(
        "let through",
        lambda library, _: library.let_through(document_id("venter"), ["k1"], "Et eksempel.", by=LEADER).digest,
        decides=0,
    ),
    _verb(
        "read a document again",
        lambda library, _: library.read_incoming_again(document_id("venter"), by=LEADER).digest,
        decides=0,
    ),
    _verb(
        "reject a document",
        lambda library, _: library.reject_incoming(document_id("venter"), "Dekket.", by=LEADER),
        decides=0,
    ),
    _verb(
        "accept a document",
        lambda library, one: library.accept_incoming(
            document_id("klar"),
            read_digest=library.incoming_document(document_id("klar"), reader=LEADER).digest,
            front={"responsible_role": "avdelingsleder"},
            by=LEADER,
            decision_id=one,
        ),
    ),
    _verb("review", lambda library, one: library.review("isolering", version="2.0", by=LEADER, decision_id=one)),
    _verb(
        "make known",
        lambda library, one: library.make_known(
            "stikkskade", "Fauske", how="meeting", whom="Alle.", by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "take inventory",
        lambda library, one: library.take_inventory("Fauske", {"isolering": "lacks"}, by=LEADER, decision_id=one),
    ),
    _verb(
        "erase a person",
        lambda library, one: library.erase_person("sluttet", reason="Slutter.", by=EDITOR, decision_id=one),
    ),
    _verb(
        "revoke",
        lambda library, one: library.revoke(
            "stedfortreder", "employee", "municipality:1841", by=EDITOR, decision_id=one
        ),
    ),
    _verb("retention", _delete_what_is_over),
    _verb(
        "propose",
        lambda library, one: library.propose(
            a_text("hoste"), by=EDITOR, decision_id=one, attachments=files_of("hoste")
        ),
    ),
    _verb("revise", _revise),
    _verb(
        "send",
        lambda library, one: library.send(
            proposal_id("forslag-rengjoring"),
            digest=decisions_digest("rengjoring"),
            unheard="Drøftet.",
            by=EDITOR,
            decision_id=one,
        ),
    ),
    _verb(
        "withdraw",
        lambda library, one: library.withdraw(
            proposal_id("forslag-vaksine"), reason="Dekket.", by=EDITOR, decision_id=one
        ),
    ),
    _verb("approve, more needed", _approve("forslag-vaksine", "vaksine", LEADER)),
    _verb("approve, enough", _approve("forslag-smittesporing", "smittesporing", "medlem.hamaroy"), decides=2),
    _verb("approve a change, enough", _approve("endring-handhygiene", "handhygiene", "medlem.hamaroy"), decides=2),
    _verb("adopt", lambda library, one: library.adopt("isolering", "Fauske", by=LEADER, decision_id=one)),
    _verb(
        "decline",
        lambda library, one: library.decline("isolering", "Fauske", reason="Dekket.", by=LEADER, decision_id=one),
    ),
    _verb(
        "mark not relevant",
        lambda library, one: library.mark_not_relevant(
            "isolering", "Fauske", reason="Ingen avdeling.", by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "use own routine",
        lambda library, one: library.use_own_routine(
            "isolering", "Fauske", link="https://fauske.example/7", by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "end use",
        lambda library, one: library.end_use("handhygiene", "Fauske", reason="Utgått.", by=LEADER, decision_id=one),
    ),
    _verb(
        "set local information",
        lambda library, one: library.set_local_information(
            "handhygiene", "Fauske", {"vakttelefon": "75 00 00 03"}, by=LEADER, decision_id=one
        ),
    ),
    _verb("add person", lambda library, one: library.add_person("ny.prove", "Prøve", by=EDITOR, decision_id=one)),
    _verb(
        "grant",
        lambda library, one: library.grant(
            "medlem.beiarn", "responsible", "municipality:1839", by=EDITOR, decision_id=one
        ),
    ),
    _verb(
        "delegate",
        lambda library, one: library.delegate(
            "medlem.beiarn", "1839", "head-of-service", "kommunalsjef", by=EDITOR, decision_id=one
        ),
    ),
    _verb(
        "set target",
        lambda library, one: library.set_target(
            "Fauske", "intranett", "folder", "/srv/intranett", by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "end target",
        lambda library, one: library.end_target("Fauske", FOLDER, by=LEADER, decision_id=one),
    ),
    _verb("publish to a folder", lambda library, _: library.publish("Fauske", target=FOLDER, by=LEADER), decides=0),
    _verb("publish a package", lambda library, _: library.publish("Fauske", target=PACKAGE, by=LEADER), decides=0),
    _verb(
        "propose a merge",
        lambda library, one: library.propose_merge(
            a_text("felles"), sources=[("fauske", "Vår egen"), ("beiarn", "Deres egen")], by=EDITOR, decision_id=one
        ),
    ),
    _verb(
        "propose a withdrawal",
        lambda library, one: library.propose_withdrawal("stikkskade", reason="Dekket.", by=EDITOR, decision_id=one),
    ),
    Verb("import a folder", _import, decides=2, drawn=True),
    _verb(
        "invite an outsider",
        lambda library, one: library.invite_outsider(
            proposal_id("forslag-spurt"), "outside:politi", by=EDITOR, decision_id=one
        ),
    ),
    _verb("revoke a link", lambda library, one: library.revoke_link(_link("lenke"), by=EDITOR, decision_id=one)),
    _verb(
        "answer by a link",
        lambda library, one: library.answer_by_link(f"{_link('lenke')}.{SECRET}", remarks=["Når?"], decision_id=one),
    ),
    _verb("remind", _remind),
    _verb("reply to a remark", _reply),
    _verb(
        "defer",
        lambda library, one: library.defer(
            "isolering", "Fauske", until=NOW.date() + timedelta(days=9), reason="Vent.", by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "assign",
        lambda library, one: library.assign(
            "isolering", "Fauske", owner=LEADER, due=NOW.date() + timedelta(days=9), by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "end a standing decision",
        lambda library, one: library.end_standing("Fauske", procedure="stikkskade", by=LEADER, decision_id=one),
    ),
    _verb(
        "set an owner", lambda library, one: library.set_owner("isolering", "medlem.beiarn", by=LEADER, decision_id=one)
    ),
    _verb(
        "lift an addition", lambda library, one: library.lift(new_addition_id("tillegg"), by=LEADER, decision_id=one)
    ),
    _verb(
        "answer feedback",
        lambda library, _: library.answer_feedback(_noted("t", "tilbakemelding"), "Takk.", by=LEADER),
        decides=0,
    ),
    _verb(
        "take up feedback",
        lambda library, one: library.take_up_feedback(
            _noted("t", "tilbakemelding-2"), proposal_id("endring-isolering"), by=LEADER, decision_id=one
        ),
    ),
    _verb(
        "support a wish",
        lambda library, _: library.support_wish(_noted("w", "onske"), "Beiarn", by="medlem.beiarn"),
        decides=0,
    ),
    _verb(
        "answer a wish", lambda library, _: library.answer_wish(_noted("w", "onske"), "Ikke nå.", by=LEADER), decides=0
    ),
    _verb(
        "take up a wish",
        lambda library, one: library.take_up_wish(_noted("w", "onske"), procedure="avfall", by=LEADER, decision_id=one),
    ),
    _verb("ask for routines", _ask_for_routines, decides=0),
    _verb(
        "answer a collection",
        lambda library, _: library.answer_collection(_noted("c", "innsamling"), "Fauske", has_none=True, by=LEADER),
        decides=0,
    ),
    _verb(
        "remind of a collection",
        lambda library, _: library.remind_collection(_noted("c", "innsamling"), by=EDITOR),
        decides=0,
    ),
    _verb(
        "close a collection",
        lambda library, _: library.close_collection(_noted("c", "innsamling"), by=EDITOR),
        decides=0,
    ),
    _verb("triage", lambda library, _: library.triage(list(COLLECTED)[2], "keep", by=LEADER), decides=0),
    _verb(
        "draft from documents",
        lambda library, one: library.draft_from(list(COLLECTED)[:2], {3: 0}, by=EDITOR, decision_id=one),
    ),
    _verb("take an offer", lambda library, one: library.take_offer(OFFER, by=LEADER, decision_id=one)),
    _verb("mark as read", lambda library, _: _mark_read(library), decides=0),
    _verb("mark as seen", lambda library, _: _mark_seen(library), decides=0),
    _verb("erase a text", _erase_text),
    _verb(
        "erase what was said",
        lambda library, one: library.erase_text(
            _noted("t", "tilbakemelding-2"), reason="Ba om det.", by=EDITOR, decision_id=one
        ),
    ),
    _verb("repair what is behind", lambda library, _: _repair_what_is_behind(library), decides=0),
    _verb("repair a total", lambda library, _: _repair_a_total(library), decides=0),
    _verb("repair a damaged repository", lambda library, _: _repair_a_damaged_repository(library), decides=0),
    _verb("redact", _redact),
    _verb(
        "resume publishing",
        lambda library, one: library.resume_publishing("Fauske", PAUSED, by=LEADER, decision_id=one),
    ),
    Verb(
        "back up",
        lambda library: library.backup(_home(library).parent / BACKUP),
        decides=0,
        then=_put_back_the_last_set,
    ),
    _verb("maintain", lambda library, _: library.maintain(whole=True), decides=0),
    _verb("sign a checkpoint", lambda library, _: library.checkpoint(), decides=0),
)
