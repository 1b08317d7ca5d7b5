"""
The small library on which acts are killed.

Everything is given: the clock, the decision ids, the texts. So an act done twice on two copies of the library leaves
the same rows, the same commits and the same files, and two outcomes can be compared byte for byte.
"""

import hashlib
import json
import random
import re
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from string import ascii_lowercase, digits
from types import SimpleNamespace
from typing import Any, Final

import whoosh.codec.base
from argon2 import PasswordHasher
from sqlmodel import select

sys.path.insert(0, str(Path(__file__).parents[2]))  # killing.py is a program of its own

from samrutine import Library
from samrutine.adoptions.additions import new_addition_id
from samrutine.connectors.folder import Folder
from samrutine.connectors.package import Package
from samrutine.identity import service as identity
from samrutine.identity.passwords import normal
from samrutine.intake.originals import source_digest
from samrutine.intake.rows import id_of
from samrutine.procedures.text import canonical, digest
from samrutine.proposals import hearing_links
from samrutine.recovery.sets import faults_of, whole_sets
from samrutine.settings import DATABASE_FILE, SETTINGS_FILE
from samrutine.storage import decisions
from samrutine.storage.git import CHECKPOINTS, MAIN, REGISTER, GitStore
from samrutine.storage.rows import AdditionRow, DecisionRow, IncomingDocumentRow, OfferRow, Row, TargetRow
from samrutine.storage.soundness import page_faults, schema_faults
from samrutine.storage.sql import Database
from samrutine.storage.steps import STEPS
from tests.storage.test_upgrade import RELEASES, at_release, put_in
from tests.support import files
from tests.support.stories import not_projecting
from tests.support.texts import SECTIONS, a_routine

NOW: Final = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
EDITOR: Final = "redaktor"
LEADER: Final = "medlem.fauske"
MEMBERS: Final = ("medlem.beiarn", LEADER, "medlem.gildeskal", "medlem.hamaroy")
FOLDER: Final = "kvalitetssystem"
PACKAGE: Final = "pakke"
PAUSED: Final = "pauset"
BACKUP: Final = "backup"
OLDER: Final = "eldre"
SECRET: Final = "z" * 43
"""What stands in every link of the story."""
COLLECTED: Final = {"i-00000000000a": "1839", "i-00000000000b": "1841", "i-00000000000c": "1840"}
"""Documents that were sent in, and from where: the first two are to be merged, of the third nothing is said yet."""
OFFER: Final = "o-000000000001"
FILES: Final = {
    "hoste": ("Skjema.svg", "image/svg+xml", files.SVG),
    "smittesporing": ("Kart.png", "image/png", files.png()),
    "stikkskade": ("Plakat.pdf", "application/pdf", files.pdf()),
}
"""What belongs to a text: to one that is proposed, one that becomes a version, and one that is published."""

CONNECTOR_STEPS: Final = (*Folder(Path("/")).steps, *Package(Path("/rutiner.zip")).steps)
ALL_STEPS: Final = (*STEPS, *CONNECTOR_STEPS)


@dataclass(frozen=True)
class Site:
    """Where one trial happens: always the same place, since a target's address stands in the database."""

    folder: Path
    database_url: str | None = None
    name: str = "home"

    @property
    def home(self) -> Path:
        return self.folder / self.name

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def open(self) -> Library:
        return Library.open(self.home, clock=lambda: NOW)

    def init(self) -> Library:
        return Library.init(
            self.home, editor_login=EDITOR, editor_name="Redaktør", database_url=self.database_url, clock=lambda: NOW
        )


def make_chance_known() -> None:
    """Salts, links and ids that nobody gave are all that an act draws; two outcomes could not be compared with them."""
    decisions.secrets = SimpleNamespace(token_hex=lambda length: "5a" * length)
    hearing_links.secrets = SimpleNamespace(token_urlsafe=lambda _: SECRET)
    identity.hashed = lambda password: PasswordHasher().hash(normal(password), salt=b"5a5a5a5a")
    number = count(1)
    decisions.new_decision_id = lambda: f"drawn-{next(number)}"


def name_parts_of_the_index(stage: str) -> None:
    """
    Let Whoosh draw the names of an index's files so that who does the same gets the same.

    Args:
        stage: Names of one stage are never those of another, as they would not be if they were drawn.
    """
    drawn = random.Random(stage)
    whoosh.codec.base.random_name = lambda size=28: "".join(drawn.choices(ascii_lowercase + digits, k=size))


