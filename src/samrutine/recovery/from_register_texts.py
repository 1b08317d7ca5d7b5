"""
Versions, routines and proposals as rows: from what the chain says of them, and from their words where these are there.

Where a version's words are not there, which may only be when they are exempt from public access, its row has what the
chain knows and else the strictest there is: its id for a title, the highest level of decision, and a review at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from samrutine.days import norwegian_day
from samrutine.procedures.heads import columns_of
from samrutine.procedures.model import AccessClass, ProcedureText, VersionNumber
from samrutine.procedures.text import TEXT_FORM, read
from samrutine.procedures.text import digest as digest_of
from samrutine.projections.replay_files import files_due
from samrutine.projections.replay_heads import heads_due
from samrutine.projections.replay_proposals import LEADS_TO, ProposalDue, proposals_due
from samrutine.projections.replay_versions import VersionsDue, versions_due
from samrutine.projections.replay_words import sections_due
from samrutine.projections.scope import ALL
from samrutine.proposals.model import ProposalState, Significance
from samrutine.proposals.policy import Policy
from samrutine.proposals.rounds import written_policy
from samrutine.proposals.transitions import CLOSED
from samrutine.recovery.from_register_links import Link
from samrutine.recovery.from_register_rows import Due, owners_of, town_of
from samrutine.storage.rows import (
    AttachmentRow,
    HearingRow,
    ProcedureRow,
    ProposalOriginRow,
    ProposalRow,
    SectionRow,
    VersionRow,
    WordsRow,
)


@dataclass
class Texts:
    """The words that are there, read when they are asked for."""

    session: Session
    _read: dict[str, ProcedureText | None] = field(default_factory=dict)

    def content(self, digest: str) -> bytes:
        """Give the bytes, or the notice that stands in their place; none where they are lost."""
        row = self.session.get(WordsRow, digest)
        if row is None or (row.redacted_number is None and digest_of(row.content) != digest):
            return b""
        return row.content

    def text(self, digest: str) -> ProcedureText | None:
        """Give the words as a text; None where they are lost."""
        if digest not in self._read:
            content = self.content(digest)
            self._read[digest] = read(content, digest) if content else None
        return self._read[digest]


@dataclass
class Routines:
    """All versions and routines as the chain has them."""

    session: Session
    texts: Texts
    links: Sequence[Link]

    @cached_property
    def follows(self) -> VersionsDue:
        """What became of versions, of routines as a whole, and what proposals came of."""
        return versions_due(self.session, ALL)

    def due(self) -> list[Due]:
        """Give the rows of routines, versions and their sections."""
        versions, heads = list(self._versions()), heads_due(self.session, ALL)
        owners = owners_of(self.session)
        titles: dict[str, set[str]] = {}
        for one in versions:
            titles.setdefault(one["procedure_id"], set()).add(one["title"])
        routines = []
        for procedure, head in heads.items():
            withdrawn, replaced_by = self.follows.withdrawn.get(procedure, (None, None))
            owner, deputy = owners.get(procedure, (None, None))
            columns = columns_of(procedure, head, self.texts.text)
            routines.append(
                {
                    **columns, "withdrawn_number": withdrawn, "replaced_by": replaced_by, "owner_actor": owner,
                    "deputy_actor": deputy, "retitled": titles[procedure] != {columns["title"]},
                }
            )  # fmt: skip
        return [
            Due(ProcedureRow, ("id",), routines),
            Due(VersionRow, ("procedure_id", "major", "minor"), versions),
            Due(AttachmentRow, ("procedure_id", "major", "minor", "name"), list(files_due(self.session, ALL))),
            self._sections(),
        ]

    def origins(self) -> Due:
        """Give what proposals came of."""
        rows = [
            {"proposal_id": proposal, "kind": kind, "reference": reference, "decided_number": number}
            for proposal, reference, kind, number in sorted(self.follows.all_origins(self.session, ALL), key=str)
        ]
        return Due(ProposalOriginRow, ("proposal_id", "kind", "reference"), rows)

    def _versions(self) -> Iterator[dict[str, Any]]:
        for link in self.links:
            if link.kind not in {"version_approved", "version_hurried"}:
                continue
            facts = link.facts
            number = VersionNumber.parse(facts["version"])
            hurried, confirmed, refused = self.follows.versions[facts["procedure"], facts["version"]]
            yield {
                "procedure_id": facts["procedure"], "major": number.major, "minor": number.minor,
                "digest": facts["digest"], "text_form": facts.get("text_form", TEXT_FORM),
                "title": self._title(facts["procedure"], number, facts["digest"]), "significance": facts["significance"],
                "proposal_id": facts["proposal"], "approved_on": norwegian_day(link.at),
                "approved_by": str(link.known["body"]).partition(":")[2], "decided_number": link.number,
                "hurried": hurried, "confirmed_number": confirmed, "refused_number": refused,
                "access": facts.get("access"),
            }  # fmt: skip

    def _title(self, procedure: str, number: VersionNumber, digest: str) -> str:
        """Give what a version is called. What is kept of a redacted one is not in the notice: see `redaction.blank`."""
        words, text = self.session.get(WordsRow, digest), self.texts.text(digest)
        if words is not None and words.redacted_number is not None:
            kept = self.session.get(VersionRow, (procedure, number.major, number.minor))
            if kept is not None:
                return kept.title
        return text.front.title if text else procedure

    def _sections(self) -> Due:
        rows = [
            {
                "procedure_id": procedure, "major": version.major, "minor": version.minor, "key": key,
                "position": position, "heading": heading, "level": level, "text_digest": text_digest,
                # Which they follow where the words before were redacted, only rows that are there know.
                "earlier_key": earlier if follows else self._followed((procedure, version.major, version.minor, str(key))),
            }
            for (procedure, version), made, follows in sections_due(self.session, ALL)
            for key, position, heading, level, text_digest, earlier in sorted(made or (), key=lambda one: int(str(one[1])))
        ]  # fmt: skip
        return Due(SectionRow, ("procedure_id", "major", "minor", "key"), rows)

    def _followed(self, at: tuple[str, int, int, str]) -> str | None:
        row = self.session.get(SectionRow, at)
        return row.earlier_key if row is not None else None


@dataclass
class _Course:
    """What a proposal's row says, decision by decision, beyond what `replay` follows."""

    opened_at: datetime
    opened: int
    author: str
    sent_at: datetime | None = None
    closed_at: datetime | None = None
    significance: str = Significance.MAJOR.value

    def follow(self, link: Link) -> None:
        """Take one decision about it."""
        facts = link.facts
        state = LEADS_TO.get(link.kind)
        if link.kind in {"proposal_sent", "version_hurried"}:
            self.sent_at = link.at
        if link.kind in {"version_hurried", "version_approved"}:
            self.significance = facts["significance"]
        if state in CLOSED:
            self.closed_at = link.at


