"""Open a library, settle what its texts lean on (municipalities, networks, policies, subjects, words), and read it."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, or_, select

from samrutine.actors import LIBRARY, SYSTEM, ActorId, Role, Verb, network_body, roles_for
from samrutine.arguments import require_text
from samrutine.errors import HomeExists, InvalidRequest, SettingsChanged, StoreDamaged
from samrutine.inbox.opening import tell, wait_to_consider
from samrutine.networks.directory import get_actor
from samrutine.networks.library_files import FILES, read_library
from samrutine.networks.settings_rules import InUse, reasons_against_settling
from samrutine.networks.shared_library import SharedLibrary
from samrutine.procedures.checks import Known
from samrutine.procedures.model import Digest, ProcedureId
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.proposals.transitions import OPEN_STATES
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions, reasons_against_keeping
from samrutine.storage.rows import (
    ActorRow,
    AdoptionRow,
    AttachmentRow,
    LibraryFileRow,
    LibraryRow,
    MunicipalityRow,
    NetworkRow,
    PersonRow,
    ProcedureRow,
    ProposalRow,
    RoleGrantRow,
    WordsRow,
)
from samrutine.storage.sql import Database

LONGEST_REASON: Final = 1_000
"""Characters in why the settings are changed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A library is open: its first decisions are made, and it has an editor."""

    editor: ActorId
    municipalities: int
    networks: int
    demo: bool
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One file of the settings as last settled: its path under `library/`, its bytes, its digest, and by which decision."""

    path: str
    content: bytes
    digest: Digest
    number: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The settings are changed. `files` are those that changed; `new_municipalities` have everything to consider."""

    files: tuple[str, ...]
    new_municipalities: tuple[str, ...]
    number: int
    projected: bool


class Settling:
    """The library's own settings."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def settings(self) -> Sequence[Setting]:
        """Give every file of the settings as last settled, by path."""
        with self._database.reading() as session:
            rows = session.exec(select(LibraryFileRow).order_by(LibraryFileRow.path)).all()
            return [
                Setting(row.path, _content(session, row.path, row.digest), Digest(row.digest), row.settled_number)
                for row in rows
            ]

    def settle(
        self, files: Mapping[str, bytes], *, read: Mapping[str, str], reason: str, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Settled:  # fmt: skip
        """
        Change the settings: networks, policies, subjects, vocabulary, whom to hear, templates, municipalities.

        A change holds from now on. A round that is open keeps the policy it was opened with. A municipality that is new has
        every routine to consider.

        Args:
            files: The whole new content of each file that changes, by path under `library/`.
            read: The digest of each of these files as it was when the change was begun, so that nobody undoes unread
                what another settled. A file that is not settled yet has none.
            reason: Why, for those who ask in two years. May be erased later.

        Raises:
            InvalidText: A file is wrong, or no longer fits the others; the findings name file, line and remedy.
            InvalidRequest: There is no such file, or no reason.
            SettingsChanged: Somebody settled one of the files meanwhile. Read it again.
            Refused: Nothing would change; a municipality, network or subject that is leaned on would go away; or a file
                holds what looks like a national identity number or a private address.
            NotAllowed: The editor settles everything; a network's leader only what is the network's own.
        """
        why = require_text("reason", reason, longest=LONGEST_REASON, may_be_empty=False).strip()
        for path in files:
            if path not in FILES:
                raise InvalidRequest(what="file", value=path[:100], expected=", ".join(FILES[:6]))
        _refuse_personal_data(files)
        digests = {path: digest_of(content) for path, content in sorted(files.items())}
        request, texts = {"files": digests}, {"reason": why}
        if earlier := self._decisions.made(decision_id, "settle", request, by=by, texts=texts):
            # Before anything is read: the other files may be others by now, which these no longer fit.
            facts = earlier[0].facts
            return Settled(tuple(facts["files"]), tuple(facts["new_municipalities"]), earlier[0].number, projected=True)
        with self._database.reading() as session:
            known = {
                row.path: (row.digest, _content(session, row.path, row.digest))
                for row in session.exec(select(LibraryFileRow))
            }
        before = read_library({path: content for path, (_, content) in known.items()})
        after = read_library({**{path: content for path, (_, content) in known.items()}, **files})
        with self._decisions.act(decision_id, "settle", request, by=by, now=now, texts=texts) as act:
            if not act.is_repeat:
                self._settle(
                    act, files, digests, read, {path: digest for path, (digest, _) in known.items()}, before, after
                )
        made = act.decisions[0]
        return Settled(tuple(made.facts["files"]), tuple(made.facts["new_municipalities"]), made.number, act.projected)

    @staticmethod
    def _settle(
        act: Act, files: Mapping[str, bytes], digests: Mapping[str, str], read: Mapping[str, str], checked: Mapping[str, str],
        before: SharedLibrary, after: SharedLibrary,
    ) -> None:  # fmt: skip
        session = act.session
        actor = get_actor(session, act.by)
        rows = {row.path: row for row in session.exec(select(LibraryFileRow))}
        now_settled = {path: row.digest for path, row in rows.items()}
        changed = {path: digest for path, digest in digests.items() if now_settled.get(path) != digest}
        gone = {one.id for one in before.subjects} - {one.id for one in after.subjects}
        in_use = _in_use(session, act.today, gone)
        refuse(reasons_against_settling(actor, before, after, in_use, act.today, changes=bool(changed)))
        for path in sorted(now_settled.keys() | files.keys()):
            if path in files and read.get(path) != now_settled.get(path):
                raise SettingsChanged(file=path)
            # The whole was checked before the lock was taken; it must be the whole that is there.
            if checked.get(path) != now_settled.get(path):
                raise SettingsChanged(file=path)
        known = {one.number for one in before.municipalities}
        new = [one.number for one in after.municipalities if one.number not in known]
        led = [one.id for one in before.networks if Role.LEADER in actor.roles_in(network_body(one.id), act.today)]
        roles = roles_for(actor, Verb.SETTLE, LIBRARY, act.today)
        decision = act.record(
            "library_settled", body=LIBRARY if roles else network_body(led[0]), role=roles[0] if roles else Role.LEADER,
            facts={"files": changed, "new_municipalities": new}, touches=("library",),
        )  # fmt: skip
        for path, digest in changed.items():
            act.keep_words(digest, files[path])
            session.merge(LibraryFileRow(path=path, digest=digest, settled_number=decision.number))
        keep_rows(session, after)
        for number in new:
            _ask_about_everything(act, number, decision.number)
        everybody = [(LIBRARY, Verb.SETTLE), *((network_body(one.id), Verb.SETTLE) for one in after.networks)]
        tell(act, "settings-changed", "library", bodies=everybody)

    def open_library(
        self, files: Mapping[str, bytes], *, editor_login: str, editor_name: str, demo: bool, language: str,
        now: datetime, decision_id: DecisionId,
    ) -> Opened:  # fmt: skip
        """
        Make the first decisions: the library is open, it has an editor, and its settings are these files.

        Args:
            files: What `library/` shall hold, by path inside it.
            demo: Every page and document says DEMO from now on. Cannot be changed later.

        Returns:
            The same answer for a second call with the same decision id.

        Raises:
            HomeExists: The library was opened before, by another act.
            InvalidText: A file is wrong; the findings name file, line and remedy.
        """
        _refuse_personal_data(files)
        shared = read_library(files)
        digests = {path: digest_of(content) for path, content in sorted(files.items())}
        request = {"files": digests, "demo": demo, "language": language}
        with self._decisions.act(decision_id, "open_library", request, by=SYSTEM, now=now) as act:
            if act.is_repeat:
                # The name is no part of what is hashed, so that it can be erased; another's name is another's library.
                editor = act.session.exec(
                    select(PersonRow.login)
                    .join(ActorRow, col(ActorRow.person_id) == col(PersonRow.id))
                    .where(ActorRow.id == act.decisions[1].facts["actor"], col(PersonRow.erased_at).is_(None))
                ).first()
                if editor not in {None, editor_login}:
                    raise HomeExists(home="library")
            else:
                if act.head.number:
                    raise HomeExists(home="library")
                self._open(act, files, digests, shared, editor_login, editor_name, demo=demo, language=language)
        first, person, *_ = act.decisions
        return Opened(
            ActorId(person.facts["actor"]),
            len(shared.municipalities),
            len(shared.networks),
            demo,
            first.number,
            act.projected,
        )

    @staticmethod
    def _open(
        act: Act, files: Mapping[str, bytes], digests: Mapping[str, str], shared: SharedLibrary, login: str, name: str, *,
        demo: bool, language: str,
    ) -> None:  # fmt: skip
        session = act.session
        opened = act.record(
            "library_opened", body=LIBRARY, role=Role.EDITOR, facts={"demo": demo, "language": language}
        )
        session.add(LibraryRow(id=1, demo=demo, language=language, opened_number=opened.number))
        tail = hashlib.sha256(act.id.encode()).hexdigest()[:10]
        editor = f"a-{tail}"
        added = act.record("person_added", body=LIBRARY, role=Role.EDITOR, facts={"actor": editor})
        session.add(PersonRow(id=f"n-{tail}", login=login, name=name, created_at=act.now))
        session.flush()
        session.add(ActorRow(id=editor, kind="person", person_id=f"n-{tail}", created_number=added.number))
        session.flush()
        day = act.today
        granted = act.record(
            "role_granted", body=LIBRARY, role=Role.EDITOR,
            facts={"actor": editor, "role": Role.EDITOR.value, "from": day.isoformat(), "until": None},
        )  # fmt: skip
        session.add(
            RoleGrantRow(
                id=f"r-{tail}",
                actor_id=editor,
                body=LIBRARY,
                role=Role.EDITOR.value,
                from_on=day,
                decided_number=granted.number,
            )
        )
        settled = act.record(
            "library_settled", body=LIBRARY, role=Role.EDITOR, facts={"files": dict(digests)}, touches=("library",)
        )
        for path, content in files.items():
            act.keep_words(digests[path], content)
            session.add(LibraryFileRow(path=path, digest=digests[path], settled_number=settled.number))
        keep_rows(session, shared)


def _refuse_personal_data(files: Mapping[str, bytes]) -> None:
    """The files go to `main` as they are, comments too, and nothing is ever taken out of git."""
    refuse(reasons_against_keeping({path: content.decode("utf-8", "replace") for path, content in files.items()}))


def keep_rows(session: Session, shared: SharedLibrary) -> None:
    """Make the rows of municipalities and networks say what the settled files say."""
    for one in shared.municipalities:
        session.merge(
            MunicipalityRow(number=one.number, name=one.name, slug=one.slug, sami_name=one.sami_name, colour=one.colour)
        )
    for network in shared.networks:
        policy = json.dumps(asdict(shared.policy_of(network)), sort_keys=True)
        session.merge(NetworkRow(id=network.id, name=network.name, policy=policy))
    kept = {network.id for network in shared.networks}
    for row in session.exec(select(NetworkRow)):
        if row.id not in kept:
            session.delete(row)
    session.flush()


def _ask_about_everything(act: Act, municipality: str, number: int) -> None:
    """Put every routine that stands before a municipality that is new."""
    session = act.session
    rows = session.exec(select(ProcedureRow).where(col(ProcedureRow.withdrawn_number).is_(None))).all()
    session.add_all(
        AdoptionRow(municipality=municipality, procedure_id=row.id, state="to-consider", decided_number=number)
        for row in rows
    )
    wait_to_consider(act, [(municipality, row.id, f"{row.major}.{row.minor}") for row in rows])
    session.flush()


def _in_use(session: Session, today: date, gone: Collection[str]) -> InUse:
    """
    Give what texts and people lean on: the newest version of each routine, and each proposal that is open.

    Args:
        gone: The subjects that would go away; of the others it is not said whether a text is about them.
    """
    networks = {*session.exec(select(ProcedureRow.network)), *session.exec(select(ProposalRow.network))}
    is_open = col(ProposalRow.state).in_([one.value for one in OPEN_STATES])
    beside = [
        *session.exec(select(ProcedureRow.co_networks)),
        *session.exec(select(ProposalRow.co_networks).where(is_open)),
    ]
    networks |= {one for kept in beside for one in kept.split()}
    held = select(RoleGrantRow.body).where(
        col(RoleGrantRow.ended_number).is_(None),
        or_(col(RoleGrantRow.until_on).is_(None), col(RoleGrantRow.until_on) > today),
    )
    networks |= {body.partition(":")[2] for body in session.exec(held) if body.startswith("network:")}
    subjects = set(session.exec(select(ProcedureRow.folder)))
    if gone:
        # Only the text itself has its subjects after the first. Subjects seldom go, so each text may be read then.
        heads = select(WordsRow.content).join(ProcedureRow, col(ProcedureRow.digest) == col(WordsRow.digest))
        for data in (*session.exec(heads), *session.exec(select(ProposalRow.text).where(is_open))):
            if any(one.encode() in data for one in gone):
                subjects |= {*read(data, "library").front.subjects}
    return InUse(frozenset(networks), frozenset(subjects))


def _content(session: Session, path: str, digest: str) -> bytes:
    row = session.get(WordsRow, digest)
    if row is None or digest_of(row.content) != digest:
        raise StoreDamaged(store="SQL", detail=f"library/{path}")
    return row.content


def shared_library(session: Session) -> SharedLibrary:
    """
    Give the library's settings as last settled.

    Raises:
        StoreDamaged: A settled file's bytes are gone or changed. `samrutine verify` says more.
    """
    return _read_settled(session, settled_files(session))


def settled_files(session: Session) -> tuple[tuple[str, str], ...]:
    """Give path and digest of each file of the settings: equal as long as nobody settled anything."""
    rows = session.exec(select(LibraryFileRow.path, LibraryFileRow.digest).order_by(LibraryFileRow.path))
    return tuple((path, digest) for path, digest in rows)


def known_to_checks(session: Session, hidden: Collection[str] = (), *, held: Collection[Digest] = ()) -> Known:
    """
    Give what the checks of a text may take for known: ids, networks, subjects, repealed law, attached files.

    Args:
        hidden: Routines that whoever reads the findings may not know of; a link to one is as a link to nowhere.
        held: The files that go with the text itself, beside those of all versions.
    """
    shared = shared_library(session)
    whole = col(WordsRow.redacted_number).is_(None), col(WordsRow.lost_number).is_(None)
    there = select(AttachmentRow.digest).join(WordsRow, col(WordsRow.digest) == col(AttachmentRow.digest)).where(*whole)
    return Known(
        procedures=frozenset(ProcedureId(one) for one in session.exec(select(ProcedureRow.id)) if one not in hidden),
        networks=frozenset(network.id for network in shared.networks),
        subjects=frozenset(subject.id for subject in shared.subjects),
        repealed=shared.repealed,
        laws=shared.laws,
        attachments=frozenset((*held, *(Digest(one) for one in session.exec(there)))),
    )


_remembered: dict[tuple[tuple[str, str], ...], SharedLibrary] = {}


def _read_settled(session: Session, files: tuple[tuple[str, str], ...]) -> SharedLibrary:
    # Named by digests, so what is remembered can never be stale; one library at a time is enough.
    if files not in _remembered:
        contents = {path: _content(session, path, digest) for path, digest in files}
        _remembered.clear()
        _remembered[files] = read_library(contents)
    return _remembered[files]
