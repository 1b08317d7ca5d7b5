"""What was sent in becomes one: which are the same, where they differ, what is kept, and the shared draft."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Verb, network_body, reasons_against
from samrutine.arguments import require_text
from samrutine.collecting.errors import CollectionNotFound
from samrutine.collecting.model import (
    LONGEST_REASON,
    AlikeRoutines,
    AnotherComparison,
    Comparison,
    Group,
    Member,
    OneAlone,
    name_of,
)
from samrutine.collecting.offers import keep_offers
from samrutine.collecting.sources import Source, Sources
from samrutine.days import norwegian_day
from samrutine.errors import ArgumentMissing
from samrutine.inbox.opening import Note
from samrutine.intake.chosen import (
    Choice,
    DosesOfSeveral,
    SharedDraft,
    doses_of_several,
    reasons_against_choices,
    shared_draft,
    suggested,
)
from samrutine.intake.clusters import Cluster, clustered
from samrutine.intake.errors import IncomingNotFound
from samrutine.intake.likeness import Likeness
from samrutine.intake.masking import masked_all
from samrutine.intake.model import IncomingState, may_see
from samrutine.intake.report import reasons_against_report
from samrutine.intake.rows import report_now
from samrutine.intake.triage import Triage, drafted_from, reasons_against_draft, reasons_against_triage
from samrutine.intake.variants import SideBySide, side_by_side
from samrutine.messages import say
from samrutine.networks.directory import get_actor, get_network_id, municipalities
from samrutine.networks.model import NetworkId
from samrutine.networks.settling import shared_library
from samrutine.procedures.model import (
    AccessClass,
    DecisionLevel,
    FrontMatter,
    Kind,
    Language,
    ProcedureText,
    procedure_id,
    slug_of,
)
from samrutine.procedures.text import unformatted
from samrutine.proposals.drafting import Drafting, Merge, Proposed
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import CollectionRow, IncomingDocumentRow, ProposalRow, TriageRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

_FORM = 1
"""Which way of comparing a digest is of: another way gives other rows of the same words."""

_MONTHS = 24
_SHORTEST = 12


@dataclass(frozen=True, slots=True)
class Triaged:
    """It is said what becomes of a document."""

    document: str
    outcome: Triage


@dataclass(frozen=True, slots=True)
class DraftOf:
    """
    What a shared draft is to be called.

    Attributes:
        title: The one that most of the documents have when None.
        procedure: Its id; made of the title when None.
        subject: One of the network's; its first when None.
        access: Who may read it; the members alone when None, as of a document that is taken in alone.
        responsible_role: Who is to see to it that it is followed; the head of the service when None.
        doses_read: Somebody has read the doses together, though they are from routines that say otherwise; see `chosen`.
    """

    title: str | None = None
    procedure: str | None = None
    subject: str | None = None
    access: AccessClass | None = None
    responsible_role: str | None = None
    doses_read: bool = False


class Merging:
    """From many municipalities' routines to one."""

    def __init__(self, database: Database, decisions: Decisions, words: Words, drafting: Drafting) -> None:
        self._database = database
        self._decisions = decisions
        self._words = words
        self._drafting = drafting

    def alike(
        self, *, collection: str | None, network: str | None, reader: str | None, today: date
    ) -> AlikeRoutines:  # fmt: skip
        """
        Find which routines are the same, among what was sent in and what the library has.

        Args:
            collection: What was sent in of that collection; or else
            network: what was sent in to that network.
            reader: Whose eyes: what they may not read is not there.

        Raises:
            ArgumentMissing: Neither is named, or both.
            CollectionNotFound, NetworkNotFound, PersonNotFound: As they say.
        """
        if (collection is None) == (network is None):
            raise ArgumentMissing(what="collection", expected="collection / network")
        with self._database.reading() as session:
            if collection is not None and session.get(CollectionRow, collection) is None:
                raise CollectionNotFound(collection=collection)
            of = get_network_id(session, network) if network is not None else None
            sources = Sources(session, self._words, reader, today)
            sent = sources.sent(collection=collection, network=of)
            # What the library has is held against what came, so that nobody writes it once more.
            there = sources.library() if sent else []
        return _alike(sent, there)

    def side_by_side(self, documents: Iterable[str], *, reader: str | None, today: date) -> Comparison:
        """
        Hold documents, and routines of the library, against each other, paragraph by paragraph.

        Args:
            documents: Ids of documents; "procedure:" and an id for a routine of the library. At least one, in any order.
            reader: Whose eyes.

        Raises:
            IncomingNotFound: There is none of an id, or the reader may not read it.
            ArgumentMissing: None is named.
        """
        with self._database.reading() as session:
            sources, compared = self._compared(session, documents, reader, today)
        return Comparison(tuple(one.member for one in sources), compared.rows, _digest(sources))

    def triage(
        self, document: str, outcome: Triage, *, reason: str | None, beside: Sequence[str], by: ActorId, now: datetime
    ) -> Triaged:
        """
        Say what becomes of a document that was sent in. A later answer takes the place of one before, until a draft is made.

        Args:
            reason: Why, where it is dropped or sent back: at most 1,000 characters.
            beside: The other documents of its group, with whose answers this one must agree.

        Raises:
            IncomingNotFound: There is none of that id, or the actor may not read it.
            Refused: The answers of the group do not agree, a reason is missing, or a draft was made of it.
            InvalidRequest: The reason is too long.
            NotAllowed: Neither a member or leader of the network nor the editor.
        """
        why = require_text("reason", reason or "", longest=LONGEST_REASON).strip() or None
        with self._decisions.note({"reason": why}) as session:
            note = Note.begun(session, by=by, now=now)
            actor = get_actor(session, by)
            row = session.get(IncomingDocumentRow, document, with_for_update=True)
            if row is None or not may_see(actor, row.network, row.municipality, note.today):
                raise IncomingNotFound(document=document)
            refuse(reasons_against(actor, Verb.MERGE, network_body(row.network), note.today))
            others = [one.id for one in Sources(session, self._words, by, note.today).named(beside)]
            answers = _answers(session, [document, *others])
            stands = answers.get(document)
            if stands is None or (stands.outcome, stands.reason, stands.actor_id) != (outcome.value, why, by):
                group = {id_: _outcome(answers.get(id_)) for id_ in (document, *others)}
                is_drafted = stands is not None and stands.proposal_id is not None
                if stands is not None and stands.outcome == outcome.value and not is_drafted:
                    # The same answer with another reason is no other answer.
                    group[document] = None
                refuse(reasons_against_triage(group, document, outcome, reason=why, is_drafted=is_drafted))
                session.merge(
                    TriageRow(
                        id=_triage_id(document), document_id=document, outcome=outcome.value, reason=why, actor_id=by,
                        answered_at=now,
                    )
                )  # fmt: skip
        return Triaged(document, outcome)

    def draft_from(
        self, documents: Iterable[str], choices: Mapping[int, Choice], called: DraftOf, *, read: str | None, by: ActorId,
        now: datetime, decision_id: DecisionId,
    ) -> Proposed:  # fmt: skip
        """
        Make a shared draft of a group of documents, from the paragraphs that were chosen. Nothing is sent.

        What a municipality sent in and the draft does not say is offered to it: see `Offers.offered`. A choice that is safe
        need not be made: what all say, and what all say but for local words.

        Args:
            documents: All of the group: each has its answer, and those that are merged, or the one that is kept, are drafted.
            choices: What is kept of each row, by the number that `side_by_side` of those that are drafted has.
            called: What it is to be called.
            read: The digest of the comparison that the choices were made from, its first twelve characters at least; not looked
                at when None.

        Raises:
            IncomingNotFound: There is none of an id, or the actor may not read it.
            Refused: Something in one of those that are drafted is held back still, or nobody has looked at what it lost; an
                answer or a choice is missing, fewer than two documents of municipalities are there, other words
                were compared, doses are chosen that no single routine has together and nobody says that they were read
                (`DraftOf.doses_read`), or the text holds what must not be kept.
            InvalidText, IdTaken, InvalidRequest: As `Drafting.propose_merge`.
            NotAllowed: Neither a member or leader of the network nor the editor.
        """
        wanted = sorted(set(documents))
        request = _request(wanted, choices, called, read)
        # Before anything is read: a document may be another by now, or gone, and the first call was answered.
        if before := self._drafting.merged_before(request, by=by, decision_id=decision_id):
            return before
        today = norwegian_day(now)
        with self._database.reading() as session:
            group = Sources(session, self._words, by, today).named(wanted)
            if not group or any(one.member.procedure is not None for one in group):
                raise ArgumentMissing(what="documents", expected="documents")
            network = group[0].network
            for body in sorted({network_body(one.network) for one in group}):
                refuse(reasons_against(get_actor(session, by), Verb.MERGE, body, today))
            answers = {one.id: one.member.triage for one in group}
            refuse(reasons_against_draft(answers))
            sent = [one for one in group if one.member.municipality is not None]
            if len(sent) < 2:  # noqa: PLR2004  two is the fewest that can be put together
                refuse([OneAlone(len(sent))])
            drafted = drafted_from(answers)
            refuse(_reasons_against_documents(session, drafted))
            sources, compared = self._compared(session, drafted, by, today)
            if read is not None and (len(read) < _SHORTEST or not _digest(sources).startswith(read)):
                refuse([AnotherComparison()])
            subjects = next(one.subjects for one in shared_library(session).networks if one.id == network)
        chosen = {**suggested(compared), **choices}
        refuse([*reasons_against_choices(compared, chosen), *_reasons_against_doses(compared, chosen, sources, called)])
        made = shared_draft(compared, chosen)
        title = called.title or name_of([one.member.title for one in sources])
        front = _front(title, called, network, called.subject or subjects[0], made)

        def beside(act: Act, row: ProposalRow) -> None:
            keep_offers(act.session, row.id, front.id, made.offered)
            for answer in act.session.exec(select(TriageRow).where(col(TriageRow.document_id).in_(wanted))):
                answer.proposal_id = row.id
                act.session.add(answer)

        return self._drafting.propose_merge(
            unformatted(ProcedureText(front, made.body)), f"{front.id}.md",
            # Of those that were dropped too, perhaps for what stands in the title: it is kept for ever.
            sources=[(one.routine.municipality, masked_all(one.member.title)) for one in sent], meaning=None, by=by, now=now,
            decision_id=decision_id, merge=Merge(request, beside),
        )  # fmt: skip

    def _compared(
        self, session: Session, documents: Iterable[str], reader: str | None, today: date
    ) -> tuple[list[Source], SideBySide]:
        sources = Sources(session, self._words, reader, today).named(documents)
        if not sources:
            raise ArgumentMissing(what="documents", expected="documents")
        names = [name for town in municipalities(session) for name in (town.name, town.sami_name or "")]
        return sources, side_by_side([one.routine for one in sources], names)