def a_text(procedure: str, *, phone: bool = False, more: str = "", access: str = "open") -> bytes:
    """An invented routine, with a local field if `phone`, that lists its file if it has one."""
    text = a_routine(
        procedure, title=procedure.capitalize(), required=("vakttelefon",) if phone else (), extra=more, access=access,
        sections={**SECTIONS, "Framgangsmåte": "Leder:\n\n- [ ] Vask hendene\n- [ ] Tørk dem godt"},
    )  # fmt: skip
    if procedure not in FILES:
        return text
    name, kind, data = FILES[procedure]
    listed = f"\nattachments:\n  - name: {name}\n    media_type: {kind}\n    digest: {digest(data)}\n---\n"
    return text.replace(b"\n---\n", listed.encode(), 1)


def files_of(procedure: str) -> dict[str, bytes]:
    """The files that are given with a text."""
    return {name: data for name, _, data in [FILES[procedure]]} if procedure in FILES else {}


def digest_of(library: Library, proposal: str) -> str:
    return library.get_proposal(proposal, reader="redaktor")[0].digest


def proposal_id(decision: str) -> str:
    """The id that a proposal gets from the act that opened it."""
    return f"f-{hashlib.sha256(decision.encode()).hexdigest()[:10]}"


SENT_IN: Final = {
    "venter": "# Sår\n\n## Formål\n\nStelle sår. Kvinne på 84 år. Ring 900 00 000 ~~straks~~.\n",
    "klar": "# Stelle sår\n\n## Formål\n\nHindre smitte i sår.\n",
}
"""Documents that wait: one with something held back, and one that can be accepted."""


def document_id(name: str) -> str:
    """The id of a document of the network's own."""
    return id_of("smittevern", None, source_digest(SENT_IN[name].encode()))


def tell(site: Site) -> None:
    """Write the story until the acts: people, texts on their way, texts in use, copies published; git follows when it must."""
    with site.init() as library, not_projecting(library):
        for login in MEMBERS:
            library.add_person(login, "Prøve", by=EDITOR, decision_id=f"person-{login}")
            library.grant(login, "member", "network:smittevern", by=EDITOR, decision_id=f"member-{login}")
            library.grant(
                login, "employee", f"municipality:{_number(library, login)}", by=EDITOR, decision_id=f"employee-{login}"
            )
        library.grant(LEADER, "leader", "network:smittevern", by=EDITOR, decision_id="leader")
        library.delegate(LEADER, "1841", "head-of-service", "kommunalsjef", by=EDITOR, decision_id="delegation")
        for procedure in ("handhygiene", "avfall", "stikkskade", "isolering", "navnet"):
            _approved(library, procedure)
        values = {"vakttelefon": "75 00 00 01"}
        library.set_local_information("handhygiene", "Fauske", values, by=LEADER, decision_id="telefon-1")
        for procedure in ("handhygiene", "avfall"):
            library.adopt(procedure, "Fauske", by=LEADER, decision_id=f"bruk-{procedure}")
        (site.published / FOLDER).mkdir(parents=True)
        library.set_target("Fauske", FOLDER, "folder", site.published / FOLDER, by=LEADER, decision_id="mal-mappe")
        library.repair()
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
        _tell_of_collecting(library)
        _tell_of_agreeing(library)
        library.repair()
        library.backup(site.folder / BACKUP)
        _tell_of_what_no_backup_has(site, library)
        library.repair()
    _keep_a_home_of_the_release_before(site)


