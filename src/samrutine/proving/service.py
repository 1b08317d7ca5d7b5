"""
The verb that proves what was in force.

A proof is taken from the register, which holds every decision without names, at one commit. What it rests on lies in it:
the words, the decisions, and the parts of git's own hash tree by which they stand in that commit. And since all that a
municipality decides lies in its own folder there, the proof holds all of that folder since the routine came to be, so that
its checker sees for itself that nothing was decided later that is kept from it. The same is true of the network, which may
have refused a *hasteversjon* since: of its folder the proof holds all since the version got its number.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, col, func, or_, select

from samrutine.adoptions.belonging import belonging, hidden_in
from samrutine.adoptions.held import additions_known
from samrutine.adoptions.overview import last_number_at
from samrutine.days import OSLO
from samrutine.errors import (
    DocumentNotFound,
    InvalidRequest,
    ProcedureNotFound,
    RegisterBehind,
    StoreDamaged,
    ToolMissing,
)
from samrutine.messages import say, shown
from samrutine.networks.directory import get_municipality
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.model import ProcedureId
from samrutine.projections.branches import ENTRIES_PER_FILE
from samrutine.proving import check_proof
from samrutine.proving.checkpoints import Checkpoints, Kept
from samrutine.proving.model import (
    CHECKER,
    CHECKPOINT,
    CLAIM,
    README,
    SIGNATURE,
    TEXT,
    TIMESTAMP,
    Proof,
    Question,
    sealed,
)
from samrutine.proving.register import Excerpt
from samrutine.storage.decisions import end_of_norwegian_day, folder_of, link_hash
from samrutine.storage.git import OBJECT_ID, REGISTER, GitStore
from samrutine.storage.rows import (
    ChainHeadRow,
    DecisionRow,
    DelegationRow,
    InForceRow,
    LibraryRow,
    OutboxPositionRow,
    ProcedureRow,
    StandingDecisionRow,
    VersionRow,
    WordsRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

NEWEST: Final = 2**62
OF_VERSIONS: Final = ("version_approved", "version_hurried", "version_confirmed", "version_refused")
"""What a network decides that a proof shows."""


class Proving:
    """
    Proofs of what was in force.

    Args:
        bring_up_to_date: Brings the register up to date with what is decided, if nobody else does.
    """

    def __init__(
        self, database: Database, words: Words, store: GitStore, checkpoints: Checkpoints,
        bring_up_to_date: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._database = database
        self._words = words
        self._store = store
        self._checkpoints = checkpoints
        self._bring_up_to_date = bring_up_to_date

    def prove(
        self, procedure: ProcedureId, municipality: str, *, on: date, known_at: datetime | None, at: str | None,
        hidden: HiddenTexts, today: date,
    ) -> Proof:  # fmt: skip
        """
        Prove what was in force in a municipality on a day, or that nothing was.

        The proof is taken from the register as it stands now; from the newest signed checkpoint when nothing about the
        routine was decided there since. It is checked by its own checker before it is given, so that it never is one that
        does not hold.

        Args:
            on: The day, in Norway.
            known_at: As had been decided at this instant; with all that stands in the register when None.
            at: A commit of the branch `register` that the receiver knows: the proof is taken from that one.
            hidden: What the reader may not see. A version of it is not there; an addition's words are left out.
            today: The day on which the reader's rights are judged.

        Raises:
            ProcedureNotFound, MunicipalityNotFound: As they say.
            DocumentNotFound: What applied then is a version that the reader may not see.
            InvalidRequest: `at` is no commit of the register, or the routine did not stand in it then.
            RegisterBehind: The register does not yet hold all that is decided. Try again.
            StoreDamaged: The register does not say what the database says. `samrutine verify` names what is wrong.
        """
        self._bring_up_to_date()
        with self._database.reading() as session:
            row = session.get(ProcedureRow, procedure)
            if row is None or procedure in hidden.procedures:
                raise ProcedureNotFound(procedure=procedure)
            where = get_municipality(session, municipality)
            question = Question(procedure, where.number, on, known_at)
            heading = _heading(session, question, row.title, where.name)
            tip = self._tip(session)
            kept = self._checkpoint_for(session, question, tip) if at is None else None
            excerpt = Excerpt(self._store, self._require_commit(at, tip) if at else kept.register if kept else tip)
            taken = _Taken(session, question, excerpt)
            taken.municipality_folder()
            interval = taken.interval()
            words: dict[str, str] = {}
            left_out: set[str] = set()
            if interval is not None:
                if interval.digest in hidden.digests:
                    raise DocumentNotFound(procedure=procedure, municipality=where.name, day=on)
                taken.adoption(interval)
                words, left_out = taken.words(interval, hidden, today)
                left_out |= set(_redacted(session, words.values()))
            read = self._words.read_many(session, set(words.values()) - left_out)
            files = dict(excerpt.files)
            files |= {name: read[digest] for name, digest in words.items() if digest in read}
        files |= _about(kept, heading)
        files[CLAIM] = sealed(question, excerpt.commit, left_out, files)
        later = _held(files, in_force=interval is not None)
        version = f"{interval.major}.{interval.minor}" if interval else None
        return Proof(question, files, excerpt.commit, version, tuple(sorted(left_out)), kept is not None, later)

    def _tip(self, session: Session) -> str:
        """Give the register's tip, when it holds every decision there is."""
        row = session.get(OutboxPositionRow, "register")
        head = session.exec(select(ChainHeadRow.number)).one()
        if row is None or row.mark is None or row.position < head:
            raise RegisterBehind(position=row.position if row else 0, head=head)
        return row.mark

    def _is_of_register(self, commit: str, tip: str) -> bool:
        is_there = OBJECT_ID.fullmatch(commit) is not None and self._store.has_commit(commit)
        return is_there and self._store.is_ancestor(commit, tip)

    def _require_commit(self, at: str, tip: str) -> str:
        if not self._is_of_register(at, tip):
            raise InvalidRequest(what="at", value=at[:40], expected=f"{REGISTER.rpartition('/')[2]}: {tip}")
        return at

    def _checkpoint_for(self, session: Session, question: Question, tip: str) -> Kept | None:
        """
        Give the newest sound checkpoint, when a proof from it says the same as one from the tip.

        Words that were redacted since wrote the register anew: then its commit is no more, and the tip is what there is.
        """
        try:
            kept = self._checkpoints.newest_sound()
        except ToolMissing:
            return None
        if kept is None or (question.known_at is not None and question.known_at > kept.at):
            return None
        if not self._is_of_register(kept.register, tip):
            return None
        since = select(func.count()).select_from(DecisionRow).where(
            DecisionRow.subject == question.procedure, DecisionRow.number > kept.number,
            or_(
                DecisionRow.body == f"municipality:{question.municipality}",
                col(DecisionRow.kind).in_(OF_VERSIONS),
            ),
        )  # fmt: skip
        return kept if session.exec(since).one() == 0 else None


