"""Put the parts together: the only module that knows every other."""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from samrutine.connectors.known import CONNECTORS
from samrutine.errors import DatabaseDamaged, HomeNotFound, RestoreUnfinished
from samrutine.exchange.formats import RENDERERS
from samrutine.making import REPOSITORY, RESTRICTED
from samrutine.settings import DATABASE_FILE, SETTINGS_FILE, Settings, read_settings
from samrutine.settings import database_url as _database_url
from samrutine.storage.sql import Database

if TYPE_CHECKING:
    from samrutine.adoptions.adding import Additions
    from samrutine.adoptions.documents import Documents
    from samrutine.adoptions.filling_in import FillingIn
    from samrutine.adoptions.following import StandingDecisions
    from samrutine.adoptions.inspecting import Inspecting
    from samrutine.adoptions.lifting import Lifting
    from samrutine.adoptions.lists import Lists
    from samrutine.adoptions.local_search import LocalSearch
    from samrutine.adoptions.overview import Overview
    from samrutine.adoptions.papers import Papers
    from samrutine.adoptions.preparing import Preparing
    from samrutine.adoptions.service import Adoptions
    from samrutine.adoptions.side_by_side import LocalLayers
    from samrutine.collecting.parts import CollectingParts
    from samrutine.inbox.service import Inbox
    from samrutine.intake.parts import IntakeParts
    from samrutine.networks.erasure import Erasure
    from samrutine.networks.retention import Retention
    from samrutine.networks.service import People
    from samrutine.networks.settling import Settling
    from samrutine.networks.text_erasure import TextErasure
    from samrutine.procedures.redaction import Redaction
    from samrutine.procedures.reviewing import Reviewing
    from samrutine.procedures.service import Procedures
    from samrutine.projections.service import Projections
    from samrutine.projections.verify import Verified
    from samrutine.proposals.comparing import Comparing
    from samrutine.proposals.drafting import Drafting
    from samrutine.proposals.hearing_answers import HearingAnswers
    from samrutine.proposals.hearing_links import HearingLinks
    from samrutine.proposals.hearing_service import Hearings
    from samrutine.proposals.hurrying import Hurrying
    from samrutine.proposals.refreshing import Refreshing
    from samrutine.proposals.retiring import Retiring
    from samrutine.proposals.service import Proposals
    from samrutine.proving.checkpoints import Checkpoints
    from samrutine.proving.service import Proving
    from samrutine.publishing.paused import Resuming
    from samrutine.publishing.service import Publishing
    from samrutine.reading.feedback import FeedbackVerbs
    from samrutine.reading.unanswered import UnansweredSearches
    from samrutine.reading.wishes import Wishes
    from samrutine.recovery.backup import Backup
    from samrutine.search.engine import Engine
    from samrutine.search.exempt import ExemptEngines
    from samrutine.search.service import Indexes, Searching
    from samrutine.search.settled_words import SettledWords
    from samrutine.storage.decisions import DecisionId, Decisions
    from samrutine.storage.git import GitStore
    from samrutine.storage.guards import Guards
    from samrutine.storage.words import Words
    from samrutine.upkeep.doctor import Doctor
    from samrutine.upkeep.maintenance import Maintenance


