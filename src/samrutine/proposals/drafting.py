"""The verbs of a draft: propose a text, propose one made of several local routines, revise."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Verb, network_body, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.errors import IdTaken, InvalidRequest, InvalidText, TextChanged
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor, get_municipality, get_network
from samrutine.networks.settling import known_to_checks, settled_files
from samrutine.procedures.access import hidden_procedures, networks_kept
from samrutine.procedures.attached import (
    GivenFile,
    Reading,
    looked_at,
    reasons_against_files,
    reasons_against_listing,
    with_files,
)
from samrutine.procedures.checks import findings as check
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import AccessClass, Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.text import canonical, read, write
from samrutine.procedures.text import digest as digest_of
from samrutine.proposals.files import files_held, keep_files, keep_only_listed
from samrutine.proposals.hearing_rows import is_another_than_heard
from samrutine.proposals.loading import (
    IN_OPEN_STATES,
    acted_on,
    free_text,
    get_row,
    lines_of_errors,
    proposal_of,
    reasons_against_repeating,
)
from samrutine.proposals.model import Origin, OriginKind, ProposalId, ProposalKind, ProposalState, Significance
from samrutine.proposals.older_text import ReadsAsOlder, reads_as
from samrutine.proposals.rules import reasons_against_meaning, reasons_against_revising
from samrutine.reading.trace import require_origins, taken_up
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, Decision, DecisionId, Decisions
from samrutine.storage.rows import ProcedureRow, ProposalOriginRow, ProposalRow, VersionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

MOST_COMPARED: Final = 12
"""How many versions, the newest first, a text is compared to: files that old are not lying about."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """
    A draft is kept. `findings` are what the checks say of it: errors must be mended before it can be sent.

    `unchanged` when nothing was decided, since the text is there already: as the draft `proposal`, or, when `version`
    is set, as that version of the routine, which came of `proposal`.
    """

    proposal: ProposalId
    procedure: ProcedureId
    digest: Digest
    findings: tuple[Finding, ...]
    number: int | None
    unchanged: bool
    version: VersionNumber | None
    projected: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    """A text as it was given, read and checked before the act begins, and what goes with it."""

    text: ProcedureText
    stored: bytes
    digest: Digest
    findings: tuple[Finding, ...]
    settled: tuple[tuple[str, str], ...]
    changes: ProcedureId | None
    significance: Significance
    meaning: str | None
    origins: tuple[Origin, ...] = ()
    kind: ProposalKind = ProposalKind.NEW
    made_from: VersionNumber | None = None
    """The version that whoever proposes says it was made from; None for the newest."""
    reads_as: VersionNumber | None = None
    """The older version that it reads as, where nobody said what it was made from."""
    files: tuple[GivenFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Lift:
    """What was asked of `Lifting.lift`: which addition, and what was given with it. A second call is told by this."""

    addition: str
    significance: Significance | None
    meaning: str | None

    @property
    def request(self) -> dict[str, object]:
        """What the act is about, without any words of it."""
        return {"addition": self.addition, "significance": self.significance, "says": self.meaning is not None}


@dataclass(frozen=True, slots=True)
class Merge:
    """
    What whoever makes a draft of documents that were sent in was asked, and does beside it in its act.

    Attributes:
        request: What the act is about: a second call is told by this, and not by a text that was made from what stood then.
        beside: Called with the act and the proposal's row, once, when the draft is new.
    """

    request: Mapping[str, object]
    beside: Callable[[Act, ProposalRow], None]


class Drafting:
    """
    Drafts. Saving never sends.

    Args:
        file_words: Gives the words of a file that nothing here can read: a PDF with a patient in it must not be kept.
    """

    def __init__(self, database: Database, decisions: Decisions, file_words: Reading) -> None:
        self._file_words = file_words
        self._database = database
        self._decisions = decisions

    def propose(  # noqa: PLR0913  each is one thing that is said of a text
        self, data: bytes, name: str, *, changes: ProcedureId | None, significance: Significance, meaning: str | None,
        by: ActorId, now: datetime, decision_id: DecisionId, origins: Sequence[Origin] = (),
        from_version: VersionNumber | None = None, attachments: Mapping[str, bytes] | None = None,
    ) -> Proposed:  # fmt: skip
        """
        Keep a text as a draft. Nothing is sent: saving never sends.

        Args:
            data: Markdown with front matter, as bytes. Brought to canonical form once, here.
            name: What to call the text in messages: the file's name.
            changes: The procedure that it shall change; None for a routine nobody has. One that was withdrawn is taken
                up again when a change of it is approved.
            significance: What sort of change it is; a new routine's first version is 1.0 either way.
            meaning: What the change means for those who follow the routine: three lines, 1,000 characters at most.
            origins: What the proposal comes of, by id: feedback about this routine, wishes, additions. The same twice is
                once. Local routines come in by `propose_merge`.
            from_version: The version that the text was made from. A draft made from an older one must be refreshed before
                it is sent. With None it is the newest, unless the text reads as an older one: then somebody must say.
            attachments: Files that belong to the text, by name. Those that the text does not list are listed in it, so
                that an approval of the text is one of them; one that it lists otherwise is refused.

        Returns:
            The draft. A text that is the routine's newest version already, or the author's own open proposal from the
            same version, of the same significance and meaning, gives that one, `unchanged`; its origins stay as they were.

        Raises:
            InvalidText: It cannot be read, or holds what must not be kept: personal data, unsafe links.
            IdTaken: The id belongs to another routine or to somebody else's draft, in the same words whether or not the
                actor may know of it: ids are never given twice.
            ProcedureNotFound: There is nothing to change under that id.
            Refused: The meaning has more than three lines, or looks as if it held personal data; or something is made of an
                origin already, or it is about another routine or meant for another network; or the text undoes most of
                what came after an older version, and `from_version` does not say that it is meant (`ReadsAsOlder`); or a
                file is too large, of no kind that may belong to a text, has a program in it, or is another than listed.
            VersionNotFound: There is no such version to start from.
            FeedbackNotFound, WishNotFound, AdditionNotFound: There is no such origin, or the actor may not know of it.
            InvalidRequest: The meaning is too long, or an origin is a local routine.
            NotAllowed: The actor has no role in the library.
        """
        kind = ProposalKind.CHANGE if changes else ProposalKind.NEW
        origins = tuple(dict.fromkeys(origins))
        if any(one.kind is OriginKind.LOCAL_ROUTINE for one in origins):
            # What such a routine is called is free text, which `propose_merge` keeps where it can be erased.
            raise InvalidRequest(what="origins", value=OriginKind.LOCAL_ROUTINE.value, expected="propose_merge")
        eyes = by, norwegian_day(now)
        draft = self._draft(data, name, changes, significance, meaning, origins, kind, eyes, files=attachments or {})
        request: dict[str, object] = {"digest": draft.digest, "changes": changes, "significance": significance}
        if origins:
            request["origins"] = [[one.kind.value, one.reference] for one in origins]
        if from_version is not None:
            request["from_version"] = str(from_version)
        draft = replace(draft, made_from=from_version, reads_as=self._reads_as(draft, from_version, eyes))
        return self._propose(draft, "propose", request, {"meaning": draft.meaning}, by, now, decision_id)

    def check_text(self, data: bytes, name: str, *, reader: str | None, today: date) -> tuple[Finding, ...]:
        """
        Say what `propose` would say of a text, and keep nothing: for whoever is still writing it.

        What stops a text from being read or kept is among the findings, and no error.

        Args:
            data: As `propose`. The lines of the findings are its lines, as they stand.
            reader: Whose eyes: a link to a routine that they may not know of is as one to nowhere.
        """
        try:
            canonical(data, name)
            text = read(data, name)
        except InvalidText as error:
            return tuple(one for one in error.findings if isinstance(one, Finding))
        with self._database.reading() as session:
            known = known_to_checks(session, hidden_procedures(session, reader, today))
        return check(text, data, known)

    def lifted_before(self, asked: Lift, *, by: ActorId, decision_id: DecisionId) -> Proposed | None:
        """
        Give what an earlier call of the same act gave; None when there was none.

        The findings are of the text as it stands now, and none when it was deleted.

        Raises:
            DecisionIdReused: The id was used for another act.
        """
        texts = None if asked.meaning is None else {"meaning": asked.meaning}
        return self._made_before(self._decisions.made(decision_id, "lift", asked.request, by=by, texts=texts))

    def merged_before(
        self, asked: Mapping[str, object], *, by: ActorId, decision_id: DecisionId
    ) -> Proposed | None:  # fmt: skip
        """Give what an earlier call of `propose_merge` of the same `Merge` gave; as `lifted_before`."""
        return self._made_before(self._decisions.made(decision_id, "draft_from", asked, by=by, texts=None))

    def _made_before(self, made: Sequence[Decision]) -> Proposed | None:
        if not made:
            return None
        facts = made[0].facts
        with self._database.reading() as session:
            row = get_row(session, facts["proposal"])
            known = known_to_checks(session, held=files_held(session, row.id))
            found = check(read(row.text, row.id), row.text, known) if row.text else ()
        return Proposed(
            ProposalId(row.id), ProcedureId(facts["procedure"]), Digest(facts["digest"]), found, made[0].number,
            unchanged=False, version=None, projected=True,
        )  # fmt: skip

    def propose_lifted(
        self, data: bytes, asked: Lift, *, changes: ProcedureId, significance: Significance, meaning: str, by: ActorId,
        now: datetime, decision_id: DecisionId,
    ) -> Proposed:  # fmt: skip
        """Keep a text that an addition was put into, as `propose` does; a second call is told by what was asked."""
        origins, eyes = (Origin(OriginKind.ADDITION, asked.addition),), (by, norwegian_day(now))
        draft = self._draft(data, f"{changes}.md", changes, significance, meaning, origins, ProposalKind.CHANGE, eyes)
        return self._propose(draft, "lift", asked.request, {"meaning": draft.meaning}, by, now, decision_id)

    def propose_merge(
        self, data: bytes, name: str, *, sources: Sequence[tuple[str, str]], meaning: str | None, by: ActorId,
        now: datetime, decision_id: DecisionId, merge: Merge | None = None,
    ) -> Proposed:  # fmt: skip
        """
        Keep a text that is made of several municipalities' own routines, as a draft of one they share.

        Args:
            data: As `propose`.
            name: As `propose`.
            sources: Two or more of (municipality, the routine's link or title).
            meaning: As `propose`.
            merge: What was asked of whoever made the text of documents, and does something beside it.

        Raises:
            MunicipalityNotFound: A source's municipality is none of the library's.
            InvalidRequest: Fewer than two sources, or one without a word.
            InvalidText, IdTaken, Refused, NotAllowed: As `propose`.
        """
        if len(sources) < 2:  # noqa: PLR2004  two is the fewest that can be put together
            raise InvalidRequest(what="sources", value=len(sources), expected="2–")
        named = [(town, require_text("source", source, longest=1_000, may_be_empty=False)) for town, source in sources]
        with self._database.reading() as session:
            numbered = [(get_municipality(session, town).number, source) for town, source in named]
        references = [f"{town}-{serial}" for serial, (town, _) in enumerate(numbered, 1)]
        origins = tuple(Origin(OriginKind.LOCAL_ROUTINE, one) for one in references)
        eyes = by, norwegian_day(now)
        draft = self._draft(data, name, None, Significance.MAJOR, meaning, origins, ProposalKind.MERGE, eyes)
        texts = {f"source_{reference}": source for reference, (_, source) in zip(references, numbered, strict=True)}
        request = {"digest": draft.digest, "sources": references}
        texts = {"meaning": draft.meaning or "", **texts}
        if merge is not None:
            return self._propose(draft, "draft_from", merge.request, {**texts}, by, now, decision_id, merge.beside)
        return self._propose(draft, "propose_merge", request, {**texts}, by, now, decision_id)

    def revise(
        self, proposal: ProposalId, data: bytes, name: str, *, read_digest: Digest, meaning: str | None,
        by: ActorId, now: datetime, decision_id: DecisionId, unheard: str | None = None,
        attachments: Mapping[str, bytes] | None = None,
    ) -> Proposed:  # fmt: skip
        """
        Replace a draft's text. What members agreed to before is void, and is shown as void.

        What the last refresh could not merge counts as looked at.

        Args:
            read_digest: The digest of the text that the change was made from, so that nobody overwrites unread words.
            meaning: As `propose`. None leaves what stands there.
            unheard: Why a text that is up for approval is not heard once more, where it becomes another than the one that
                was heard: shown to those who approve. 1,000 characters at most.
            attachments: As `propose`. The proposal keeps those that it has and that the text still lists.

        Raises:
            TextChanged: Somebody changed the draft meanwhile. Read it again.
            InvalidText: As `propose`; or the text has another id than the proposal.
            Refused: Already decided; being heard; a hasteversjon or a withdrawal, whose words stand; or the round is
                open, and the text is none that could have been sent, asks other networks, or is another than
                was heard with no word on why; or the text is one that somebody agreed to with another meaning or before
                another text.
            NotAllowed: Neither the author nor the network's leader nor the editor.
        """
        eyes = by, norwegian_day(now)
        new = self._draft(
            data, name, None, Significance.MAJOR, meaning, (), ProposalKind.NEW, eyes, files=attachments or {},
            proposal=proposal,
        )  # fmt: skip
        front = new.text.front
        request = {"proposal": proposal, "digest": new.digest, "read": read_digest}
        why = free_text("unheard", unheard)
        texts = {"meaning": new.meaning, "unheard": why}
        made = self._decisions.made(decision_id, "revise", request, by=by, texts=texts)
        is_another = not made and self._is_another_than_heard(proposal, new, eyes)
        with self._decisions.act(decision_id, "revise", request, by=by, now=now, texts=texts) as act:
            row = acted_on(act, proposal)
            if not act.is_repeat:
                actor = get_actor(act.session, by)
                before = proposal_of(act.session, row)
                meant = new.meaning or row.meaning
                refuse(
                    reasons_against_revising(
                        before, actor, act.today, digest=new.digest, meaning=meant, faults=_faults(act.session, new, proposal),
                        co_networks=front.co_networks, is_another=is_another, unheard=why,
                    )
                )  # fmt: skip
                if row.digest != read_digest:
                    raise TextChanged(proposal=proposal)
                if front.id != row.procedure_id or front.network != row.network:
                    raise IdTaken(procedure=front.id)
                if before.state is ProposalState.APPROVAL:
                    refuse(reasons_against_repeating(act.session, row, new.digest))
                role = roles_for(actor, Verb.PROPOSE, network_body(row.network), act.today)[0]
                act.record(
                    "proposal_revised", body=network_body(row.network), role=role, subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "digest": new.digest, "replaces": row.digest,
                           "municipality": actor.municipality_on(act.today), "was_exempt": row.access == AccessClass.EXEMPT},
                )  # fmt: skip
                made_exempt = by != row.author_actor and row.access != AccessClass.EXEMPT
                put_text(row, new.text, new.stored, others_words=made_exempt)
                row.meaning, row.conflicts = meant, None
                act.session.add(row)
                keep_files(act.session, row.id, new.files)
                keep_only_listed(act.session, row.id, [one.digest for one in front.attachments])
                if before.digest != new.digest:
                    tell(act, "approval-void", row.id, actors=[one.actor for one in before.valid_approvals])
        return Proposed(
            proposal, front.id, new.digest, new.findings, act.decisions[0].number, unchanged=False, version=None,
            projected=act.projected,
        )  # fmt: skip

    def _is_another_than_heard(self, proposal: str, new: _Draft, eyes: tuple[ActorId, date]) -> bool:
        """Compare before the act begins: the chain's head is not held while texts are compared."""
        with self._database.reading() as session:
            row = Eyes(session, *eyes).proposal(proposal)
            return is_another_than_heard(session, proposal, new.text, now_there=row.text)

    def _reads_as(
        self, draft: _Draft, from_version: VersionNumber | None, eyes: tuple[ActorId, date]
    ) -> VersionNumber | None:
        """Compare before the act begins: the chain's head is not held while texts are compared."""
        if draft.changes is None or from_version is not None:
            return None
        with self._database.reading() as session:
            knows = Eyes(session, *eyes)
            procedure = session.get(ProcedureRow, draft.changes)
            if procedure is None or not knows.know(procedure) or procedure.digest == draft.digest:
                return None
            rows = session.exec(
                select(VersionRow)
                .where(VersionRow.procedure_id == procedure.id, col(VersionRow.refused_number).is_(None))
                .order_by(col(VersionRow.major).desc(), col(VersionRow.minor).desc())
                .limit(MOST_COMPARED)
            )
            older = [
                (VersionNumber(row.major, row.minor), Words.from_sql(session, row.digest))
                for row in rows
                if row.digest != procedure.digest and knows.know_version(procedure, row)
            ]
            return reads_as(draft.stored, Words.from_sql(session, procedure.digest), older) if older else None

    def _draft(
        self, data: bytes, name: str, changes: ProcedureId | None, significance: Significance, meaning: str | None,
        origins: tuple[Origin, ...], kind: ProposalKind, eyes: tuple[ActorId, date], *,
        files: Mapping[str, bytes] = MappingProxyType({}), proposal: str | None = None,
    ) -> _Draft:  # fmt: skip
        """Read and check a text before the act begins: the chain's head is not held while a text is read."""
        given = free_text("meaning", meaning)
        refuse(reasons_against_meaning(given))
        refuse(reasons_against_files(files, self._file_words))
        looked = looked_at(files)
        stored = canonical(data, name)
        text = read(stored, name)
        refuse(reasons_against_listing(text.front, looked))
        listing = with_files(text, looked)
        if listing is not text:
            text = listing
            data = stored = write(text)
        with self._database.reading() as session:
            hidden = hidden_procedures(session, *eyes)
            held = {*(one.digest for one in looked), *(files_held(session, proposal) if proposal else ())}
            found = check(text, data, known_to_checks(session, hidden, held=held))
            settled = settled_files(session)
        if unkept := [one for one in found if one.severity is Severity.ERROR and one.must_not_be_kept]:
            raise InvalidText(name, unkept)
        return _Draft(
            text, stored, digest_of(stored), found, settled, changes, significance, given, origins, kind, files=looked
        )

    def _propose(
        self, draft: _Draft, verb: str, request: Mapping[str, object], texts: dict[str, str | None], by: ActorId,
        now: datetime, decision_id: DecisionId, beside: Callable[[Act, ProposalRow], None] | None = None,
    ) -> Proposed:  # fmt: skip
        front = draft.text.front
        with self._decisions.act(decision_id, verb, request, by=by, now=now, texts=texts) as act:
            session, version = act.session, None
            if act.is_repeat:
                row = get_row(session, act.decisions[0].facts["proposal"])
            else:
                actor = get_actor(session, by)
                get_network(session, front.network)
                refuse(reasons_against(actor, Verb.PROPOSE, network_body(front.network), act.today))
                procedure = session.get(ProcedureRow, front.id)
                eyes = Eyes.of(act)
                is_known = procedure is None or eyes.know(procedure)
                if is_known and procedure is not None and _says_it_already(procedure, draft):
                    version = VersionNumber(procedure.major, procedure.minor)
                    row = _proposal_of_head(session, procedure)
                else:
                    base = _base(eyes, procedure, draft.made_from)
                    same = _same_draft(session, by, draft, base)
                    if same is None:
                        _refuse_foreign_id(eyes, draft, procedure)
                        _refuse_older(draft, procedure)
                        said = [(one.kind.value, one.reference) for one in draft.origins]
                        require_origins(eyes, said, procedure=front.id, network=front.network)
                        same = _open(act, draft, procedure, base)
                        if beside is not None:
                            beside(act, same)
                    # What the same text was saved without before, it gets now.
                    keep_files(session, same.id, draft.files)
                    row = same
            proposal_id = ProposalId(row.id)
        number = act.decisions[0].number if act.decisions else None
        return Proposed(
            proposal_id, front.id, draft.digest, draft.findings, number, number is None, version, act.projected
        )


def put_text(row: ProposalRow, text: ProcedureText, stored: bytes, *, others_words: bool) -> None:
    """
    Put a text into a proposal, with what is kept of it beside the words.

    Args:
        others_words: If the text is exempt, exempt words of others than the author came into it now.
    """
    is_exempt = text.front.access is AccessClass.EXEMPT
    row.hidden_from_author = is_exempt and (others_words or row.hidden_from_author)
    row.text, row.digest, row.title = stored, digest_of(stored), text.front.title
    row.access, row.co_networks = text.front.access.value, networks_kept(text.front)


def _faults(session: Session, draft: _Draft, proposal: str) -> tuple[int, ...]:
    """Give the lines of the errors in a text, by the settings as they are under the lock."""
    if draft.settled == settled_files(session):
        return lines_of_errors(draft.findings)
    held = {*(one.digest for one in draft.files), *files_held(session, proposal)}
    return lines_of_errors(check(draft.text, draft.stored, known_to_checks(session, held=held)))


def _says_it_already(procedure: ProcedureRow, draft: _Draft) -> bool:
    """Whether the routine's newest version, that stands, is this very text."""
    return procedure.digest == draft.digest and procedure.withdrawn_number is None


def _base(
    eyes: Eyes, procedure: ProcedureRow | None, made_from: VersionNumber | None
) -> ProcedureRow | VersionRow | None:
    """Give the version that a draft starts from: the newest, or the one that somebody says it was made from."""
    if procedure is None or made_from is None or made_from == VersionNumber(procedure.major, procedure.minor):
        return procedure
    return eyes.version(procedure, made_from)


def _refuse_older(draft: _Draft, procedure: ProcedureRow | None) -> None:
    """A text made from an older version would take out what came later, without anybody having asked for it."""
    if draft.reads_as is not None and procedure is not None:
        newest = VersionNumber(procedure.major, procedure.minor)
        refuse([ReadsAsOlder(procedure.id, str(draft.reads_as), str(newest))])


def _open(
    act: Act, draft: _Draft, procedure: ProcedureRow | None, start: ProcedureRow | VersionRow | None
) -> ProposalRow:
    front = draft.text.front
    actor = get_actor(act.session, act.by)
    base = f"{start.major}.{start.minor}" if start else None
    body = network_body(front.network)
    proposal_id = f"f-{hashlib.sha256(act.id.encode()).hexdigest()[:10]}"
    facts: dict[str, object] = {
        "proposal": proposal_id, "procedure": front.id, "digest": draft.digest, "change": draft.kind.value, "base": base,
        "significance": draft.significance.value,
    }  # fmt: skip
    if draft.origins:
        facts["origins"] = [[one.kind.value, one.reference] for one in draft.origins]
    decision = act.record(
        "proposed", body=body, role=roles_for(actor, Verb.PROPOSE, body, act.today)[0], subject=front.id, facts=facts
    )
    row = ProposalRow(
        id=proposal_id, procedure_id=front.id, kind=draft.kind.value, state=ProposalState.DRAFT.value,
        title=front.title, network=front.network, author_actor=act.by,
        author_municipality=actor.municipality_on(act.today), base_version=base,
        base_digest=start.digest if start else None, text=draft.stored, digest=draft.digest,
        significance=draft.significance.value, meaning=draft.meaning, opened_at=act.now, opened_number=decision.number,
    )  # fmt: skip
    from_exempt = procedure is not None and procedure.access == AccessClass.EXEMPT
    put_text(row, draft.text, draft.stored, others_words=from_exempt)
    act.session.add(row)
    for one in draft.origins:
        act.session.add(
            ProposalOriginRow(
                proposal_id=proposal_id, kind=one.kind.value, reference=one.reference, decided_number=decision.number
            )
        )
    act.count("proposals", 1)
    if roles_for(actor, Verb.SEND, body, act.today):
        # Who answers readers takes what they said up by proposing; anybody else only says what it comes of.
        act.session.flush()
        for one in draft.origins:
            taken_up(act, proposal_id, one.kind.value, one.reference)
    return row


def _same_draft(
    session: Session, author: str, draft: _Draft, start: ProcedureRow | VersionRow | None
) -> ProposalRow | None:
    """
    Find the author's own open proposal that says the very same, from the same version.

    A new routine's first version is 1.0 whatever its significance, so that is not looked at. No meaning says nothing
    against the one there is.
    """
    base = start.digest if start else None
    query = select(ProposalRow).where(
        ProposalRow.procedure_id == draft.text.front.id, ProposalRow.author_actor == author,
        ProposalRow.digest == draft.digest, ProposalRow.base_digest == base, ProposalRow.kind == draft.kind.value,
        col(ProposalRow.state).in_(IN_OPEN_STATES),
    ).order_by(col(ProposalRow.opened_number))  # fmt: skip
    for row in session.exec(query):
        same_weight = draft.changes is None or row.significance == draft.significance
        if same_weight and draft.meaning in {None, row.meaning}:
            return row
    return None


def _proposal_of_head(session: Session, procedure: ProcedureRow) -> ProposalRow:
    """Give the proposal that a routine's newest version came of."""
    version = session.get_one(VersionRow, (procedure.id, procedure.major, procedure.minor))
    return session.get_one(ProposalRow, version.proposal_id)


def _refuse_foreign_id(eyes: Eyes, draft: _Draft, procedure: ProcedureRow | None) -> None:
    """
    An id belongs to the routine that has it; a text takes it only when told to change that very routine.

    Ids are never given twice, so a new routine under the id of one that the actor may not know of must be refused. It is
    refused in the words that meet the id of another's draft too: it tells that the id is taken, and nothing more.
    """
    session, front, changes = eyes.session, draft.text.front, draft.changes
    if changes is not None:
        eyes.procedure(changes)
    if (changes is None and procedure is not None) or (changes is not None and changes != front.id):
        raise IdTaken(procedure=front.id)
    if changes is None:
        theirs = session.exec(
            select(ProposalRow).where(
                ProposalRow.procedure_id == front.id, col(ProposalRow.state).in_(IN_OPEN_STATES)
            )
        ).first()  # fmt: skip
        if theirs is not None:
            raise IdTaken(procedure=front.id)
    elif procedure is not None and procedure.network != front.network:
        # Another network takes a routine over by a decision of its own, never by a line in a text.
        raise IdTaken(procedure=front.id)
