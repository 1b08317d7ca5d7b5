"""
What lies in SQL: one class a table, no rules.

Every table names its retention class in `info`, which the first migration copies into `table_retention`, so that an
operator sees what is kept how long without reading code:

    permanent   the municipality's record: decisions, versions, intervals, receipts; never deleted by code
    person      a name and an address; erased on request or when the last role ended, unless the person decided
    working     drafts, what waits, notifications; deleted by the rule when the work is over
    derived     can be made again from the rest

Times are instants in UTC; dates are days in Norway. A body is written `municipality:1841`, `network:smittevern` or
`library`. A decision is named by its number in the chain.
"""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, Dialect, Index, LargeBinary, Text, TypeDecorator
from sqlmodel import Field, SQLModel


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's
        """Refuse a time without a zone, since nobody can say which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's
        """Give the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def kept(retention: str, *constraints: Any) -> tuple[Any, ...]:
    """Give the table arguments with the table's retention class."""
    return (*constraints, {"info": {"retention": retention}})


class Row(SQLModel):
    """Base of all tables."""

    __table_args__: ClassVar[Any]


# People and rights ----------------------------------------------------------------------------------------------


class PersonRow(Row, table=True):
    """A name and an address: the only place where they lie."""

    __tablename__ = "person"
    __table_args__ = kept("person")

    id: str = Field(primary_key=True)
    login: str | None = Field(default=None, unique=True)
    name: str | None = None
    email: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class ActorRow(Row, table=True):
    """Whoever acts: a person, the system, or an outsider by a personal link. The id is opaque and is never reused."""

    __tablename__ = "actor"
    __table_args__ = kept("permanent", CheckConstraint("kind IN ('person', 'system', 'link')", name="actor_kind"))

    id: str = Field(primary_key=True)
    kind: str
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    created_number: int | None = None


class RoleGrantRow(Row, table=True):
    """A role in a body from a day until a day, perhaps as somebody's deputy. A vacant role has no row."""

    __tablename__ = "role_grant"
    __table_args__ = kept("permanent", Index("role_grant_body", "body", "role"))

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id", index=True)
    body: str
    role: str
    from_on: date
    until_on: date | None = None
    deputy_of: str | None = Field(default=None, foreign_key="role_grant.id")
    decided_number: int
    ended_number: int | None = None


class DelegationRow(Row, table=True):
    """The right to decide use on a level in a municipality, held under a position's name, by registered delegation."""

    __tablename__ = "delegation"
    __table_args__ = kept("permanent")

    id: str = Field(primary_key=True)
    municipality: str = Field(foreign_key="municipality.number", index=True)
    actor_id: str = Field(foreign_key="actor.id", index=True)
    level: str
    position: str
    reference: str | None = None
    from_on: date
    until_on: date | None = None
    decided_number: int
    ended_number: int | None = None


# The library's own settings, settled by decisions ----------------------------------------------------------------


class LibraryRow(Row, table=True):
    """The library itself: one row, written when it was opened."""

    __tablename__ = "library"
    __table_args__ = kept("permanent", CheckConstraint("id = 1", name="library_one_row"))

    id: int = Field(primary_key=True)
    demo: bool
    language: str
    opened_number: int


class LibraryFileRow(Row, table=True):
    """A file of `library/` as last settled: networks, policies, subjects, vocabulary, templates."""

    __tablename__ = "library_file"
    __table_args__ = kept("permanent")

    path: str = Field(primary_key=True)
    digest: str = Field(foreign_key="words.digest")
    settled_number: int


class MunicipalityRow(Row, table=True):
    """A municipality of the library."""

    __tablename__ = "municipality"
    __table_args__ = kept("derived")

    number: str = Field(primary_key=True)
    name: str
    slug: str = Field(unique=True)
    sami_name: str | None = None


class NetworkRow(Row, table=True):
    """A professional network and the policy by which it agrees."""

    __tablename__ = "network"
    __table_args__ = kept("derived")

    id: str = Field(primary_key=True)
    name: str
    policy: str = Field(sa_type=Text)


# Decisions -------------------------------------------------------------------------------------------------------


class ChainHeadRow(Row, table=True):
    """The chain's last link: the row that every act locks first."""

    __tablename__ = "chain_head"
    __table_args__ = kept("permanent", CheckConstraint("id = 1", name="chain_head_one_row"))

    id: int = Field(primary_key=True)
    number: int
    hash: str
    form: int