def keep_proposals(session: Session, links: Sequence[Link], texts: Texts, follows: Any) -> list[str]:
    """
    Make the rows of proposals say what the decisions do, each with its words where these are there.

    Returns:
        The open ones that cannot go on: drafts, what is being heard, and rounds whose text nobody has any more.
    """
    due = proposals_due(session, ALL)
    courses = _courses(links, due)
    lost: list[str] = []
    heard = set(session.exec(select(HearingRow.proposal_id).where(col(HearingRow.closed_number).is_(None))))
    for proposal, known in due.items():
        row = session.get(ProposalRow, proposal)
        content = _content(row, known, texts)
        is_new = row is None
        if row is None:
            row = _new_row(proposal, known, courses[proposal], follows)
        row.state, row.digest, row.text = known.state.value, known.digest, content
        row.base_version, row.hurried_version, row.replaced_by = known.base, known.hurried, known.replaced_by
        row.base_digest = known.base_digest
        _from_words(row, content, known)
        course = courses[proposal]
        row.sent_at, row.closed_at = course.sent_at, course.closed_at
        row.policy = written_policy(Policy.parse(known.policy)) if known.policy is not None else None
        if is_new:
            row.significance = known.significance or course.significance
        session.add(row)
        is_open = known.state not in CLOSED
        can_go_on = bool(content) and (
            known.state is ProposalState.APPROVAL
            or (known.state is ProposalState.DRAFT and not is_new)
            or (known.state is ProposalState.HEARING and proposal in heard)
        )
        if is_open and not can_go_on:
            lost.append(proposal)
    session.flush()
    return lost


def _content(row: ProposalRow | None, known: ProposalDue, texts: Texts) -> bytes:
    """Give the words of a proposal; where they were taken out of its row, the notice that stands there; none where they are lost."""
    if row is None:
        return texts.content(known.digest)
    if digest_of(row.text) == known.digest:
        return row.text
    return texts.content(known.digest) or (row.text if row.digest == known.digest else b"")


def _new_row(proposal: str, known: ProposalDue, course: _Course, follows: Any) -> ProposalRow:
    town = town_of(follows, known.author, course.opened, norwegian_day(course.opened_at))
    return ProposalRow(
        id=proposal, procedure_id=known.procedure, kind=known.kind, state=known.state.value, title=known.procedure,
        network=known.network, author_actor=known.author, author_municipality=town, text=b"", digest=known.digest,
        significance=Significance.MAJOR.value, opened_at=course.opened_at, opened_number=known.opened,
    )  # fmt: skip


def _from_words(row: ProposalRow, content: bytes, known: ProposalDue) -> None:
    """Put what is kept of a text beside it, from the text; what nobody has any more may be exempt, and is held for it."""
    if not content:
        row.access = known.access or row.access
        return
    front = read(content, row.id).front
    row.title, row.access, row.co_networks = front.title, front.access.value, " ".join(front.co_networks)
    if row.access == AccessClass.EXEMPT.value:
        # In doubt it is hidden: decisions of an earlier build do not tell what was exempt on the way.
        row.hidden_from_author = row.hidden_from_author or known.others is not False


def _courses(links: Sequence[Link], due: Mapping[str, ProposalDue]) -> dict[str, _Course]:
    opened = {known.opened: proposal for proposal, known in due.items()}
    found: dict[str, _Course] = {}
    for link in links:
        if link.number in opened:
            found[opened[link.number]] = _Course(link.at, link.number, str(link.known["actor"]))
        about = link.facts.get("proposal")
        if isinstance(about, str) and about in found:
            found[about].follow(link)
    return found
