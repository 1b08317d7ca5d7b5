"""
The small library on which acts are killed, and the acts: one for each verb that writes.

Everything is given: the clock, the decision ids, the texts. So an act done twice on two copies of the library leaves
the same rows, the same commits and the same files, and two outcomes can be compared byte for byte.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from sqlmodel import select

from samrutine import Library
from samrutine.connectors.folder import Folder
from samrutine.connectors.package import Package
from samrutine.publishing.service import Published
from samrutine.storage import decisions
from samrutine.storage.git import MAIN, REGISTER, GitStore
from samrutine.storage.rows import DecisionRow, Row
from samrutine.storage.steps import STEPS

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


def a_text(procedure: str, *, phone: bool = False, more: str = "") -> bytes:
    """An invented routine, with a local field if `phone`."""
    field = (
        "local_information:\n  - key: vakttelefon\n    label: Vakttelefon\n    type: service-phone\n    required: true\n"
        if phone
        else ""
    )
    call = " Ring {{vakttelefon}}." if phone else ""
    return f"""\
---
id: {procedure}
title: {procedure.capitalize()}
kind: routine
language: nb
network: smittevern
subjects: [smittevern]
audience: [helsesykepleier]
access: open
internal_control: [health]
legal_basis:
  - law: LOV-1994-08-05-55
    name: smittevernloven
    section: § 7-1
    checked: true
sources:
  - body: Prøvevik kommune
    title: Veileder
    url: https://provevik.example/veileder
    read_on: 2026-01-15
responsible_role: avdelingsleder
decision_level: head-of-service
professional_approval: [kommuneoverlege]
review_interval_months: 24
{field}---

## Formål

Hindre smitte ved {procedure}.{more}

## Omfang

Alle ansatte.

## Ansvar

Avdelingsleder.

## Framgangsmåte

1. Vask hendene.{call}
2. Tørk dem.

## Avvik