def _tell_of_differing(library: Library) -> None:
    """What municipalities have of their own: a standing decision, an addition, feedback, a wish."""
    until = NOW.date() + timedelta(days=300)
    library.set_standing("Fauske", until=until, procedure="stikkskade", by=LEADER, decision_id="staende")
    library.add_addition(
        "stikkskade", "Fauske", "ansvar", "practical-note", "I skapet.", by=LEADER, decision_id="tillegg"
    )
    library.add_addition(
        "handhygiene", "Fauske", "avvik", "practical-note", "Ring Prøve.", by=LEADER, decision_id="tillegg-2"
    )
    library.drop_addition(new_addition_id("tillegg-2"), by=LEADER, decision_id="slutt-tillegg-2")
    library.add_addition(
        "handhygiene", "Fauske", "avvik", "practical-note", "Ring Navn.", by=LEADER, decision_id="tillegg-3"
    )
    library.drop_addition(new_addition_id("tillegg-3"), by=LEADER, decision_id="slutt-tillegg-3")
    library.give_feedback("avfall", "Noe er feil.", by=LEADER, decision_id="tilbakemelding")
    library.give_feedback("isolering", "Noe er uklart.", by=LEADER, decision_id="tilbakemelding-2")
    library.wish("Hva gjør vi ved strømbrudd?", network="smittevern", by=LEADER, decision_id="onske")
    sent = [(f"{name}.md", text.encode()) for name, text in SENT_IN.items()]
    library.take_in(sent, network="smittevern", by=LEADER)
    library.add_person("sluttet", "Prøve", by=EDITOR, decision_id="person-sluttet")
    library.add_person("stedfortreder", "Prøve", by=EDITOR, decision_id="person-stedfortreder")
    library.grant("stedfortreder", "employee", "municipality:1841", by=EDITOR, decision_id="stedfortreder")


def _tell_of_collecting(library: Library) -> None:
    """What municipalities were asked for and sent in, and something that one is offered and has not taken."""
    library.ask_for_routines(
        "smittevern", "Alt om vann", deadline=NOW.date() + timedelta(days=9), by=EDITOR, decision_id="innsamling"
    )
    with library._parts.database.writing() as session:
        for name, town in COLLECTED.items():
            text = f"## Formål\n\nHindre smitte fra vann.\n\n## Rutine\n\nKok vannet {town}.\n".encode()
            session.add(
                IncomingDocumentRow(
                    id=name, municipality=town, network="smittevern", name=f"{town}.md", source_digest=town, size=1,
                    state="waiting", title="Kokt vann", text=text, report="", received_at=NOW,
                    received_by=library._actor(EDITOR),
                )
            )  # fmt: skip
        session.add(
            OfferRow(
                id=OFFER, proposal_id=proposal_id("forslag-handhygiene"), municipality="1841", procedure_id="handhygiene",
                place=0, kind="local-information", section_key="", field="vakttelefon", text="75 00 00 03", departs=False,
                document_id="i-000000000000",
            )
        )  # fmt: skip
    for name in list(COLLECTED)[:2]:
        library.triage(name, "merge", by=LEADER)


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
    library.propose(a_text("spurt"), by=EDITOR, decision_id="forslag-spurt")
    library.open_hearing(
        proposal_id("forslag-spurt"), digest=decisions_digest("spurt"), by=EDITOR, decision_id="horing-spurt",
        parties=["municipality:fauske", "outside:politi"],
    )  # fmt: skip
    library.invite_outsider(proposal_id("forslag-spurt"), "outside:politi", by=EDITOR, decision_id="lenke")
    stale = a_text("isolering", more="Ofte.")
    library.propose(stale, by=EDITOR, changes="isolering", meaning="Oftere.", decision_id="endring-isolering")
    _sent(
        library, "isolering", "annen-endring", a_text("isolering", more="Bruk sprit."), approvals=4, changes="isolering"
    )
    _sent(library, "navnet", "annet-navnet", a_text("navnet", more="Ofte."), approvals=4, changes="navnet")
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


def _tell_of_what_no_backup_has(site: Site, library: Library) -> None:
    """
    Decisions that are on the register alone when the backup is put back; a target that is paused; a key that signs.

    Words were taken away after the backup: the branches were written anew, and the backup still has the words.
    """
    for number, gone in enumerate((digest_of_addition(library, "tillegg-3"), text_digest(a_text("navnet"), "navnet"))):
        library.redact(gone, reason="Personopplysning.", by=EDITOR, decision_id=f"tatt-bort-{number}")
    library.review("stikkskade", version="1.0", by=LEADER, decision_id="gjennomgang")
    place = site.published / PAUSED
    place.mkdir()
    library.set_target("Fauske", PAUSED, "folder", place, by=LEADER, decision_id="mal-pauset")
    with library._parts.database.writing() as session:
        row = session.exec(select(TargetRow).where(TargetRow.name == PAUSED)).one()
        row.paused_at = NOW
    key = site.folder / "signerer"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
    with (site.home / SETTINGS_FILE).open("a", encoding="utf-8") as settings:
        settings.write(f'[checkpoints]\nkey = "{key}"\n')