class _Taken:
    """What a proof takes from the register, one thing after the other."""

    def __init__(self, session: Session, question: Question, excerpt: Excerpt) -> None:
        self._session = session
        self._question = question
        self._excerpt = excerpt
        known = last_number_at(session, question.known_at) if question.known_at else NEWEST
        self._known = min(excerpt.number, known)

    def municipality_folder(self) -> None:
        """Take the routine's first approval, and all that the municipality decided since."""
        first = self._session.get_one(VersionRow, (self._question.procedure, 1, 0)).decided_number
        if first > self._excerpt.number:
            raise InvalidRequest(what="at", value=self._excerpt.commit, expected=f"≥ {first}")
        self._folder_since(self._take(first), folder_of(f"municipality:{self._question.municipality}"))

    def _folder_since(self, first: DecisionRow, folder: str) -> None:
        """Take every file of a folder since the month of a decision: the checker misses each that is kept away."""
        begun = first.register_folder.rpartition("/")[2]
        for month in self._excerpt.listed(folder):
            if month != "local" and month >= begun:
                for name in self._excerpt.listed(f"{folder}/{month}"):
                    self._excerpt.take(f"{folder}/{month}", name)

    def interval(self) -> InForceRow | None:
        """Give what was in force, as SQL has it at the proof's commit."""
        on = self._question.on
        return self._session.exec(
            select(InForceRow).where(
                InForceRow.municipality == self._question.municipality,
                InForceRow.procedure_id == self._question.procedure,
                InForceRow.from_on <= on, or_(col(InForceRow.until_on).is_(None), col(InForceRow.until_on) > on),
                InForceRow.decided_number <= self._known,
                or_(col(InForceRow.superseded_number).is_(None), col(InForceRow.superseded_number) > self._known),
            )
        ).one_or_none()  # fmt: skip

    def adoption(self, interval: InForceRow) -> None:
        """Take what the adoption rests on: approvals, what became of a *hasteversjon*, standing decision, delegation."""
        facts = _facts(self._take(interval.adopted_number))
        shown = f"{interval.major}.{interval.minor}", interval.digest
        if (facts.get("version"), facts.get("digest")) != shown:
            raise StoreDamaged(store="SQL", detail=f"in_force {interval.adopted_number}")
        version = self._session.get_one(VersionRow, (interval.procedure_id, interval.major, interval.minor))
        born = self._take(version.decided_number)
        self._folder_since(born, folder_of(born.body))
        for number in (version.decided_number, version.confirmed_number):
            if number is not None and number <= self._known:
                for approval in _facts(self._take(number)).get("approvals", ()):
                    self._take(approval)
        if standing := self._session.get(StandingDecisionRow, facts.get("standing", "")):
            self._take(standing.decided_number)
        if delegation := self._session.get(DelegationRow, facts.get("delegation", "")):
            self._take(delegation.decided_number)

    def words(self, interval: InForceRow, hidden: HiddenTexts, today: date) -> tuple[dict[str, str], set[str]]:
        """Give which words the proof holds, name to digest, and which of them the reader may not see."""
        question, session = self._question, self._session
        end = last_number_at(session, end_of_norwegian_day(question.on))
        known = max(min(self._known, end), interval.adopted_number)
        found = additions_known(session, question.municipality, procedure=question.procedure, known=known)
        held = [one for one in found.get(question.procedure, ([], 0))[0] if one.holds_on(question.on)]
        layer = belonging(session, question.procedure, question.municipality, hidden_in(hidden))
        left_out = {str(one.digest) for one in held if layer.hides(one.decided_number, None, today)}
        return {TEXT: interval.digest, **{f"additions/{one.row}.md": one.digest for one in held}}, left_out

    def _take(self, number: int) -> DecisionRow:
        """Take the file that holds a decision."""
        row = self._session.get_one(DecisionRow, number)
        if link_hash(row.record) != row.hash:
            raise StoreDamaged(store="SQL", detail=f"decision {number}")
        before = self._session.exec(
            select(func.count())
            .select_from(DecisionRow)
            .where(DecisionRow.register_folder == row.register_folder, DecisionRow.number < number)
        ).one()
        if not self._excerpt.take(row.register_folder, f"{before // ENTRIES_PER_FILE + 1:03d}.jsonl"):
            raise StoreDamaged(store="git", detail=f"{row.register_folder} {number}")
        return row


