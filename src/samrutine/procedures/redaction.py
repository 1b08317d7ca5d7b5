"""
Take words away for good: where they lie, what a person must look at, and the decision that puts a notice in their place.

The decision is the moment. In its transaction SQL loses the words; git's history, the search index and the free pages of the
database follow as projections do, see `projections.rewriting` and `projections.leftovers`.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, and_, col, delete, or_, select

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.errors import InvalidRequest
from samrutine.messages import say
from samrutine.networks.directory import get_actor, people_known
from samrutine.networks.library_files import MUNICIPALITIES
from samrutine.networks.model import names_somebody
from samrutine.procedures.attached import unnamed
from samrutine.procedures.heads import files_in, procedure_columns
from samrutine.procedures.model import AccessClass, VersionNumber
from samrutine.procedures.redaction_rules import (
    LONGEST_REASON,
    Lies,
    NoSuchWords,
    Place,
    RedactedBefore,
    Standing,
    file_notice,
    notice,
    reasons_against_redacting,
    renamed_keys,
)
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.procedures.titles import is_retitled
from samrutine.proposals.transitions import CLOSED
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.git import blob_id
from samrutine.storage.rows import (
    AdditionRow,
    AttachmentRow,
    DecisionRow,
    DecisionTextRow,
    HearingRow,
    InForceRow,
    LibraryFileRow,
    MunicipalityRow,
    OutboxPositionRow,
    ProcedureRow,
    ProposalFileRow,
    ProposalRow,
    PublicationRow,
    SectionRow,
    TargetRow,
    VersionRow,
    WordsRow,
)
from samrutine.storage.rows.chain import BRANCH_CONSUMERS
from samrutine.storage.sql import Database
from samrutine.storage.words import RESTRICTED_STORE

_DIGEST: Final = re.compile(r"1:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Redactable:
    """
    Every place where the words behind a digest lie, and what must be done before they can be taken away.

    `number` is the decision by which they were; None while they stand.
    """

    digest: str
    places: tuple[Place, ...]
    reasons: tuple[Because, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Redacted:
    """Words are taken away for good. `places` counts the rows that got the notice, and `notice` is its digest."""

    digest: str
    notice: str
    places: int
    number: int
    projected: bool


class Redaction:
    """Taking words away."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def show(self, digest: str, *, by: ActorId, today: date) -> Redactable:
        """
        Show every place where the words behind a digest lie, and change nothing.

        Raises:
            Refused: No words with that digest are kept.
            NotAllowed: Only the editor keeps order.
            InvalidRequest: It is no digest.
        """
        _require_digest(digest)
        with self._database.reading() as session:
            refuse(reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, today))
            row = session.get(WordsRow, digest)
            if row is None:
                refuse([NoSuchWords(digest)])
            number = row.redacted_number if row is not None else None
            reasons = (
                [RedactedBefore(number)] if number else reasons_against_redacting(_standing(session, digest, today))
            )
            return Redactable(digest, tuple(_places(session, digest)), tuple(reasons), number)

    def redact(self, digest: str, *, reason: str, by: ActorId, now: datetime, decision_id: DecisionId) -> Redacted:
        """
        Put a notice in place of the words behind a digest, everywhere, for good.

        The digest, the version, who approved it and what was in force stay as decided, and can be proved. This is not for
        changing a routine: what is newest or applies must be replaced first.

        Args:
            digest: Of a version, a file that belongs to one, an addition or a settled library file.
            reason: Why, without names or any of the words: it stays.

        Raises:
            Refused: Something must be done first, or the words are gone already.
            NotAllowed: Only the editor keeps order.
            InvalidRequest: It is no digest; or the reason is empty, too long, or names somebody.
        """
        _require_digest(digest)
        why = require_text("reason", reason, longest=LONGEST_REASON, may_be_empty=False).strip()
        # On a full disk too: readers meet the notice at once, and git is written anew when there is room for that.
        with self._decisions.act(
            decision_id, "redact", {"digest": digest}, by=by, now=now, texts={"reason": why}, frees=True
        ) as act:
            if not act.is_repeat:
                refuse(reasons_against(get_actor(act.session, by), Verb.KEEP_ORDER, LIBRARY, act.today))
                if names_somebody(why, people_known(act.session)):
                    raise InvalidRequest(what="reason", value="…", expected="personopplysning")
                _redact(act, digest)
        made = act.decisions[0]
        return Redacted(digest, made.facts["notice"], made.facts["places"], made.number, act.projected)