def _alike(sent: Sequence[Source], there: Sequence[Source]) -> AlikeRoutines:
    members = {one.id: one.member for one in (*sent, *there)}
    ours = {one.id for one in sent}
    likeness = Likeness(one.routine for one in (*sent, *there))
    found = clustered([one.routine for one in (*sent, *there)], likeness)
    groups = tuple(_group(one, members, likeness) for one in found.clusters if ours & set(one.members))
    near = tuple(one for one in found.near if ours & {one.one, one.other})
    alone = tuple(members[id_] for id_ in found.alone if id_ in ours)
    told = {id_ for one in groups for id_ in (member.id for member in one.members)} | {one.id for one in alone}
    told |= {id_ for one in near for id_ in (one.one, one.other)}
    return AlikeRoutines(groups, alone, near, {id_: members[id_] for id_ in sorted(told)})


def _group(cluster: Cluster, members: Mapping[str, Member], likeness: Likeness) -> Group:
    # The library's last: what came is what people look at.
    theirs = tuple(sorted((members[id_] for id_ in cluster.members), key=_by_place))
    in_library = any(one.procedure is not None for one in theirs)
    titles = [one.title for one in theirs if one.procedure is not None] or [one.title for one in theirs]
    sections = likeness.sections_between(cluster.weakest.one, cluster.weakest.other)
    return Group(name_of(titles), theirs, cluster.likeness, cluster.weakest, sections, in_library)


