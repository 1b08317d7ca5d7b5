"""
The small library on which acts are killed, and the acts: one for each verb that writes.

Everything is given: the clock, the decision ids, the texts. So an act done twice on two copies of the library leaves
the same rows, the same commits and the same files, and two outcomes can be compared byte for byte.
"""

import hashlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from sqlmodel import select

sys.path.insert(0, str(Path(__file__).parents[2]))  # killing.py is a program of its own

from samrutine import Library
from samrutine.adoptions.additions import new_addition_id
from samrutine.adoptions.answers import ListRow
from samrutine.connectors.folder import Folder
from samrutine.connectors.package import Package
from samrutine.publishing.service import Published
from samrutine.storage import decisions
from samrutine.storage.git import MAIN, REGISTER, GitStore
from samrutine.storage.rows import DecisionRow, Row, WordsRow
from samrutine.storage.steps import STEPS
from tests.support.texts import a_routine

NOW: Final = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
EDITOR: Final = "redaktor"
LEADER: Final = "medlem.fauske"
MEMBERS: Final = ("medlem.beiarn", LEADER, "medlem.gildeskal", "medlem.hamaroy")
FOLDER: Final = "kvalitetssystem"
PACKAGE: Final = "pakke"

CONNECTOR_STEPS: Final = (*Folder(Path("/")).steps, *Package(Path("/rutiner.zip")).steps)
ALL_STEPS: Final = (*STEPS, *CONNECTOR_STEPS)


@dataclass(frozen=True)
class Site:
    """Where one trial happens: always the same place, since a target's address stands in the database."""

    folder: Path
    database_url: str | None = None

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def open(self) -> Library:
        return Library.open(self.home, clock=lambda: NOW)

    def init(self) -> Library:
        return Library.init(
            self.home, editor_login=EDITOR, editor_name="Redaktør", database_url=self.database_url, clock=lambda: NOW
        )


def make_salts_known() -> None:
    """Salts are the one thing that an act draws at random; two outcomes could not be compared with them."""
    decisions.secrets = SimpleNamespace(token_hex=lambda length: "5a" * length)


def a_text(procedure: str, *, phone: bool = False, more: str = "", access: str = "open") -> bytes:
    """An invented routine, with a local field if `phone`."""
    return a_routine(
        procedure, title=procedure.capitalize(), required=("vakttelefon",) if phone else (), extra=more, access=access
    )


def digest_of(library: Library, proposal: str) -> str:
    return library.get_proposal(proposal, reader="redaktor")[0].digest


def proposal_id(decision: str) -> str:
    """The id that a proposal gets from the act that opened it."""
    return f"f-{hashlib.sha256(decision.encode()).hexdigest()[:10]}"


def tell(site: Site) -> None:
    """Write the story until the acts: people, texts on their way, texts in use, copies published."""
    with site.init() as library:
        for login in MEMBERS:
            library.add_person(login, "Prøve", by=EDITOR, decision_id=f"person-{login}")
            library.grant(login, "member", "network:smittevern", by=EDITOR, decision_id=f"member-{login}")
            library.grant(
                login, "employee", f"municipality:{_number(library, login)}", by=EDITOR, decision_id=f"employee-{login}"
            )
        library.grant(LEADER, "leader", "network:smittevern", by=EDITOR, decision_id="leader")
        library.delegate(LEADER, "1841", "head-of-service", "kommunalsjef", by=EDITOR, decision_id="delegation")
        for procedure in ("handhygiene", "avfall", "stikkskade", "isolering"):
            _approved(library, procedure)
        values = {"vakttelefon": "75 00 00 01"}
        library.set_local_information("handhygiene", "Fauske", values, by=LEADER, decision_id="telefon-1")
        for procedure in ("handhygiene", "avfall"):
            library.adopt(procedure, "Fauske", by=LEADER, decision_id=f"bruk-{procedure}")
        (site.published / FOLDER).mkdir(parents=True)
        library.set_target("Fauske", FOLDER, "folder", site.published / FOLDER, by=LEADER, decision_id="mal-mappe")
        library.publish("Fauske", by=LEADER)
        # From here on the copies are behind: one to replace, one to withdraw, one to add.
        values = {"vakttelefon": "75 00 00 02"}
        library.set_local_information("handhygiene", "Fauske", values, by=LEADER, decision_id="telefon-2")
        library.decline("avfall", "Fauske", reason="Erstattet.", by=LEADER, decision_id="slutt-avfall")
        library.adopt("stikkskade", "Fauske", by=LEADER, decision_id="bruk-stikkskade")
        package = site.published / "rutiner.zip"
        library.set_target("Fauske", PACKAGE, "package", package, by=LEADER, decision_id="mal-pakke")
        library.propose(a_text("rengjoring"), by=EDITOR, decision_id="forslag-rengjoring")
        _sent(library, "vaksine", "forslag-vaksine", a_text("vaksine"), approvals=1)
        _sent(library, "smittesporing", "forslag-smittesporing", a_text("smittesporing"), approvals=3)
        changed = a_text("handhygiene", phone=True, more="Bruk sprit.")
        _sent(library, "handhygiene", "endring-handhygiene", changed, approvals=3, changes="handhygiene")
        _tell_of_differing(library)
        _tell_of_agreeing(library)