def _redact(act: Act, digest: str) -> None:
    session = act.session
    row = session.get(WordsRow, digest)
    if row is None:
        refuse([NoSuchWords(digest)])
        return
    if row.redacted_number is not None:
        refuse([RedactedBefore(row.redacted_number)])
    refuse(reasons_against_redacting(_standing(session, digest, act.today)))
    versions = _versions(session, digest)
    front = read(row.content, versions[0].procedure_id).front if versions else None
    files, attached = _files(session, digest), _attached(session, digest)
    make: Callable[[int, date], bytes] = file_notice if files and front is None else lambda n, on: notice(n, on, front)
    content = make(act.head.number + 1, act.today)
    cleared = [one for one in _places(session, digest) if one.is_cleared]
    actor = get_actor(session, act.by)
    decision = act.record(
        "words_redacted", body=LIBRARY, role=roles_for(actor, Verb.KEEP_ORDER, LIBRARY, act.today)[0],
        facts={
            "digest": digest, "blob": blob_id(row.content), "notice": digest_of(content), "places": len(cleared),
            "versions": [f"{one.procedure_id} {one.major}.{one.minor}" for one in versions],
            "addition_rows": [one.id for one in _additions(session, digest)], "files": files,
            **({"attached_to": [f"{one.procedure_id} {one.major}.{one.minor}" for one in attached]} if attached else {}),
            # What the branches ended in: whoever holds an older tip can see here why it is not in ours any more.
            "tips": {one.consumer: one.mark for one in _positions(session) if one.mark},
        },
        touches=("redaction", *(f"procedure:{one}" for one in _routines(versions, attached))),
    )  # fmt: skip
    row.content, row.redacted_number = content, decision.number
    row.git_blob, row.verified_at, row.store = None, None, None
    session.add(row)
    blank(session, digest, content)


def blank(session: Session, digest: str, content: bytes) -> None:
    """
    Put a notice wherever the database repeats the words behind a digest, beside the words themselves.

    For the verb, and for whoever takes its decision from a register into a database that has the words still.

    Args:
        content: The notice; empty where it is lost.
    """
    _blank_texts(session, digest, content)
    session.exec(delete(ProposalFileRow).where(col(ProposalFileRow.digest) == digest))
    for version in _versions(session, digest):
        title = read(content, digest).front.title if content else say("redaction.title", "nb")
        _blank_version(session, version, title)


def _blank_texts(session: Session, digest: str, content: bytes) -> None:
    """Put the notice where a proposal or a round of hearing has the very words."""
    for proposal in session.exec(select(ProposalRow).where(ProposalRow.digest == digest)):
        if proposal.text:
            proposal.text = content
        proposal.conflicts = None
        session.add(proposal)
    for hearing in session.exec(select(HearingRow).where(HearingRow.digest == digest)):
        hearing.text = content
        session.add(hearing)


def _blank_version(session: Session, version: VersionRow, title: str) -> None:
    """Take the title and the headings of a redacted version away: they are words of it too."""
    procedure = session.get_one(ProcedureRow, version.procedure_id)
    if version.digest == procedure.digest:
        # It is withdrawn, so nobody is led astray by a title that says nothing.
        _blank_routine(session, procedure)
    elif version.title == procedure.title:
        # What the newest version is called is no secret.
        title = version.title
    version.title = title
    session.add(version)
    session.flush()
    procedure.retitled = is_retitled(session, procedure.id, procedure.title)
    for proposal in session.exec(select(ProposalRow).where(ProposalRow.id == version.proposal_id)):
        proposal.title = title
        session.add(proposal)
    _blank_sections(session, version)
    _blank_file_names(session, version)


def _blank_routine(session: Session, procedure: ProcedureRow) -> None:
    """Let the row of a routine say what the notice of its head does, and no more: all that was written is gone."""
    content = session.get_one(WordsRow, procedure.digest).content
    if not content:
        # Lost with the repository it lay in: then the row has nothing of it either.
        return
    notice_of = read(content, procedure.id)
    head = VersionNumber(procedure.major, procedure.minor)
    for name, value in procedure_columns(notice_of, head, procedure.digest, procedure.next_review).items():
        setattr(procedure, name, value)
    session.add(procedure)