Meld avvik.
""".encode()


def digest_of(library: Library, proposal: str) -> str:
    return library.get_proposal(proposal, reader="redaktor")[0].digest


def proposal_id(decision: str) -> str:
    """The id that a proposal gets from the act that opened it."""
    return f"f-{hashlib.sha256(decision.encode()).hexdigest()[:10]}"


def tell(site: Site) -> None:
    """Write the story until the acts: people, texts on their way, texts in use, copies published."""
    with site.init() as library:
        for login in MEMBERS:
            library.add_person(login, "Prøve", by=EDITOR, decision_id=f"person {login}")
            library.grant(login, "member", "network:smittevern", by=EDITOR, decision_id=f"member {login}")
            library.grant(
                login, "employee", f"municipality:{_number(library, login)}", by=EDITOR, decision_id=f"employee {login}"
            )
        library.grant(LEADER, "leader", "network:smittevern", by=EDITOR, decision_id="leader")
        library.delegate(LEADER, "1841", "head-of-service", "kommunalsjef", by=EDITOR, decision_id="delegation")
        for procedure in ("handhygiene", "avfall", "stikkskade", "isolering"):
            _approved(library, procedure)
        values = {"vakttelefon": "75 00 00 01"}
        library.set_local_information("handhygiene", "Fauske", values, by=LEADER, decision_id="telefon 1")
        for procedure in ("handhygiene", "avfall"):
            library.adopt(procedure, "Fauske", by=LEADER, decision_id=f"bruk {procedure}")
        (site.published / FOLDER).mkdir(parents=True)
        library.set_target("Fauske", FOLDER, "folder", site.published / FOLDER, by=LEADER, decision_id="mål mappe")
        library.publish("Fauske", by=LEADER)
        # From here on the copies are behind: one to replace, one to withdraw, one to add.
        values = {"vakttelefon": "75 00 00 02"}
        library.set_local_information("handhygiene", "Fauske", values, by=LEADER, decision_id="telefon 2")
        library.decline("avfall", "Fauske", reason="Erstattet.", by=LEADER, decision_id="slutt avfall")
        library.adopt("stikkskade", "Fauske", by=LEADER, decision_id="bruk stikkskade")
        package = site.published / "rutiner.zip"
        library.set_target("Fauske", PACKAGE, "package", package, by=LEADER, decision_id="mål pakke")
        library.propose(a_text("rengjoring"), by=EDITOR, decision_id="forslag rengjoring")
        _sent(library, "vaksine", "forslag vaksine", a_text("vaksine"), approvals=1)
        _sent(library, "smittesporing", "forslag smittesporing", a_text("smittesporing"), approvals=3)
        changed = a_text("handhygiene", phone=True, more=" Bruk sprit.")
        _sent(library, "handhygiene", "endring handhygiene", changed, approvals=3, changes="handhygiene")


def _number(library: Library, login: str) -> str:
    return next(one.number for one in library.municipalities() if one.slug == login.removeprefix("medlem."))


def _approved(library: Library, procedure: str) -> None:
    _sent(library, procedure, f"forslag {procedure}", a_text(procedure, phone=procedure == "handhygiene"), approvals=4)


def _sent(
    library: Library, procedure: str, decision: str, data: bytes, *, approvals: int, changes: str | None = None
) -> None:
    meaning = "Sprit først." if changes else None
    library.propose(data, by=EDITOR, changes=changes, meaning=meaning, decision_id=decision)
    proposal = proposal_id(decision)
    digest = digest_of(library, proposal)
    library.send(proposal, digest=digest, unheard="Drøftet.", by=EDITOR, decision_id=f"send {decision}")
    for member in MEMBERS[:approvals]:
        library.approve(proposal, digest=digest, by=member, decision_id=f"{member} {decision}")


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
        return "open_library" if self.act is None else f"prøve: {self.name}"

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
    proposal = proposal_id("forslag rengjoring")
    read = decisions_digest("rengjoring")
    changed = a_text("rengjoring", more=" Ofte.")
    return library.revise(proposal, changed, read_digest=read, by=EDITOR, decision_id=decision)


def decisions_digest(procedure: str) -> str:
    """The digest of a text of this story, as the author read it."""
    from samrutine.procedures.text import canonical, digest

    phone = procedure == "handhygiene"
    return digest(canonical(a_text(procedure, phone=phone, more=" Bruk sprit." if phone else ""), procedure))


def _verb(name: str, act: Callable[[Library, str], Any], *, decides: int = 1) -> Verb:
    decision = Verb(name, lambda _: None).decision
    return Verb(name, lambda library: act(library, decision), decides)


def _approve(opened_by: str, procedure: str, member: str) -> Callable[[Library, str], Any]:
    proposal = proposal_id(opened_by)
    return lambda library, one: library.approve(
        proposal, digest=decisions_digest(procedure), by=member, decision_id=one
    )


VERBS: Final = (
    Verb("init", None, decides=4),
    _verb("propose", lambda library, one: library.propose(a_text("hoste"), by=EDITOR, decision_id=one)),
    _verb("revise", _revise),
    _verb(
        "send",
        lambda library, one: library.send(
            proposal_id("forslag rengjoring"),
            digest=decisions_digest("rengjoring"),
            unheard="Drøftet.",
            by=EDITOR,
            decision_id=one,
        ),
    ),
    _verb(
        "withdraw",
        lambda library, one: library.withdraw(
            proposal_id("forslag vaksine"), reason="Dekket.", by=EDITOR, decision_id=one
        ),
    ),
    _verb("approve, more needed", _approve("forslag vaksine", "vaksine", LEADER)),
    _verb("approve, enough", _approve("forslag smittesporing", "smittesporing", "medlem.hamaroy"), decides=2),
    _verb("approve a change, enough", _approve("endring handhygiene", "handhygiene", "medlem.hamaroy"), decides=2),
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
    store = GitStore(site.home / "library.git")
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