def digest_of_addition(library: Library, opened_by: str) -> str:
    """The digest of what an addition said first."""
    with library._parts.database.reading() as session:
        return session.get_one(AdditionRow, f"{new_addition_id(opened_by)}.1").digest


def _keep_a_home_of_the_release_before(site: Site) -> None:
    """Its rows are those that the release's own code wrote; always on SQLite."""
    home = site.folder / OLDER
    home.mkdir()
    (home / SETTINGS_FILE).touch()
    database = Database(f"sqlite:///{home / DATABASE_FILE}")
    at_release(database, RELEASES[-1].stem.removeprefix("schema_"))
    put_in(database, RELEASES[-1])
    database.close()
    GitStore(home / "library.git").create()


def _number(library: Library, login: str) -> str:
    return next(one.number for one in library.municipalities() if one.slug == login.removeprefix("medlem."))


def _approved(library: Library, procedure: str) -> None:
    _sent(library, procedure, f"forslag-{procedure}", a_text(procedure, phone=procedure == "handhygiene"), approvals=4)


def _sent(
    library: Library, procedure: str, decision: str, data: bytes, *, approvals: int, changes: str | None = None,
    significance: str = "major",
) -> None:  # fmt: skip
    meaning = "Sprit først." if changes else None
    library.propose(
        data, by=EDITOR, changes=changes, meaning=meaning, significance=significance, decision_id=decision,
        attachments={} if changes else files_of(procedure),
    )  # fmt: skip
    proposal = proposal_id(decision)
    digest = digest_of(library, proposal)
    library.send(proposal, digest=digest, unheard="Drøftet.", by=EDITOR, decision_id=f"send-{decision}")
    for member in MEMBERS[:approvals]:
        library.approve(proposal, digest=digest, by=member, decision_id=f"{member}-{decision}")


def decisions_digest(procedure: str) -> str:
    """The digest of a text of this story, as the author read it."""
    phone = procedure == "handhygiene"
    return text_digest(a_text(procedure, phone=phone, more="Bruk sprit." if phone else ""), procedure)


def text_digest(data: bytes, procedure: str) -> str:
    """The digest of a text once it is stored."""
    return digest(canonical(data, procedure))


BEGUN: Final = datetime.now(UTC)
WRITTEN_AT: Final = (("outbox_position", "updated_at"), ("words", "verified_at"))
"""Columns that say when a projection was written, which the story does not tell: by table."""

# What is left ------------------------------------------------------------------------------------------------------

NOT_COMPARED: Final = {
    # When a projection was written, and how often it was tried, is no part of what was decided.
    "outbox_position": {"updated_at", "attempts", "mark", "last_error", "next_try_at"},
    "words": {"verified_at"},
    # Projections are told no time by the story, and an act done twice is done later.
    "dead_letter": {"read_at"},
    # A checkpoint that was signed before the kill stands, and the second call signs another.
    "chain_head": {"checkpoint"},
    # A number that the database gives to a row; PostgreSQL never gives one back that was rolled back.
    "in_force": {"id"},
}


def state_of(site: Site, library: Library) -> dict[str, Any]:
    """Everything that is left after an act, and what is found in it."""
    return {
        **kept_of(site, library),
        # Which, and not in which order: an index that was built anew counts words otherwise than one that was added to.
        "answers": sorted(
            f"{hit.procedure_id} {hit.version} {hit.section_key}"
            for hit in library.search("smitte sprit vask").result.hits
        ),
    }


def kept_of(site: Site, library: Library) -> dict[str, Any]:
    """Everything that is left after an act, but for instants at which projections were written. Looks only."""
    parts = library._parts
    store, restricted = GitStore(site.home / "library.git"), GitStore(site.home / "restricted.git")
    return {
        "tables": rows_of(library, NOT_COMPARED),
        "schema": f"{parts.database.schema()} {_what_is_wrong_with_the_database(library)}",
        "branches": {branch: store.tip(branch) for branch in (MAIN, REGISTER)},
        # One that was signed before the kill stands, and the second call signs another.
        "has checkpoints": store.tip(CHECKPOINTS) is not None,
        # Whoever did not hear that a set was taken takes it again.
        "backups": sorted({f"{one.number} {one.hash}" for one in whole_sets(site.folder / BACKUP).manifests}),
        "restricted": restricted.tip(MAIN),
        "index": repr(parts.engine.contents()),
        "published": files_in(site.published),
    }