def _blank_sections(session: Session, version: VersionRow) -> None:
    """
    Take headings away, and keys made of them; how sections follow each other from version to version stays.

    A key that an addition is tied to stands in a decision, so it is kept.
    """
    named = frozenset(
        session.exec(select(AdditionRow.section_key).where(AdditionRow.procedure_id == version.procedure_id))
    )
    at = (
        SectionRow.procedure_id == version.procedure_id,
        SectionRow.major == version.major,
        SectionRow.minor == version.minor,
    )
    rows = session.exec(select(SectionRow).where(*at).order_by(col(SectionRow.position))).all()
    keys = renamed_keys([row.key for row in rows], named)
    kept = [row.model_dump() for row in rows]
    for row in rows:
        session.delete(row)
    session.flush()
    for one in kept:
        neutral = {"key": keys[one["key"]], "heading": "–", "text_digest": digest_of(b"")}
        session.add(SectionRow(**{**one, **neutral}))
    for later in _sections_after(session, version):
        if later.earlier_key in keys:
            later.earlier_key = keys[later.earlier_key]
            session.add(later)
    session.flush()


def _blank_file_names(session: Session, version: VersionRow) -> None:
    """Call the files of a redacted version by which of them they are: their names stood in its words. Their bytes stand."""
    facts = json.loads(session.get_one(DecisionRow, version.decided_number).record)["facts"]
    session.exec(
        delete(AttachmentRow).where(
            col(AttachmentRow.procedure_id) == version.procedure_id, col(AttachmentRow.major) == version.major,
            col(AttachmentRow.minor) == version.minor,
        )
    )  # fmt: skip
    files = files_in(facts)
    for (digest, media_type), name in zip(files, unnamed(len(files)), strict=True):
        session.add(
            AttachmentRow(
                procedure_id=version.procedure_id, major=version.major, minor=version.minor, name=name,
                media_type=media_type, digest=digest,
            )
        )  # fmt: skip
    session.flush()


def _sections_after(session: Session, version: VersionRow) -> Sequence[SectionRow]:
    """Give the sections whose earlier keys are this version's: those of the versions approved on top of it."""
    stood = session.exec(
        select(VersionRow)
        .where(VersionRow.procedure_id == version.procedure_id, VersionRow.decided_number > version.decided_number)
        .order_by(col(VersionRow.decided_number))
    ).all()
    upon: list[VersionRow] = []
    for later in stood:
        upon.append(later)
        if later.refused_number is None:
            break
    found: list[SectionRow] = []
    for later in upon:
        found += session.exec(
            select(SectionRow).where(
                SectionRow.procedure_id == later.procedure_id, SectionRow.major == later.major,
                SectionRow.minor == later.minor,
            )
        ).all()  # fmt: skip
    return found


