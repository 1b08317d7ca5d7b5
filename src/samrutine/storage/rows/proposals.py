"""Texts on their way: proposals, approvals, hearings."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, Text, false
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class ProposalRow(Row, table=True):
    """
    A proposed text on its way: draft, hearing, approval, approved, rejected or withdrawn.

    `conflicts` is JSON: what the last refresh could not merge, until the text is revised. `hurried_version` is the number
    that a *hasteversjon* got. `replaced_by` goes with a proposal to withdraw. `access` is the text's access class,
    `co_networks` its co-networks' ids with spaces between. `hidden_from_author` says that others' exempt words are in it,
    which its author reads by a role or not at all.
    """

    __tablename__ = "proposal"
    __table_args__ = kept("working", Index("proposal_procedure", "procedure_id", "state"))

    id: str = Field(primary_key=True)
    procedure_id: str
    kind: str
    state: str
    title: str
    network: str = Field(foreign_key="network.id")
    author_actor: str = Field(foreign_key="actor.id")
    author_municipality: str | None = None
    base_version: str | None = None
    base_digest: str | None = None
    text: bytes = Field(sa_type=LargeBinary)
    digest: str
    significance: str
    meaning: str | None = Field(default=None, sa_type=Text)
    policy: str | None = Field(default=None, sa_type=Text)
    opened_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_number: int
    replaced_by: str | None = None
    hurried_version: str | None = None
    conflicts: str | None = Field(default=None, sa_type=Text)
    access: str | None = None
    co_networks: str = Field(default="", sa_column_kwargs={"server_default": ""})
    hidden_from_author: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class ProposalFileRow(Row, table=True):
    """
    A file that goes with a proposal, until its text becomes a version: then the bytes are words, behind their digest.

    What it is called stands in the text, which lists its digest. It goes when the proposal's words do.
    """

    __tablename__ = "proposal_file"
    __table_args__ = kept("working")

    proposal_id: str = Field(primary_key=True, foreign_key="proposal.id")
    digest: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class ProposalOriginRow(Row, table=True):
    """What a proposal came of: feedback, a wish, a municipality's addition, a local routine that was merged into it."""

    __tablename__ = "proposal_origin"
    __table_args__ = kept("permanent", Index("proposal_origin_of", "kind", "reference"))

    proposal_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    reference: str = Field(primary_key=True)
    decided_number: int


class ApprovalRow(Row, table=True):
    """
    One member's yes to one digest of one proposal. Void when the text has changed since, or the round began anew.

    So a member may agree to the same text once more in a later round.
    """

    __tablename__ = "approval"
    __table_args__ = kept("permanent", Index("approval_of", "proposal_id", "actor_id"))

    decided_number: int = Field(primary_key=True, foreign_key="decision.number")
    proposal_id: str = Field(foreign_key="proposal.id")
    actor_id: str = Field(foreign_key="actor.id")
    municipality: str | None = None
    role: str
    digest: str
    network: str | None = None


class HearingRow(Row, table=True):
    """One round of hearing of a proposal: which text, until when."""

    __tablename__ = "hearing"
    __table_args__ = kept("hearing", Index("hearing_proposal", "proposal_id", "round", unique=True))

    id: str = Field(primary_key=True)
    proposal_id: str
    round: int
    digest: str
    text: bytes = Field(sa_type=LargeBinary)
    opened_on: date
    deadline: date
    opened_number: int
    closed_number: int | None = None


class HearingPartyRow(Row, table=True):
    """
    One who is heard in a round, and what became of it.

    `body` is a municipality or a network of the library, or `outside:<id>` for one who answers by a personal link;
    `party` is the party of `library/parties.toml` it comes of. `answer` is none yet, no-remarks, remarks or silent.
    """

    __tablename__ = "hearing_party"
    __table_args__ = kept("hearing", Index("hearing_party_of", "hearing_id"), Index("hearing_party_body", "body"))

    id: str = Field(primary_key=True)
    hearing_id: str = Field(foreign_key="hearing.id")
    body: str
    party: str | None = None
    name: str
    answer: str = "none"
    answered_number: int | None = None
    reminders: int = 0
    reminded_on: date | None = None


class HearingLinkRow(Row, table=True):
    """A personal link by which an outsider answers. The link itself is nowhere: only a hash of its secret is kept."""

    __tablename__ = "hearing_link"
    __table_args__ = kept("hearing", Index("hearing_link_party", "party_id"))

    id: str = Field(primary_key=True)
    party_id: str = Field(foreign_key="hearing_party.id")
    actor_id: str = Field(foreign_key="actor.id")
    secret_hash: str
    expires_at: datetime = Field(sa_type=Instant)
    made_number: int
    revoked_number: int | None = None


class RemarkRow(Row, table=True):
    """
    A remark in a hearing, to the whole text or to a section or paragraph of it, and the reply it got.

    `section_key` is None for the whole text; `paragraph` counts from 1 inside the section, None for all of it.
    """

    __tablename__ = "remark"
    __table_args__ = kept("hearing", Index("remark_party", "party_id"))

    id: str = Field(primary_key=True)
    party_id: str = Field(foreign_key="hearing_party.id")
    actor_id: str = Field(foreign_key="actor.id")
    section_key: str | None = None
    paragraph: int | None = None
    text: str | None = Field(default=None, sa_type=Text)
    made_number: int
    outcome: str | None = None
    reply: str | None = Field(default=None, sa_type=Text)
    replied_number: int | None = None