def rows_of(library: Library, left_out: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """Every row of every table, in words; without the columns that are left out. As the database gives them, which is quick."""
    tables = [table.name for table in Row.metadata.sorted_tables]
    every = [f'SELECT * FROM "{table}"' for table in tables]  # noqa: S608  our own tables
    rows: dict[str, list[str]] = {}
    with library._parts.database.reading() as session:
        cursor = session.connection().connection.cursor()
        is_one_question = hasattr(cursor, "nextset")  # PostgreSQL takes all of them at once; SQLite is no journey away
        if is_one_question:
            cursor.execute(";".join(every))
        for table, asked in zip(tables, every, strict=True):
            if not is_one_question:
                cursor.execute(asked)
            names = [column[0] for column in cursor.description]
            shown = [place for place, name in enumerate(names) if name not in left_out.get(table, ())]
            rows[table] = sorted(repr({names[place]: row[place] for place in shown}) for row in cursor.fetchall())
            if is_one_question:
                cursor.nextset()
        cursor.close()
    return rows


def files_in(folder: Path, left_out: str | None = None) -> dict[str, str]:
    """Name and hash of every file below a folder, without those that a pattern leaves out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not (left_out and path.match(left_out))
    }


def all_of(site: Site, library: Library) -> str:
    """
    A hash of all that a check can look at: all rows, what is wrong with their pages and indexes, all other files.

    But for the instant at which a projection was written since this program began: a trial is done later than the one before.
    """
    wrong = _what_is_wrong_with_the_database(library)
    rows = rows_of(library, {})
    for table, column in WRITTEN_AT:
        rows[table] = sorted(_without_instant(row, column) for row in rows[table])
    files = {
        path.relative_to(site.folder).as_posix(): hashlib.sha256(_without_instants(path)).hexdigest()
        for path in sorted(site.folder.rglob("*"))
        if path.is_file() and not path.match(f"{DATABASE_FILE}*")
    }
    return hashlib.sha256(json.dumps([rows, wrong, files]).encode()).hexdigest()


def _without_instant(row: str, column: str) -> str:
    """Leave out of a row an instant that is one, and of this run; any other value stays."""
    found = re.search(rf"'{column}': (?:'([^']+)'|datetime\.datetime\(([\d, ]+), tzinfo=[^()]*(?:\([^()]*\))?\))", row)
    if found is None:
        return row
    try:
        said = (
            datetime.fromisoformat(found[1]) if found[1] else datetime(*map(int, found[2].split(",")))  # noqa: DTZ001
        )
    except (ValueError, TypeError):
        return row
    return row.replace(found[0], f"'{column}': now") if said.replace(tzinfo=UTC) >= BEGUN else row


def _without_instants(path: Path) -> bytes:
    """Give a file; of git's own log of a branch all but when each line was written."""
    content = path.read_bytes()
    return re.sub(rb"(?m)> \d{10} \+0000\t", b"> \t", content) if "logs" in path.parts else content


def _what_is_wrong_with_the_database(library: Library) -> list[str]:
    """Pages that SQLite cannot read, and tables, columns and indexes that are gone."""
    with library._parts.database.reading() as session:
        connection = session.connection()
        return [*page_faults(connection), *(f"{code} {name}" for code, name in schema_faults(connection))]


def litter_in(site: Site) -> list[str]:
    """What a killed git left behind, however young it is: the story's clock stands before any file was made."""
    stores = (GitStore(site.home / name) for name in ("library.git", "restricted.git"))
    return [
        f"{store.folder.name} {path}" for store in stores for path in store.litter(datetime.max.replace(tzinfo=UTC))
    ]


def decisions_in(library: Library) -> list[list[Any]]:
    """Number, id and hash of every decision, in order."""
    query = select(DecisionRow.number, DecisionRow.id, DecisionRow.hash).order_by(DecisionRow.number)
    with library._parts.database.reading() as session:
        return [list(row) for row in session.exec(query)]


def backup_faults(site: Site) -> list[str]:
    """Everything that is wrong with the sets there are; one that was begun is none."""
    folder = site.folder / BACKUP
    sets = whole_sets(folder)
    return [*sets.damaged, *(f"{one.name}: {found}" for one in sets.manifests for found in faults_of(folder, one))]