def _standing(session: Session, digest: str, today: date) -> Standing:
    heads = session.exec(
        select(ProcedureRow.id).where(ProcedureRow.digest == digest, col(ProcedureRow.withdrawn_number).is_(None))
    ).all()
    of_heads = session.exec(
        select(ProcedureRow.id)
        .join(AttachmentRow, _is_of(ProcedureRow.id, ProcedureRow.major, ProcedureRow.minor))
        .where(AttachmentRow.digest == digest, col(ProcedureRow.withdrawn_number).is_(None))
    ).all()
    in_force = session.exec(
        select(InForceRow.procedure_id, MunicipalityRow.name)
        .join(MunicipalityRow, col(MunicipalityRow.number) == col(InForceRow.municipality))
        .where(
            InForceRow.digest == digest, col(InForceRow.superseded_number).is_(None),
            or_(col(InForceRow.until_on).is_(None), col(InForceRow.until_on) > today),
        )
        .distinct()
    ).all()  # fmt: skip
    file_in_force = session.exec(
        select(InForceRow.procedure_id, MunicipalityRow.name)
        .join(MunicipalityRow, col(MunicipalityRow.number) == col(InForceRow.municipality))
        .join(AttachmentRow, _is_of(InForceRow.procedure_id, InForceRow.major, InForceRow.minor))
        .where(
            AttachmentRow.digest == digest, col(InForceRow.superseded_number).is_(None),
            or_(col(InForceRow.until_on).is_(None), col(InForceRow.until_on) > today),
        )
        .distinct()
    ).all()  # fmt: skip
    additions = [
        one.id
        for one in _additions(session, digest)
        if one.superseded_number is None and (one.until_on is None or one.until_on > today)
    ]
    files = session.exec(select(LibraryFileRow.path).where(LibraryFileRow.digest == digest)).all()
    # Which municipalities there were is computed again from every file that ever said so.
    always = [path for path in _files(session, digest) if path == MUNICIPALITIES]
    rest = session.exec(
        select(ProposalRow.id).where(
            # A hasteversjon's words stand still, so nothing of what it started from can come into them any more.
            or_(
                ProposalRow.digest == digest,
                and_(ProposalRow.base_digest == digest, col(ProposalRow.hurried_version).is_(None)),
            ),
            col(ProposalRow.state).not_in(sorted(one.value for one in CLOSED)),
        )
    ).all()
    kept = session.get_one(WordsRow, digest)
    listing = _drafts_listing(session, digest) if _attached(session, digest) else []
    return Standing(
        sorted({*heads, *of_heads}), sorted({*in_force, *file_in_force}), sorted(additions), sorted({*files, *always}),
        sorted({*rest, *listing}),
        damaged=[] if digest_of(kept.content) == digest else [digest],
    )  # fmt: skip


def _is_of(procedure: str, major: int, minor: int) -> Any:
    """Join the files of a version, which some columns name."""
    return and_(
        AttachmentRow.procedure_id == procedure, AttachmentRow.major == major, AttachmentRow.minor == minor
    )  # fmt: skip


def _drafts_listing(session: Session, digest: str) -> list[str]:
    """Give the open proposals whose texts list a file: what becomes of them would list one that nobody has."""
    rows = session.exec(
        select(ProposalRow.id, ProposalRow.text).where(
            col(ProposalRow.state).not_in(sorted(one.value for one in CLOSED))
        )
    )
    return [proposal for proposal, text in rows if digest.encode() in text.partition(b"\n---\n")[0]]


def _places(session: Session, digest: str) -> Iterator[Place]:
    """Give every place where the words lie, or may: what is cleared first, then what a person must look at."""
    versions, additions, files = _versions(session, digest), _additions(session, digest), _files(session, digest)
    yield from (Place(Lies.VERSION, f"{one.procedure_id} {one.major}.{one.minor}") for one in versions)
    attached = _attached(session, digest)
    yield from (Place(Lies.ATTACHMENT, f"{one.procedure_id} {one.major}.{one.minor}") for one in attached)
    yield from (Place(Lies.ADDITION, one.id) for one in additions)
    yield from (Place(Lies.LIBRARY_FILE, path) for path in files)
    proposals = session.exec(select(ProposalRow.id).where(ProposalRow.digest == digest).order_by(ProposalRow.id)).all()
    yield from (Place(Lies.PROPOSAL, one) for one in proposals)
    hearings = session.exec(select(HearingRow).where(HearingRow.digest == digest).order_by(HearingRow.id))
    yield from (Place(Lies.HEARING, f"{one.proposal_id} {one.round}") for one in hearings)
    kept = session.get(WordsRow, digest)
    was_exempt = (kept is not None and kept.store == RESTRICTED_STORE) or any(
        one.access == AccessClass.EXEMPT.value for one in versions
    )
    branches = {*BRANCH_CONSUMERS} - (set() if was_exempt else {RESTRICTED_STORE})
    yield from (Place(Lies.BRANCH, one.consumer) for one in _positions(session) if one.consumer in branches)
    yield from (Place(Lies.INDEX, one.consumer) for one in _positions(session) if "index@" in one.consumer)
    begun = select(ProposalRow.id).where(ProposalRow.base_digest == digest).order_by(ProposalRow.id)
    yield from (Place(Lies.DRAFT_FROM_IT, one) for one in session.exec(begun))
    yield from (
        Place(Lies.FILE_OF_IT, one)
        for version in versions
        for one in session.exec(
            select(AttachmentRow.digest).where(_is_of(version.procedure_id, version.major, version.minor))
        )
    )
    yield from (Place(Lies.SAID_OF_IT, str(number)) for number in _said(session, [*proposals], versions))
    yield from (Place(Lies.PUBLISHED, what) for what in _published(session, digest, versions, additions))
    yield Place(Lies.CLONES, "main, register")
    yield Place(Lies.BACKUPS, "–")