def _facts(row: DecisionRow) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(row.record)["facts"]
    return facts


def _redacted(session: Session, digests: Collection[str]) -> Sequence[str]:
    """Give those of these words that were taken away for good."""
    return session.exec(
        select(WordsRow.digest).where(
            col(WordsRow.digest).in_(sorted(digests)), col(WordsRow.redacted_number).is_not(None)
        )
    ).all()


def _heading(session: Session, question: Question, title: str, where: str) -> str:
    """Give in words what a proof is about: whoever opens it years later knows neither ids nor numbers of municipalities."""
    demo = "demo" if session.exec(select(LibraryRow.demo)).one() else "real"
    known = question.known_at.astimezone(OSLO) if question.known_at else None
    so_far = say("proving.known_at", day=shown(known.date()), time=f"{known:%H:%M}") if known else ""
    return say(f"proving.heading_{demo}", title=title, municipality=where, day=shown(question.on)) + so_far


def _about(kept: Kept | None, heading: str) -> dict[str, bytes]:
    """Give the files that lie in every proof, and those of the checkpoint it is taken from."""
    readme = f"{heading}\n\n{say('proving.readme')}\n"
    files = {CHECKER: Path(check_proof.__file__).read_bytes(), README: readme.encode()}
    if kept is not None:
        files |= {CHECKPOINT: kept.content, SIGNATURE: kept.signature}
        files |= {TIMESTAMP: kept.timestamp} if kept.timestamp else {}
    return files


def _held(files: Mapping[str, bytes], *, in_force: bool) -> int:
    """
    Check the proof as whoever gets it will: a register that says something else than the database is found here.

    Returns:
        How many decisions about the routine are in it that were not known at the instant that is asked for.
    """
    try:
        checked = check_proof.Proof(dict(files))
        checked.proven()
    except (ValueError, LookupError) as error:
        raise StoreDamaged(store="git", detail=str(error)) from error
    if checked.applied is not in_force:
        raise StoreDamaged(store="git", detail=REGISTER)
    later: int = checked.later
    return later