def _tell_of_differing(library: Library) -> None:
    """What municipalities have of their own: a standing decision, an addition, feedback, a wish."""
    until = NOW.date() + timedelta(days=300)
    library.set_standing("Fauske", until=until, procedure="stikkskade", by=LEADER, decision_id="staende")
    library.add_addition(
        "stikkskade", "Fauske", "ansvar", "practical-note", "I skapet.", by=LEADER, decision_id="tillegg"
    )
    library.give_feedback("avfall", "Noe er feil.", by=LEADER, decision_id="tilbakemelding")
    library.wish("Hva gjør vi ved strømbrudd?", network="smittevern", by=LEADER, decision_id="onske")
    library.add_person("sluttet", "Prøve", by=EDITOR, decision_id="person-sluttet")
    library.add_person("stedfortreder", "Prøve", by=EDITOR, decision_id="person-stedfortreder")
    library.grant("stedfortreder", "employee", "municipality:1841", by=EDITOR, decision_id="stedfortreder")


def _tell_of_agreeing(library: Library) -> None:
    """Texts on their way in other ways: heard, stale, minor, exempt, to be withdrawn, and one given up."""
    for procedure, parties in (("horing", ["beiarn", "fauske"]), ("hort", ["beiarn"])):
        opened = f"forslag-{procedure}"
        library.propose(a_text(procedure), by=EDITOR, decision_id=opened)
        library.open_hearing(
            proposal_id(opened), digest=decisions_digest(procedure), by=EDITOR,
            parties=[f"municipality:{one}" for one in parties], decision_id=f"horing-{procedure}",
        )  # fmt: skip
        library.answer_hearing(
            proposal_id(opened), "municipality:beiarn", remarks=["Hvem?"], by="medlem.beiarn",
            decision_id=f"svar-{procedure}",
        )  # fmt: skip
    stale = a_text("isolering", more="Ofte.")
    library.propose(stale, by=EDITOR, changes="isolering", meaning="Oftere.", decision_id="endring-isolering")
    _sent(
        library, "isolering", "annen-endring", a_text("isolering", more="Bruk sprit."), approvals=4, changes="isolering"
    )
    minor = a_text("stikkskade", more="Ofte.")
    _sent(library, "stikkskade", "retting-stikkskade", minor, approvals=1, changes="stikkskade", significance="minor")
    _sent(library, "nokkelskap", "forslag-nokkelskap", a_text("nokkelskap", access="exempt"), approvals=3)
    library.propose_withdrawal("avfall", reason="Dekket.", by=EDITOR, decision_id="trekk-avfall")
    proposal = proposal_id("trekk-avfall")
    digest = digest_of(library, proposal)
    library.send(proposal, digest=digest, unheard="Drøftet.", by=EDITOR, decision_id="send-trekk-avfall")
    for member in MEMBERS[:3]:
        library.approve(proposal, digest=digest, by=member, decision_id=f"{member}-trekk-avfall")
    library.propose(a_text("oppgitt"), by=EDITOR, decision_id="forslag-oppgitt")
    library.withdraw(proposal_id("forslag-oppgitt"), reason="Dekket.", by=EDITOR, decision_id="oppgitt")


def _number(library: Library, login: str) -> str:
    return next(one.number for one in library.municipalities() if one.slug == login.removeprefix("medlem."))


def _approved(library: Library, procedure: str) -> None:
    _sent(library, procedure, f"forslag-{procedure}", a_text(procedure, phone=procedure == "handhygiene"), approvals=4)