class Parts:
    """
    An opened home.

    Each part is imported and made when it is first asked for, and kept. All of them together take 0.6 s to import, and
    a search from the shell, which people wait for, needs three.
    """

    def __init__(self, home: Path, settings: Settings) -> None:
        self.home = home
        self.settings = settings
        self.database = Database(_database_url(home, settings))
        self.renderers = RENDERERS
        self.connectors = CONNECTORS

    def require_database(self) -> None:
        """
        Refuse a home whose database is not there, or is another release's.

        Raises:
            HomeNotFound, OtherSchema: As `Library.open`.
            DatabaseDamaged: Decisions were made here, and their database is gone.
        """
        # SQLite would make an empty one, or take an empty file for one, and a library that lost its database would seem to be no library at all.
        # Without decisions in git it is a home that `init` did not finish, and may finish now.
        if not self.settings.database_url and not _has_bytes(self.home / DATABASE_FILE):
            if self.store.has_decisions():
                raise DatabaseDamaged(detail=DATABASE_FILE)
            raise HomeNotFound(home=self.home)
        self.database.require_schema()

    @cached_property
    def engine(self) -> "Engine":
        """Search on this host."""
        from samrutine.search.engine import Engine

        return Engine(self.home / "index", meanings=self._settled_words.meanings)

    @cached_property
    def exempt_engines(self) -> "ExemptEngines":
        """Search on this host in what is exempt, apart for each circle of readers."""
        from samrutine.search.exempt import ExemptEngines

        return ExemptEngines(self.home / "index" / "exempt", meanings=self._settled_words.meanings)

    @cached_property
    def _settled_words(self) -> "SettledWords":
        """What words may also mean, as settled."""
        from samrutine.search.settled_words import SettledWords

        return SettledWords(self.database, self.home / "index")

    @cached_property
    def searching(self) -> "Searching":
        """The verb of finding."""
        from samrutine.search.service import Indexes, Searching

        names = [_own_index(), f"exempt-{_own_index()}"]
        return Searching(
            self.database, Indexes(self.engine, self.exempt_engines),
            lambda: self.projections.rebuild(names, wait_seconds=2.0), self._indexes_for_now,
            lambda typed, query, day: self.unanswered.note(typed, query, day),  # noqa: PLW0108  made when first told
            lambda: self.local_search,
        )  # fmt: skip

    def _indexes_for_now(self) -> "Indexes":
        from samrutine.projections.for_now import IndexesForNow

        return IndexesForNow(self.database, self.home / "index", self._settled_words.meanings)

    @cached_property
    def store(self) -> "GitStore":
        """The bare repository."""
        from samrutine.storage.git import GitStore

        return GitStore(self.home / REPOSITORY)

    @cached_property
    def restricted(self) -> "GitStore":
        """The bare repository of what is exempt from public access."""
        from samrutine.storage.git import GitStore

        return GitStore(self.home / RESTRICTED)

    @cached_property
    def words(self) -> "Words":
        """The bytes behind digests."""
        from samrutine.storage.words import Words

        return Words({"library": self.store, "restricted": self.restricted})

    @cached_property
    def projections(self) -> "Projections":
        """Everything that repeats what is decided, in the order in which it is brought up to date."""
        from samrutine.projections.assembled import assembled

        return assembled(
            self.home, _host(), self.database, (self.store, self.restricted), self.engine, self.exempt_engines, self.words,
            lambda: datetime.now(UTC),
        )  # fmt: skip

    @cached_property
    def decisions(self) -> "Decisions":
        """The one way to decide, after which what repeats is brought up to date."""
        from samrutine.storage.decisions import Decisions

        return Decisions(self.database, self.projections.bring_up_to_date, self.guards)

    @cached_property
    def guards(self) -> "Guards":
        """What must hold of the machine before anything is decided."""
        from samrutine.projections.beyond import Beyond
        from samrutine.storage.guards import MEGABYTE, Guards

        room, wrong_until = self.settings.least_free_mb * MEGABYTE, self.settings.clock_wrong_until
        return Guards(self.home, room, wrong_until, Beyond(self.store))

    @cached_property
    def maintenance(self) -> "Maintenance":
        """The verb of maintenance."""
        from samrutine.storage.lock import ProjectorLock
        from samrutine.upkeep.maintenance import Maintenance

        lock = ProjectorLock(self.home, self.database)
        return Maintenance(
            self.database, lock, (self.store, self.restricted), self.guards, self._renew_worn_index,
            self.intake.clear,
        )  # fmt: skip

    def _renew_worn_index(self) -> tuple[str, ...]:
        self.projections.finish_later()
        if not self.engine.is_worn():
            return ()
        self.projections.rebuild((_own_index(),))
        return (_own_index(),)

    def doctor(self, clock: Callable[[], datetime]) -> "Doctor":
        """The verb of looking at the machine beneath."""
        from samrutine.upkeep.doctor import Doctor

        return Doctor(
            self.home, self.settings, self.database, (self.store, self.restricted), self.projections,
            self.checkpoints.signer, self.require_database, clock,
        )  # fmt: skip

    @cached_property
    def settling(self) -> "Settling":
        """The verbs of the library's own settings."""
        from samrutine.networks.settling import Settling

        return Settling(self.database, self.decisions)

    @cached_property
    def people(self) -> "People":
        """The verbs about people."""
        from samrutine.networks.service import People

        return People(self.database, self.decisions)

    @cached_property
    def erasure(self) -> "Erasure":
        """The verb of erasing people."""
        from samrutine.networks.erasure import Erasure

        return Erasure(self.database, self.decisions)

    @cached_property
    def text_erasure(self) -> "TextErasure":
        """The verb of erasing words of decisions."""
        from samrutine.networks.text_erasure import TextErasure

        return TextErasure(self.decisions)

    @cached_property
    def retention(self) -> "Retention":
        """The verb of deleting what was kept long enough."""
        from samrutine.networks.retention import Retention

        return Retention(self.database, self.decisions)

    @cached_property
    def redaction(self) -> "Redaction":
        """The verb of taking words away for good."""
        from samrutine.procedures.redaction import Redaction

        return Redaction(self.database, self.decisions)

    @cached_property
    def procedures(self) -> "Procedures":
        """The verbs of reading about procedures."""
        from samrutine.procedures.service import Procedures

        return Procedures(self.database)

    @cached_property
    def comparing(self) -> "Comparing":
        """What changed from one text to another."""
        from samrutine.proposals.comparing import Comparing

        return Comparing(self.database, self.words)

    @cached_property
    def proposals(self) -> "Proposals":
        """The verbs of a round of approval."""
        from samrutine.proposals.service import Proposals

        return Proposals(self.database, self.decisions, self.words)

    @cached_property
    def hearings(self) -> "Hearings":
        """The verbs of a hearing."""
        from samrutine.proposals.hearing_service import Hearings

        return Hearings(self.database, self.decisions)

    @cached_property
    def hearing_answers(self) -> "HearingAnswers":
        """The verbs of those who are heard, and of those who reply to them."""
        from samrutine.proposals.hearing_answers import HearingAnswers

        return HearingAnswers(self.decisions)

    @cached_property
    def hearing_links(self) -> "HearingLinks":
        """The verbs of those outside."""
        from samrutine.proposals.hearing_links import HearingLinks

        return HearingLinks(self.database, self.decisions)

    @cached_property
    def drafting(self) -> "Drafting":
        """The verbs of a draft."""
        from samrutine.exchange.file_words import file_words
        from samrutine.proposals.drafting import Drafting

        return Drafting(self.database, self.decisions, file_words)

    @cached_property
    def hurrying(self) -> "Hurrying":
        """The verb of a hasteversjon."""
        from samrutine.proposals.hurrying import Hurrying

        return Hurrying(self.database, self.decisions, self.words)

    @cached_property
    def refreshing(self) -> "Refreshing":
        """The verb that takes the newest version up into a proposal."""
        from samrutine.proposals.refreshing import Refreshing

        return Refreshing(self.database, self.decisions, self.words)

    @cached_property
    def retiring(self) -> "Retiring":
        """The verb that proposes to withdraw a routine."""
        from samrutine.proposals.retiring import Retiring

        return Retiring(self.decisions, self.words)

    @cached_property
    def adoptions(self) -> "Adoptions":
        """The verbs by which a municipality answers."""
        from samrutine.adoptions.service import Adoptions

        return Adoptions(self.decisions)

    @cached_property
    def lists(self) -> "Lists":
        """The verbs of a list of answers."""
        from samrutine.adoptions.lists import Lists

        return Lists(self.database, self.decisions)

    @cached_property
    def standing(self) -> "StandingDecisions":
        """The verbs of standing decisions."""
        from samrutine.adoptions.following import StandingDecisions

        return StandingDecisions(self.database, self.decisions)

    @cached_property
    def preparing(self) -> "Preparing":
        """The verbs of those who prepare."""
        from samrutine.adoptions.preparing import Preparing

        return Preparing(self.database, self.decisions)

    @cached_property
    def filling_in(self) -> "FillingIn":
        """The verbs of local information."""
        from samrutine.adoptions.filling_in import FillingIn

        return FillingIn(self.database, self.decisions, self.words)

    @cached_property
    def inbox(self) -> "Inbox":
        """What waits, and who is told."""
        from samrutine.inbox.service import Inbox

        return Inbox(self.database, self.decisions)

    @cached_property
    def reviewing(self) -> "Reviewing":
        """The verbs of looking after routines."""
        from samrutine.procedures.reviewing import Reviewing

        return Reviewing(self.database, self.decisions)

    @cached_property
    def feedback(self) -> "FeedbackVerbs":
        """What readers say of the routines."""
        from samrutine.reading.feedback import FeedbackVerbs

        return FeedbackVerbs(self.database, self.decisions)

    @cached_property
    def intake(self) -> "IntakeParts":
        """What was sent in, and what becomes of it."""
        from samrutine.intake.parts import IntakeParts

        return IntakeParts(self, self.home)

    @cached_property
    def wishes(self) -> "Wishes":
        """What readers wish for."""
        from samrutine.reading.wishes import Wishes

        return Wishes(self.database, self.decisions)

    @cached_property
    def local_search(self) -> "LocalSearch":
        """Search in what municipalities added and filled in."""
        from samrutine.adoptions.local_search import LocalSearch

        return LocalSearch(
            self.database, lambda: self.documents, self._settled_words.meanings, self.searching.worths
        )  # fmt: skip

    @cached_property
    def unanswered(self) -> "UnansweredSearches":
        """What readers searched for in vain."""
        from samrutine.reading.unanswered import UnansweredSearches

        return UnansweredSearches(self.database)

    @cached_property
    def overview(self) -> "Overview":
        """Who uses what."""
        from samrutine.adoptions.overview import Overview

        return Overview(self.database)

    @cached_property
    def documents(self) -> "Documents":
        """The effective documents."""
        from samrutine.adoptions.documents import Documents

        return Documents(self.database, self.words, self.settings.address)

    @cached_property
    def papers(self) -> "Papers":
        """What is printed beside the one document."""
        from samrutine.adoptions.papers import Papers

        return Papers(self.database, self.documents, self.procedures, self.comparing)

    @cached_property
    def additions(self) -> "Additions":
        """The verbs of a municipality's additions."""
        from samrutine.adoptions.adding import Additions

        return Additions(self.database, self.decisions, self.words)

    @cached_property
    def local_layers(self) -> "LocalLayers":
        """The local layers side by side."""
        from samrutine.adoptions.side_by_side import LocalLayers

        return LocalLayers(self.database, self.words)

    @cached_property
    def lifting(self) -> "Lifting":
        """The verb by which an addition becomes common."""
        from samrutine.adoptions.lifting import Lifting

        return Lifting(self.database, self.words, self.drafting)

    @cached_property
    def inspecting(self) -> "Inspecting":
        """Accounts of days, and what an inspector asks for."""
        from samrutine.adoptions.inspecting import Inspecting

        return Inspecting(self.database, self.documents)

    @cached_property
    def collecting(self) -> "CollectingParts":
        """What networks ask for, and what becomes of it."""
        from samrutine.collecting.parts import CollectingParts

        return CollectingParts(self)

    @cached_property
    def checkpoints(self) -> "Checkpoints":
        """The signed checkpoints."""
        from samrutine.proving.checkpoints import Checkpoints
        from samrutine.proving.signing import Signer
        from samrutine.proving.timestamps import TimestampAuthority
        from samrutine.storage.lock import ProjectorLock

        asked = self.settings.checkpoints
        return Checkpoints(
            self.database, self.store, ProjectorLock(self.home, self.database).held, self.projections.bring_up_to_date,
            Signer(self.home / asked.key, self.home) if asked.key else None,
            Signer(self.home / asked.former_key, self.home) if asked.former_key else None,
            TimestampAuthority(asked.timestamp_url, self.home / asked.timestamp_ca) if asked.timestamp_url else None,
        )  # fmt: skip

    @cached_property
    def proving(self) -> "Proving":
        """The verb that proves what was in force."""
        from samrutine.proving.service import Proving

        return Proving(self.database, self.words, self.store, self.checkpoints, self.projections.bring_up_to_date)

    @cached_property
    def publishing(self) -> "Publishing":
        """The verbs of publishing."""
        from samrutine.publishing.attached import as_approved
        from samrutine.publishing.service import Publishing

        approved = as_approved(self.database, self.words)
        return Publishing(self.database, self.decisions, self.documents, CONNECTORS, RENDERERS, self.home, approved)

    @cached_property
    def resuming(self) -> "Resuming":
        """The verb that ends a pause of publishing."""
        from samrutine.publishing.paused import Resuming

        return Resuming(self.database, self.decisions, CONNECTORS)

    def verified(self, *, since: int | None = None, looks_outside: bool = True) -> "Verified":
        """
        Check every promise that can be checked, with what signed checkpoints say; or those after a decision. Changes nothing.

        Args:
            looks_outside: Look at what lies where routines are published, too.
        """
        from dataclasses import replace

        from samrutine.projections.faults import Fault
        from samrutine.projections.verify import verify
        from samrutine.proving.faults import checkpoint_faults

        connectors = self.connectors if looks_outside else None
        found = verify(self.database, self.projections, connectors=connectors, since=since)
        if since or found.stopped_at_database:
            return found
        signed = checkpoint_faults(self.database, self.checkpoints, self.store, self.restricted)
        return replace(found, faults=(*found.faults, *(Fault(code, detail) for code, detail in signed)))

    @cached_property
    def backups(self) -> "Backup":
        """The verb of taking backups."""
        from samrutine.recovery.backup import Backup

        return Backup(self.home, self.database, {REPOSITORY: self.store, RESTRICTED: self.restricted})

    def close(self) -> None:
        """Give back connections and files."""
        if "engine" in self.__dict__:
            self.engine.close()
        if "exempt_engines" in self.__dict__:
            self.exempt_engines.close()
        if "searching" in self.__dict__:
            self.searching.close()
        self.database.close()

    @staticmethod
    def decision_id_for(act: str) -> "DecisionId":
        """Give the fixed id of an act that a home sees once, so that a killed `init` can be called again."""
        from samrutine.storage.decisions import DecisionId

        return DecisionId(act)