class DecisionRow(Row, table=True):
    """One link of the chain. `record` is the very text that was hashed; the other columns repeat it for queries."""

    __tablename__ = "decision"
    __table_args__ = kept(
        "permanent",
        Index("decision_register", "register_folder", "number"),
        Index("decision_subject", "subject", "number"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: str = Field(unique=True)
    act_id: str = Field(index=True)
    request: str
    kind: str
    body: str
    subject: str | None = None
    register_folder: str
    actor_id: str
    role: str
    decided_at: datetime = Field(sa_type=Instant)
    record: str = Field(sa_type=Text)
    hash: str = Field(unique=True)


class DecisionTextRow(Row, table=True):
    """Free text given with a decision. Outside the chain but for a salted hash, so that it can be erased on order."""

    __tablename__ = "decision_text"
    __table_args__ = kept("permanent")

    number: int = Field(primary_key=True, foreign_key="decision.number")
    name: str = Field(primary_key=True)
    salt: str
    text: str | None = Field(default=None, sa_type=Text)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class OutboxRow(Row, table=True):
    """What a decision left to be brought up to date: subjects, never instructions."""

    __tablename__ = "outbox"
    __table_args__ = kept("derived")

    number: int = Field(primary_key=True, foreign_key="decision.number")
    subjects: str = Field(sa_type=Text)


class OutboxPositionRow(Row, table=True):
    """How far a consumer has come, and how its last try went. `mark` is the consumer's own: a branch tip, a checksum."""

    __tablename__ = "outbox_position"
    __table_args__ = kept("derived")

    consumer: str = Field(primary_key=True)
    position: int
    mark: str | None = None
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error: str | None = Field(default=None, sa_type=Text)
    updated_at: datetime = Field(sa_type=Instant)


class DeadLetterRow(Row, table=True):
    """What a consumer could not bring up to date after its last try, waiting for a person."""

    __tablename__ = "dead_letter"
    __table_args__ = kept("working")

    consumer: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    error: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)


class CounterRow(Row, table=True):
    """A total, kept in the transactions that change it, so that nobody counts a million rows."""

    __tablename__ = "counter"
    __table_args__ = kept("derived")

    name: str = Field(primary_key=True)
    value: int


# Procedures, versions, words ---------------------------------------------------------------------------------------


class WordsRow(Row, table=True):
    """The bytes behind a digest. Once read back from git, `git_blob` says where, and git is where they are read."""

    __tablename__ = "words"
    __table_args__ = kept("permanent")

    digest: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
    git_blob: str | None = None
    verified_at: datetime | None = Field(default=None, sa_type=Instant)


class ProcedureRow(Row, table=True):
    """A procedure: an id that is never reused, its present version, and who looks after it."""

    __tablename__ = "procedure"
    __table_args__ = kept("permanent")

    id: str = Field(primary_key=True)
    title: str
    kind: str
    language: str
    translation_of: str | None = None
    network: str = Field(foreign_key="network.id", index=True)
    folder: str
    access: str
    access_basis: str | None = None
    decision_level: str
    owner_actor: str | None = Field(default=None, foreign_key="actor.id")
    deputy_actor: str | None = Field(default=None, foreign_key="actor.id")
    review_interval_months: int
    next_review: date
    major: int
    minor: int
    digest: str
    replaced_by: str | None = None
    withdrawn_number: int | None = None


class VersionRow(Row, table=True):
    """A version as its network approved it."""

    __tablename__ = "version"
    __table_args__ = kept("permanent", Index("version_digest", "digest"))

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    major: int = Field(primary_key=True)
    minor: int = Field(primary_key=True)
    digest: str = Field(foreign_key="words.digest")
    text_form: int
    title: str
    significance: str
    meaning: str | None = Field(default=None, sa_type=Text)
    proposal_id: str
    approved_on: date
    approved_by: str
    decided_number: int = Field(unique=True)


class SectionRow(Row, table=True):
    """A section of a version, and where it stood in the version before."""

    __tablename__ = "section"
    __table_args__ = kept("derived")

    procedure_id: str = Field(primary_key=True)
    major: int = Field(primary_key=True)
    minor: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    position: int
    heading: str
    level: int
    text_digest: str
    earlier_key: str | None = None


class AttachmentRow(Row, table=True):
    """A file that belongs to a version and is covered by its approval, since the front matter lists its digest."""

    __tablename__ = "attachment"
    __table_args__ = kept("permanent")

    procedure_id: str = Field(primary_key=True)
    major: int = Field(primary_key=True)
    minor: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    media_type: str
    digest: str = Field(foreign_key="words.digest")


# Proposals ---------------------------------------------------------------------------------------------------------


class ProposalRow(Row, table=True):
    """A proposed text on its way: draft, approval, approved, rejected or withdrawn."""

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


class ApprovalRow(Row, table=True):
    """One member's yes to one digest of one proposal. Void when the text has changed since."""

    __tablename__ = "approval"
    __table_args__ = kept(
        "permanent",
        Index("approval_once", "proposal_id", "actor_id", "digest", unique=True),
    )

    decided_number: int = Field(primary_key=True, foreign_key="decision.number")
    proposal_id: str = Field(foreign_key="proposal.id")
    actor_id: str = Field(foreign_key="actor.id")
    municipality: str | None = None
    role: str
    digest: str


# Use in the municipalities -----------------------------------------------------------------------------------------


class AdoptionRow(Row, table=True):
    """What a municipality has answered about a procedure, as it stands now."""

    __tablename__ = "adoption"
    __table_args__ = kept("permanent", Index("adoption_procedure", "procedure_id", "state"))

    municipality: str = Field(primary_key=True, foreign_key="municipality.number")
    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    state: str
    major: int | None = None
    minor: int | None = None
    in_force_from: date | None = None
    own_link: str | None = None
    deferred_until: date | None = None
    next_review: date | None = None
    decided_number: int


class InForceRow(Row, table=True):
    """
    One version in force in one municipality from a day until the day before another.

    Two axes of time: `from_on`/`until_on` say when it applied, `decided_number`/`superseded_number` when that was
    what we knew. A row is never changed but for `superseded_number`.
    """

    __tablename__ = "in_force"
    __table_args__ = kept(
        "permanent",
        Index("in_force_now", "municipality", "procedure_id", "superseded_number", "from_on"),
        Index("in_force_version", "procedure_id", "superseded_number", "major", "minor"),
        Index("in_force_decided", "decided_number"),
        CheckConstraint("until_on IS NULL OR until_on > from_on", name="in_force_some_days"),
    )

    id: int | None = Field(default=None, primary_key=True)
    municipality: str
    procedure_id: str
    from_on: date
    until_on: date | None = None
    major: int
    minor: int
    digest: str
    position: str
    adopted_number: int
    decided_number: int
    superseded_number: int | None = None


class LocalValueRow(Row, table=True):
    """
    One piece of local information, from the decision that set it until the one that replaced it.

    The value itself is the decision's text of that name; without one the information was cleared.
    """

    __tablename__ = "local_value"
    __table_args__ = kept(
        "permanent",
        Index("local_value_now", "municipality", "procedure_id", "key", "superseded_number"),
    )

    decided_number: int = Field(primary_key=True, foreign_key="decision.number")
    municipality: str = Field(foreign_key="municipality.number")
    procedure_id: str
    key: str = Field(primary_key=True)
    set_at: datetime = Field(sa_type=Instant)
    superseded_number: int | None = None


class AdditionRow(Row, table=True):
    """A municipality's own addition to a section: a practical note or a professional addition."""

    __tablename__ = "addition"
    __table_args__ = kept("permanent", Index("addition_now", "municipality", "procedure_id", "superseded_number"))

    id: str = Field(primary_key=True)
    municipality: str = Field(foreign_key="municipality.number")
    procedure_id: str
    section_key: str
    kind: str
    digest: str = Field(foreign_key="words.digest")
    source: str | None = None
    decided_number: int
    superseded_number: int | None = None


class EffectiveDocumentRow(Row, table=True):
    """An effective document that was once current somewhere: what its digest stands for."""

    __tablename__ = "effective_document"
    __table_args__ = kept("permanent", Index("effective_where", "municipality", "procedure_id"))

    digest: str = Field(primary_key=True)
    municipality: str
    procedure_id: str
    version: str
    first_number: int


# Publishing --------------------------------------------------------------------------------------------------------


class TargetRow(Row, table=True):
    """Where a municipality has its documents published."""

    __tablename__ = "publication_target"
    __table_args__ = kept("permanent")

    id: str = Field(primary_key=True)
    municipality: str = Field(foreign_key="municipality.number", index=True)
    name: str
    connector: str
    location: str = Field(sa_type=Text)
    set_number: int
    ended_number: int | None = None
    manifest: str | None = Field(default=None, sa_type=Text)
    checked_at: datetime | None = Field(default=None, sa_type=Instant)


class PublicationRow(Row, table=True):
    """One procedure at one target: what was delivered there last, and what was read back."""

    __tablename__ = "publication"
    __table_args__ = kept("permanent")

    target_id: str = Field(primary_key=True, foreign_key="publication_target.id")
    procedure_id: str = Field(primary_key=True)
    state: str
    version: str
    effective_digest: str
    receipt: str = Field(sa_type=Text)
    chain_number: int
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    verified_at: datetime | None = Field(default=None, sa_type=Instant)
    detail: str | None = Field(default=None, sa_type=Text)


# What waits, and who was told ----------------------------------------------------------------------------------------


class WaitingRow(Row, table=True):
    """Something that waits for a body: the inbox. Owner and due day; closed by the decision that answered it."""

    __tablename__ = "waiting"
    __table_args__ = kept("working", Index("waiting_open", "body", "closed_number"), Index("waiting_about", "subject"))

    id: str = Field(primary_key=True)
    body: str
    subject: str
    what: str
    owner_actor: str | None = Field(default=None, foreign_key="actor.id")
    due_on: date | None = None
    opened_number: int
    closed_number: int | None = None


class NotificationRow(Row, table=True):
    """A message that somebody should get once."""

    __tablename__ = "notification"
    __table_args__ = kept("working")

    id: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id", index=True)
    what: str
    subject: str
    number: int
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)


class TableRetentionRow(Row, table=True):
    """How long each table's rows are kept, for those who ask without reading code."""

    __tablename__ = "table_retention"
    __table_args__ = kept("derived")

    table_name: str = Field(primary_key=True)
    retention_class: str
