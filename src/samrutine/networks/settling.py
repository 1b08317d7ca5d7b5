"""Open a library, and settle what its texts lean on: municipalities, networks, policies, subjects, vocabulary."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, SYSTEM, ActorId, Role
from samrutine.errors import HomeExists, StoreDamaged
from samrutine.networks.library_files import read_library
from samrutine.networks.shared_library import SharedLibrary
from samrutine.procedures.checks import Known
from samrutine.procedures.model import ProcedureId
from samrutine.procedures.text import digest as digest_of
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import (
    ActorRow,
    LibraryFileRow,
    LibraryRow,
    MunicipalityRow,
    NetworkRow,
    PersonRow,
    ProcedureRow,
    RoleGrantRow,
    WordsRow,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A library is open: its first decisions are made, and it has an editor."""

    editor: ActorId
    municipalities: int
    networks: int
    demo: bool
    number: int
    projected: bool


class Settling:
    """The library's own settings."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

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
        for one in shared.municipalities:
            session.add(MunicipalityRow(number=one.number, name=one.name, slug=one.slug, sami_name=one.sami_name))
        for network in shared.networks:
            policy = json.dumps(asdict(shared.policy_of(network)), sort_keys=True)
            session.add(NetworkRow(id=network.id, name=network.name, policy=policy))
        session.flush()


def shared_library(session: Session) -> SharedLibrary:
    """
    Give the library's settings as last settled.

    Raises:
        StoreDamaged: A settled file's bytes are gone or changed. `samrutine verify` says more.
    """
    rows = session.exec(select(LibraryFileRow).order_by(LibraryFileRow.path)).all()
    return _read_settled(session, tuple((row.path, row.digest) for row in rows))


def known_to_checks(session: Session) -> Known:
    """Give what the checks of a text may take for known: ids, networks, subjects, repealed law."""
    shared = shared_library(session)
    return Known(
        procedures=frozenset(ProcedureId(one) for one in session.exec(select(ProcedureRow.id))),
        networks=frozenset(network.id for network in shared.networks),
        subjects=frozenset(subject.id for subject in shared.subjects),
        repealed=shared.repealed,
        laws=shared.laws,
    )


_remembered: dict[tuple[tuple[str, str], ...], SharedLibrary] = {}


def _read_settled(session: Session, files: tuple[tuple[str, str], ...]) -> SharedLibrary:
    # Named by digests, so what is remembered can never be stale; one library at a time is enough.
    if files not in _remembered:
        contents: dict[str, bytes] = {}
        for path, digest in files:
            row = session.get(WordsRow, digest)
            if row is None or digest_of(row.content) != digest:
                raise StoreDamaged(store="SQL", detail=f"library/{path}")
            contents[path] = row.content
        _remembered.clear()
        _remembered[files] = read_library(contents)
    return _remembered[files]