def open_parts(home: Path) -> Parts:
    """
    Open a home.

    Raises:
        HomeNotFound: The folder holds no settings of ours.
    """
    if not (home / SETTINGS_FILE).is_file():
        if (home / f"{SETTINGS_FILE}.restoring").is_file():
            raise RestoreUnfinished(home=home)
        raise HomeNotFound(home=home)
    return Parts(home, read_settings(home))


def _has_bytes(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade found and left, by the names of the migrations."""

    before: str | None
    after: str | None

    @property
    def changed(self) -> bool:
        """Whether anything was done."""
        return self.before != self.after


def upgrade_home(home: Path) -> Upgraded:
    """
    Bring a home up to this release: its database, the repositories it lacks, and no search index of another release.

    Raises:
        HomeNotFound: The folder holds no settings of ours.
    """
    database = Database(_url(home))
    try:
        before = database.schema()
        database.migrate()
        after = database.schema()
    finally:
        database.close()
    from samrutine.storage.git import GitStore

    GitStore(home / RESTRICTED).create()
    library = GitStore(home / REPOSITORY)
    if (library.folder / "HEAD").is_file():  # one that is gone is for `repair` to make
        library.create()
    _remove_indexes_of_other_releases(home)
    return Upgraded(before, after)


def _remove_indexes_of_other_releases(home: Path) -> None:
    """
    Each is as large as ours, and whoever upgrades has left the other release.

    Should one run all the same, it builds its index anew when next searched.
    """
    from samrutine.search.engine import Engine

    engine = Engine(home / "index")
    try:
        engine.remove_other_forms()
    finally:
        engine.close()


def _own_index() -> str:
    """As `SearchIndex` is called on this host, said without importing it."""
    return f"index@{_host()}"


def _host() -> str:
    return re.sub(r"[^a-z0-9-]", "-", socket.gethostname().lower()) or "host"


def _url(home: Path) -> str:
    return _database_url(home, read_settings(home))