def _said(session: Session, proposals: Sequence[str], versions: Sequence[VersionRow]) -> list[int]:
    """Give the decisions on the way to these versions that somebody wrote something with, and that is not erased."""
    wanted = {*proposals, *(one.proposal_id for one in versions)}
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.record)
        .where(
            col(DecisionRow.subject).in_({one.procedure_id for one in versions}),
            col(DecisionRow.number).in_(select(DecisionTextRow.number).where(col(DecisionTextRow.text).is_not(None))),
        )
        .order_by(col(DecisionRow.number))
    )
    return [number for number, record in rows if json.loads(record)["facts"].get("proposal") in wanted]


def _published(
    session: Session, digest: str, versions: Sequence[VersionRow], additions: Sequence[AdditionRow]
) -> list[str]:
    """Give the publishing places that have these words, or had them and may keep older documents: with what lies there now."""
    lies = {(one.procedure_id, f"{one.major}.{one.minor}") for one in versions}
    held = {(one.procedure_id, one.municipality) for one in additions}
    in_force = select(InForceRow.procedure_id, InForceRow.municipality).where(InForceRow.digest == digest).distinct()
    held |= {(procedure, municipality) for procedure, municipality in session.exec(in_force)}
    rows = session.exec(
        select(MunicipalityRow, TargetRow.name, PublicationRow)
        .join(TargetRow, col(MunicipalityRow.number) == col(TargetRow.municipality))
        .join(PublicationRow, col(PublicationRow.target_id) == col(TargetRow.id))
        .where(col(PublicationRow.procedure_id).in_({one for one, _ in lies | held}))
        .order_by(TargetRow.municipality, TargetRow.name, PublicationRow.procedure_id)
    )
    return [
        f"{municipality.name} {name}: {one.procedure_id} {one.version}".strip()
        for municipality, name, one in rows
        if (one.procedure_id, one.version) in lies or (one.procedure_id, municipality.number) in held
    ]


def _versions(session: Session, digest: str) -> Sequence[VersionRow]:
    return session.exec(
        select(VersionRow)
        .where(VersionRow.digest == digest)
        .order_by(VersionRow.procedure_id, col(VersionRow.decided_number))
    ).all()


def _routines(versions: Sequence[VersionRow], attached: Sequence[AttachmentRow]) -> list[str]:
    return sorted({*(one.procedure_id for one in versions), *(one.procedure_id for one in attached)})


def _attached(session: Session, digest: str) -> Sequence[AttachmentRow]:
    of_it = select(AttachmentRow).where(AttachmentRow.digest == digest)
    return session.exec(of_it.order_by(AttachmentRow.procedure_id, AttachmentRow.major, AttachmentRow.minor)).all()  # type: ignore[arg-type]  # columns


def _additions(session: Session, digest: str) -> Sequence[AdditionRow]:
    return session.exec(select(AdditionRow).where(AdditionRow.digest == digest).order_by(AdditionRow.id)).all()


def _files(session: Session, digest: str) -> list[str]:
    """Give the library files that ever had these words; only the decisions that settled them say so."""
    settled = select(DecisionRow.record).where(
        DecisionRow.kind == "library_settled", col(DecisionRow.record).contains(digest)
    )
    told: list[dict[str, Any]] = [json.loads(record)["facts"]["files"] for record in session.exec(settled)]
    return sorted({path for files in told for path, one in files.items() if one == digest})


def _positions(session: Session) -> Sequence[OutboxPositionRow]:
    return session.exec(select(OutboxPositionRow).order_by(OutboxPositionRow.consumer)).all()


def _require_digest(digest: str) -> None:
    if _DIGEST.fullmatch(digest) is None:
        raise InvalidRequest(what="digest", value="…", expected="1: + 64 × 0-9 a-f")
