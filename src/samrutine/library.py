"""
`Library`: one method for each verb. What the command line, the web and scripts call; each method delegates.

    from samrutine import Library

    with Library.open("home") as library:
        for hit in library.search("tuberkulose", municipality="Fauske").result.hits:
            print(hit.title, hit.heading)

Every verb that decides takes `by`, the actor's id or sign-in name, and may be given a `decision_id`: a second call with
the same id is the same act and gives the same answer, so it is always safe to try again. `now` is the present instant
unless given, always aware.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from samrutine.actors import ActorId, Role
from samrutine.arguments import LONGEST_DECISION_ID, one_of
from samrutine.procedures.model import DecisionLevel, Digest, ProcedureId, VersionNumber

if TYPE_CHECKING:
    from samrutine.adoptions.effective import EffectiveDocument
    from samrutine.adoptions.overview import InForce, Matrix
    from samrutine.adoptions.service import Answered, LocalInformationSet, LocalInformationValue
    from samrutine.adoptions.waiting import Waiting
    from samrutine.networks.model import Municipality
    from samrutine.networks.service import Delegated, Person, PersonAdded, RoleGranted, RoleRevoked
    from samrutine.procedures.service import Event, ProcedureSummary, VersionSummary
    from samrutine.projections.service import ConsumerStatus
    from samrutine.projections.verify import Verified
    from samrutine.proposals.intake import Imported
    from samrutine.proposals.model import Proposal, ProposalId, ProposalState, Significance
    from samrutine.proposals.service import Approved, ProposalView, Proposed, Sent, Withdrawn
    from samrutine.publishing.service import AtTarget, Publication, Published, TargetEnded, TargetSet
    from samrutine.search.model import Filter
    from samrutine.search.service import SearchAnswer
    from samrutine.storage.decisions import DecisionId
    from samrutine.wiring import Parts, Upgraded


class Library:
    """
    A library of shared routines, opened. Close it, or use it in a `with` block.

    Not for several threads at once: open one for each.
    """

    def __init__(self, parts: "Parts", *, clock: Callable[[], datetime] | None = None) -> None:
        self._parts = parts
        self._clock = clock or (lambda: datetime.now(UTC))

    @classmethod
    def init(
        cls, home: str | Path, *, editor_login: str, editor_name: str, starter: bool = False, demo: bool = False,
        address: str | None = None, database_url: str | None = None, clock: Callable[[], datetime] | None = None,
    ) -> Self:  # fmt: skip
        """
        Make a home and open its library: nine municipalities, their networks, and an editor.

        Killed in the middle, the same call again finishes it.

        Args:
            home: A folder that is empty or does not exist.
            editor_login: The sign-in name of the first editor, who then adds the others.
            starter: Load the starter routines as drafts. Nobody has approved them.
            demo: Everything printed says DEMO. Cannot be changed later.
            address: Where the library's pages stand; printed on documents.
            database_url: PostgreSQL; SQLite in the home when None.

        Raises:
            HomeExists: The folder holds a library, or something else.
        """
        from samrutine.wiring import make_home, open_parts, shipped_library, shipped_procedures

        folder = Path(home)
        make_home(folder, address=address, database_url=database_url)
        library = cls(open_parts(folder), clock=clock)
        try:
            library._parts.settling.open_library(
                shipped_library(), editor_login=editor_login, editor_name=editor_name, demo=demo, language="nb",
                now=library._now(), decision_id=library._parts.decision_id_for("open_library"),
            )  # fmt: skip
            if starter:
                with shipped_procedures() as texts:
                    library.import_folder(texts, by=editor_login)
        except BaseException:
            library.close()
            raise
        return library

    @classmethod
    def open(cls, home: str | Path, *, clock: Callable[[], datetime] | None = None) -> Self:
        """
        Open the library in a home.

        Raises:
            HomeNotFound: The folder is no home. `samrutine init` makes one.
            OtherSchema: The database is another release's. `samrutine upgrade` brings it up.
        """
        from samrutine.wiring import open_parts

        parts = open_parts(Path(home))
        try:
            parts.database.require_schema()
        except BaseException:
            parts.close()
            raise
        return cls(parts, clock=clock)

    @staticmethod
    def upgrade(home: str | Path) -> "Upgraded":
        """
        Bring a home's database up to this release; what is up to date is left as it is.

        Raises:
            HomeNotFound: The folder is no home.
        """
        from samrutine.wiring import upgrade_home

        return upgrade_home(Path(home))

    def close(self) -> None:
        """Give back connections and files."""
        self._parts.close()

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def together(self) -> AbstractContextManager[None]:
        """
        Decide many things in a block, and bring git and search up to date once, after it; see `Decisions.together`.

            with library.together():
                for number in ("1838", "1839", "1841"):
                    library.adopt("skrive-avvik", number, by="leder")
        """
        return self._parts.decisions.together()

    # Texts and proposals ------------------------------------------------------------------------------------------

    def propose(
        self, data: bytes, *, by: str, name: str = "tekst", changes: str | None = None,
        significance: "Significance | str" = "major", meaning: str | None = None, decision_id: "str | None" = None,
    ) -> "Proposed":  # fmt: skip
        """Keep a text as a draft; see `Proposals.propose`."""
        from samrutine.proposals.model import Significance

        return self._parts.proposals.propose(
            data, name, changes=ProcedureId(changes) if changes else None, significance=one_of(Significance, "significance", significance), meaning=meaning,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def revise(
        self, proposal: str, data: bytes, *, read_digest: str, by: str, name: str = "tekst", meaning: str | None = None,
        decision_id: str | None = None,
    ) -> "Proposed":  # fmt: skip
        """Replace a draft's text; see `Proposals.revise`."""
        return self._parts.proposals.revise(
            _proposal(proposal), data, name, read_digest=Digest(read_digest), meaning=meaning,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def import_folder(self, folder: str | Path, *, by: str, on_file: Callable[[str], None] | None = None) -> "Imported":
        """Bring in every Markdown file of a folder as drafts, one by one; see `proposals.intake.import_folder`."""
        from samrutine.proposals.intake import import_folder

        def propose(data: bytes, name: str) -> "Proposed":
            return self.propose(data, by=by, name=name)

        with self.together():
            return import_folder(Path(folder), propose, on_file=on_file)

    def send(self, proposal: str, *, digest: str, by: str, decision_id: str | None = None) -> "Sent":
        """Open the round of approval; see `Proposals.send`."""
        return self._parts.proposals.send(
            _proposal(proposal),
            digest=Digest(digest),
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def approve(self, proposal: str, *, digest: str, by: str, decision_id: str | None = None) -> "Approved":
        """Agree, as a member of the network, to the text that was read; see `Proposals.approve`."""
        return self._parts.proposals.approve(
            _proposal(proposal),
            digest=Digest(digest),
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def withdraw(self, proposal: str, *, reason: str, by: str, decision_id: str | None = None) -> "Withdrawn":
        """Give a draft or an open round up; see `Proposals.withdraw`."""
        return self._parts.proposals.withdraw(
            _proposal(proposal), reason=reason, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def get_proposal(self, proposal: str) -> "tuple[Proposal, bytes]":
        """Give a proposal and its text; see `Proposals.get_proposal`."""
        return self._parts.proposals.get_proposal(_proposal(proposal))

    def look_at_proposal(self, proposal: str) -> "ProposalView":
        """Give a proposal with its text, what the checks say of it, and how far its round has come."""
        return self._parts.proposals.look_at(_proposal(proposal), today=self.today)

    def proposals(self, *, state: "ProposalState | None" = None, network: str | None = None) -> "Sequence[Proposal]":
        """Give the proposals, the oldest first; see `Proposals.proposals`."""
        return self._parts.proposals.proposals(state=state, network=network)

    # Use in the municipalities ------------------------------------------------------------------------------------

    def adopt(
        self, procedure: str, municipality: str, *, by: str, version: str | VersionNumber | None = None,
        from_on: date | None = None, case: str | None = None, reason: str | None = None, decision_id: str | None = None,
    ) -> "Answered":  # fmt: skip
        """Take a version into use in a municipality; see `Adoptions.adopt`."""
        return self._parts.adoptions.adopt(
            ProcedureId(procedure), municipality, version=_version(version), from_on=from_on, case=case, reason=reason,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def decline(
        self, procedure: str, municipality: str, *, reason: str, by: str, decision_id: str | None = None
    ) -> "Answered":
        """Answer that a routine is not taken into use; see `Adoptions.decline`."""
        return self._parts.adoptions.decline(
            ProcedureId(procedure), municipality, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def mark_not_relevant(
        self, procedure: str, municipality: str, *, reason: str, by: str, decision_id: str | None = None
    ) -> "Answered":
        """Answer that a routine concerns nothing the municipality does; see `Adoptions.mark_not_relevant`."""
        return self._parts.adoptions.mark_not_relevant(
            ProcedureId(procedure), municipality, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def use_own_routine(
        self, procedure: str, municipality: str, *, link: str, by: str, reason: str | None = None,
        decision_id: str | None = None,
    ) -> "Answered":  # fmt: skip
        """Answer that the municipality follows a routine of its own; see `Adoptions.use_own_routine`."""
        return self._parts.adoptions.use_own_routine(
            ProcedureId(procedure), municipality, link=link, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def end_use(
        self, procedure: str, municipality: str, *, reason: str, by: str, last_day: date | None = None,
        decision_id: str | None = None,
    ) -> "Answered":  # fmt: skip
        """End the use of a routine in a municipality; see `Adoptions.end_use`."""
        return self._parts.adoptions.end_use(
            ProcedureId(procedure), municipality, last_day=last_day, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def set_local_information(
        self, procedure: str, municipality: str, values: Mapping[str, str], *, by: str, decision_id: str | None = None
    ) -> "LocalInformationSet":
        """Fill in local information, at once; see `Adoptions.set_local_information`."""
        return self._parts.adoptions.set_local_information(
            ProcedureId(procedure),
            municipality,
            values,
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def local_information(self, procedure: str, municipality: str) -> "Sequence[LocalInformationValue]":
        """Give what a routine asks the municipality to fill in, and what stands there; see `Adoptions.local_information`."""
        return self._parts.adoptions.local_information(ProcedureId(procedure), municipality)

    def matrix(self, day: date | None = None) -> "Matrix":
        """Show who uses what, today or on another day; see `Overview.matrix`."""
        return self._parts.overview.matrix(day or self.today)

    def in_force(
        self, day: date | None = None, *, municipality: str | None = None, procedure: str | None = None,
        known_at: datetime | None = None,
    ) -> "Sequence[InForce]":  # fmt: skip
        """Say what was, is or will be in force on a day; see `Overview.in_force`."""
        return self._parts.overview.in_force(
            day or self.today,
            municipality=municipality,
            procedure=ProcedureId(procedure) if procedure else None,
            known_at=known_at,
        )

    def waiting(self, body: str) -> "Sequence[Waiting]":
        """
        Give what waits for a municipality or a network, the most urgent first.

        Args:
            body: "municipality:" with its name or number, or "network:" with its id.

        Raises:
            MunicipalityNotFound, NetworkNotFound: There is none.
            InvalidRequest: The body is neither.
        """
        from samrutine.actors import municipality_body, network_body
        from samrutine.adoptions.waiting import waiting
        from samrutine.errors import InvalidRequest
        from samrutine.networks.directory import get_municipality, get_network

        kind, _, which = body.partition(":")
        with self._parts.database.reading() as session:
            match kind:
                case "municipality":
                    whole = municipality_body(get_municipality(session, which).number)
                case "network":
                    whole = network_body(get_network(session, which).id)
                case _:
                    raise InvalidRequest(what="body", value=body[:60], expected="municipality:1841, network:smittevern")
            return waiting(session, whole, self.today)

    # Reading --------------------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The day in Norway."""
        from samrutine.days import norwegian_day

        return norwegian_day(self._now())

    def municipalities(self) -> "Sequence[Municipality]":
        """Give the municipalities of the library, by number."""
        from samrutine.networks.directory import municipalities

        with self._parts.database.reading() as session:
            return municipalities(session)

    def get_municipality(self, which: str) -> "Municipality":
        """
        Give a municipality by number, name, Sámi name or short name.

        Raises:
            MunicipalityNotFound: The library has none of that name.
        """
        from samrutine.networks.directory import get_municipality

        with self._parts.database.reading() as session:
            return get_municipality(session, which)

    def procedures(self) -> "Sequence[ProcedureSummary]":
        """Give every procedure that is faglig godkjent; see `Procedures.procedures`."""
        return self._parts.procedures.procedures()

    def versions(self, procedure: str) -> "Sequence[VersionSummary]":
        """Give a procedure's versions; see `Procedures.versions`."""
        return self._parts.procedures.versions(ProcedureId(procedure))

    def history(self, procedure: str, *, municipality: str | None = None) -> "Sequence[Event]":
        """Give every decision about a procedure; see `Procedures.history`."""
        return self._parts.procedures.history(ProcedureId(procedure), municipality=municipality)

    def document(
        self,
        procedure: str,
        municipality: str | None = None,
        *,
        day: date | None = None,
        version: str | VersionNumber | None = None,
    ) -> "EffectiveDocument":
        """Give the effective document: what applies in a municipality; see `Documents.document`."""
        return self._parts.documents.document(
            ProcedureId(procedure), municipality, day=day or self.today, version=_version(version)
        )

    def render(self, document: "EffectiveDocument", suffix: str) -> bytes:
        """
        Make a document as "html", "md" or "pdf". The same document gives the same bytes.

        Raises:
            InvalidRequest: Documents are not made in that format.
            DocumentUnavailable: It could not be made; the message says why.
        """
        from samrutine.publishing.model import PublishedFile

        return self._parts.renderers[PublishedFile.of(suffix).suffix](document)

    def search(
        self, words: str, *, municipality: str | None = None, day: date | None = None, filters: "tuple[Filter, ...]" = (),
        limit: int = 20,
    ) -> "SearchAnswer":  # fmt: skip
        """Find routines by words; see `Searching.search`."""
        return self._parts.searching.search(
            words, day=day or self.today, municipality=municipality, filters=filters, limit=limit
        )

    # Publishing -----------------------------------------------------------------------------------------------------

    def set_target(
        self,
        municipality: str,
        name: str,
        connector: str,
        location: str | Path,
        *,
        by: str,
        decision_id: str | None = None,
    ) -> "TargetSet":
        """Say where a municipality's documents are published; see `Publishing.set_target`."""
        return self._parts.publishing.set_target(
            municipality,
            name,
            connector,
            str(location),
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def end_target(self, municipality: str, name: str, *, by: str, decision_id: str | None = None) -> "TargetEnded":
        """Publish to a place no more; see `Publishing.end_target`."""
        return self._parts.publishing.end_target(
            municipality, name, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def preview(
        self, municipality: str, *, by: str, target: str | None = None, overwrite: bool = False
    ) -> "Sequence[AtTarget]":
        """Say what `publish` would do now, and do nothing; see `Publishing.preview`."""
        return self._parts.publishing.preview(
            municipality, target=target, overwrite=overwrite, by=self._actor(by), now=self._now()
        )

    def publish(
        self, municipality: str, *, by: str, target: str | None = None, overwrite: bool = False,
        on_document: Callable[[str], None] | None = None,
    ) -> "Published":  # fmt: skip
        """Make the municipality's targets hold what applies there; see `Publishing.publish`."""
        return self._parts.publishing.publish(
            municipality,
            target=target,
            overwrite=overwrite,
            by=self._actor(by),
            now=self._now(),
            on_document=on_document,
        )

    def publications(self, municipality: str | None = None) -> "Sequence[Publication]":
        """Show what lies where; see `Publishing.publications`."""
        return self._parts.publishing.publications(municipality)

    # People -----------------------------------------------------------------------------------------------------------

    def add_person(
        self, login: str, name: str, *, by: str, email: str | None = None, decision_id: str | None = None
    ) -> "PersonAdded":
        """Add a person, without any role; see `People.add_person`."""
        return self._parts.people.add_person(
            login, name, email=email, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def grant(
        self, who: str, role: Role | str, body: str, *, by: str, from_on: date | None = None, until_on: date | None = None,
        decision_id: str | None = None,
    ) -> "RoleGranted":  # fmt: skip
        """Give a person a role in a body; see `People.grant`."""
        return self._parts.people.grant(
            who, one_of(Role, "role", role), body, from_on=from_on, until_on=until_on, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def delegate(
        self, who: str, municipality: str, level: DecisionLevel | str, position: str, *, by: str, from_on: date | None = None,
        until_on: date | None = None, reference: str | None = None, decision_id: str | None = None,
    ) -> "Delegated":  # fmt: skip
        """Register a delegation; see `People.delegate`."""
        return self._parts.people.delegate(
            who, municipality, one_of(DecisionLevel, "level", level), position, from_on=from_on, until_on=until_on, reference=reference,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def revoke(
        self, who: str, role: Role | str, body: str, *, by: str, decision_id: str | None = None
    ) -> "RoleRevoked":
        """Take a role back; see `People.revoke`."""
        return self._parts.people.revoke(
            who,
            one_of(Role, "role", role),
            body,
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def people(self) -> "Sequence[Person]":
        """Give everybody with roles and delegations; see `People.people`."""
        return self._parts.people.people()

    # Proof and repair -------------------------------------------------------------------------------------------------

    def verify(self) -> "Verified":
        """Check every promise that can be checked; changes nothing; see `projections.verify`."""
        from samrutine.projections.verify import verify

        return verify(self._parts.database, self._parts.projections)

    def repair(self) -> "Verified":
        """
        Bring everything that repeats decisions up to date, whatever it holds now; never invents a decision.

        What stands on a branch and was not decided is set aside, not lost. Returns what `verify` says afterwards.
        """
        from samrutine.projections.repair import repair

        repair(self._parts.projections)
        return self.verify()

    def status(self) -> "Sequence[ConsumerStatus]":
        """Say how far each projection has come."""
        return self._parts.projections.status()

    def totals(self) -> "Mapping[str, int]":
        """Give how many decisions, procedures, versions, proposals and adoptions there are, from the counters."""
        from sqlmodel import select

        from samrutine.storage.rows import CounterRow

        with self._parts.database.reading() as session:
            return {row.name: row.value for row in session.exec(select(CounterRow))}

    @property
    def is_demo(self) -> bool:
        """Whether everything printed says DEMO."""
        from sqlmodel import select

        from samrutine.storage.rows import LibraryRow

        with self._parts.database.reading() as session:
            return session.exec(select(LibraryRow.demo)).one()

    def _now(self) -> datetime:
        return self._clock()

    def _actor(self, who: str) -> ActorId:
        from samrutine.networks.directory import get_actor_id

        with self._parts.database.reading() as session:
            return get_actor_id(session, who)

    def _id(self, given: str | None) -> "DecisionId":
        from samrutine.errors import InvalidRequest
        from samrutine.storage.decisions import DecisionId, new_decision_id

        if given is None:
            return new_decision_id()
        if not 1 <= len(given) <= LONGEST_DECISION_ID or not given.isprintable():
            raise InvalidRequest(what="decision_id", value=given[:100], expected=f"1–{LONGEST_DECISION_ID}")
        return DecisionId(given)


def _proposal(value: str) -> "ProposalId":
    from samrutine.proposals.model import ProposalId

    return ProposalId(value)


def _version(value: str | VersionNumber | None) -> VersionNumber | None:
    return VersionNumber.parse(value) if isinstance(value, str) else value