def _by_place(one: Member) -> tuple[bool, str, str, str]:
    return one.procedure is not None, one.municipality or "", one.title, one.id


def _digest(sources: Sequence[Source]) -> str:
    """Give a hash of what is compared, and of how."""
    said = [_FORM, *([one.id, one.routine.markdown] for one in sources)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _answers(session: Session, documents: Sequence[str]) -> dict[str, TriageRow]:
    rows = session.exec(select(TriageRow).where(col(TriageRow.document_id).in_(list(documents))))
    return {row.document_id: row for row in rows}


def _outcome(row: TriageRow | None) -> Triage | None:
    return Triage(row.outcome) if row is not None else None


def _triage_id(document: str) -> str:
    return f"v-{hashlib.sha256(document.encode()).hexdigest()[:12]}"


def _request(
    wanted: Sequence[str], choices: Mapping[int, Choice], called: DraftOf, read: str | None
) -> dict[str, object]:  # fmt: skip
    """Give what was asked, without a word that somebody wrote: a second call is told by it."""
    request: dict[str, object] = {
        "documents": wanted, "choices": {str(number): str(choices[number]) for number in sorted(choices)},
        "title": _hash(called.title or ""), "procedure": called.procedure, "subject": called.subject, "read": read,
    }  # fmt: skip
    if called.access is not None or called.responsible_role is not None:
        request |= {"access": called.access, "role": _hash(called.responsible_role or "")}
    if called.doses_read:
        request["doses_read"] = True
    return request


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _front(title: str, called: DraftOf, network: str, subject: str, made: SharedDraft) -> FrontMatter:
    role = require_text("responsible_role", called.responsible_role or "", longest=300).strip()
    return FrontMatter(
        id=procedure_id(called.procedure) if called.procedure else slug_of(title), title=title, kind=Kind.ROUTINE,
        # As a document that is taken in alone: that it is for everybody, somebody says.
        access=called.access or AccessClass.INTERNAL,
        language=Language.NB, network=NetworkId(network), subjects=(subject,),
        responsible_role=role or say("collecting.responsible_role", "nb"), decision_level=DecisionLevel.HEAD_OF_SERVICE,
        review_interval_months=_MONTHS, local_information=made.local_information,
    )  # fmt: skip


def _reasons_against_doses(
    compared: SideBySide, choices: Mapping[int, Choice], sources: Sequence[Source], called: DraftOf
) -> list[Because]:
    if called.doses_read or reasons_against_choices(compared, choices):
        return []
    names = {one.id: one.member.municipality or one.member.title for one in sources}
    mixed = doses_of_several(compared, choices)
    if not mixed:
        return []
    shown = ", ".join(f"{number + 1} ({', '.join(names[one] for one in who)})" for number, who in mixed.items())
    return [DosesOfSeveral(shown, tuple(mixed))]


def _reasons_against_documents(session: Session, documents: Iterable[str]) -> list[Because]:
    """Say what is to be done with documents first: nothing comes into a draft that could not be accepted by itself."""
    row = IncomingDocumentRow
    waiting = select(row).where(col(row.id).in_(list(documents)), row.state == IncomingState.WAITING.value)
    told = session.exec(waiting.order_by(row.id))
    return [reason for one in told for reason in reasons_against_report((one.id, one.name), report_now(one))]