def _sent(
    library: Library, procedure: str, decision: str, data: bytes, *, approvals: int, changes: str | None = None,
    significance: str = "major",
) -> None:  # fmt: skip
    meaning = "Sprit først." if changes else None
    library.propose(data, by=EDITOR, changes=changes, meaning=meaning, significance=significance, decision_id=decision)
    proposal = proposal_id(decision)
    digest = digest_of(library, proposal)
    library.send(proposal, digest=digest, unheard="Drøftet.", by=EDITOR, decision_id=f"send-{decision}")
    for member in MEMBERS[:approvals]:
        library.approve(proposal, digest=digest, by=member, decision_id=f"{member}-{decision}")


Act = Callable[[Library], Any]


@dataclass(frozen=True)
class Verb:
    """
    A verb that writes.

    `decides` is how many decisions it makes; `decision` is the id it makes them under. What `act` returns is kept as
    text, and a second call must give the same.
    """

    name: str
    act: Act | None
    decides: int = 1

    @property
    def decision(self) -> str:
        return "open_library" if self.act is None else "prove-" + re.sub(r"\W+", "-", self.name, flags=re.ASCII)

    @property
    def decision_ids(self) -> tuple[str, ...]:
        return tuple(self.decision if not number else f"{self.decision}:{number}" for number in range(self.decides))

    def do(self, site: Site) -> str:
        """Do it once, with an opened library of its own."""
        if self.act is None:
            with site.init() as library:
                return f"{len(library.municipalities())} {len(library.procedures())}"
        with site.open() as library:
            answer = self.act(library)
            if isinstance(answer, Published):  # what was done differs after a kill, what lies there does not
                return " ".join(f"{receipt.target}: {receipt.state}" for receipt in answer.require_all().receipts)
            # Whether somebody else held the projector lock is not part of the answer.
            return repr(replace(answer, projected=True) if hasattr(answer, "projected") else answer)


def _revise(library: Library, decision: str) -> Any:
    proposal = proposal_id("forslag-rengjoring")
    read = decisions_digest("rengjoring")
    changed = a_text("rengjoring", more="Ofte.")
    return library.revise(proposal, changed, read_digest=read, by=EDITOR, decision_id=decision)


def decisions_digest(procedure: str) -> str:
    """The digest of a text of this story, as the author read it."""
    phone = procedure == "handhygiene"
    return text_digest(a_text(procedure, phone=phone, more="Bruk sprit." if phone else ""), procedure)


def text_digest(data: bytes, procedure: str) -> str:
    """The digest of a text once it is stored."""
    from samrutine.procedures.text import canonical, digest

    return digest(canonical(data, procedure))


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


VERBS: Final = (
    Verb("init", None, decides=4),
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
    _verb("propose", lambda library, one: library.propose(a_text("hoste"), by=EDITOR, decision_id=one)),
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
)


# What is left ------------------------------------------------------------------------------------------------------

NOT_COMPARED: Final = {
    # When a projection was written, and how often it was tried, is no part of what was decided.
    "outbox_position": {"updated_at", "attempts", "mark", "last_error", "next_try_at"},
    "words": {"verified_at"},
    # A number that the database gives to a row; PostgreSQL never gives one back that was rolled back.
    "in_force": {"id"},
}


def state_of(site: Site, library: Library) -> dict[str, Any]:
    """Everything that is left after an act, but for instants at which projections were written."""
    parts = library._parts
    store, restricted = GitStore(site.home / "library.git"), GitStore(site.home / "restricted.git")
    with parts.database.reading() as session:
        tables = {
            table.name: sorted(
                repr(
                    {
                        name: value
                        for name, value in row._mapping.items()
                        if name not in NOT_COMPARED.get(table.name, ())
                    }
                )
                for row in session.connection().execute(table.select())
            )
            for table in Row.metadata.sorted_tables
        }
    return {
        "tables": tables,
        "schema": repr(parts.database.schema()),
        "branches": {branch: store.tip(branch) for branch in (MAIN, REGISTER)},
        "restricted": restricted.tip(MAIN),
        "index": repr(parts.engine.contents()),
        "answers": repr(library.search("smitte sprit vask").result.hits),
        "published": files_in(site.published),
    }


def files_in(folder: Path) -> dict[str, str]:
    """Name and hash of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def decisions_in(library: Library) -> list[list[Any]]:
    """Number, id and hash of every decision, in order."""
    with library._parts.database.reading() as session:
        rows = session.exec(select(DecisionRow).order_by(DecisionRow.number)).all()
        return [[row.number, row.id, row.hash] for row in rows]
