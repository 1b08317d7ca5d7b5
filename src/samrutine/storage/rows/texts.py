"""Procedures, their versions, and the bytes behind digests."""

from datetime import date, datetime

from sqlalchemy import Column, Index, LargeBinary, Text, false, text
from sqlmodel import Field

from samrutine.storage.rows.base import Bytewise, Instant, Row, kept

_FIRST = text("major = 1 AND minor = 0")


class WordsRow(Row, table=True):
    """
    The bytes behind a digest. Once read back from git, `git_blob` says where, and git is where they are read.

    `store` is the repository that holds the blob: `library` or `restricted`; None is `library`, as before there was another.
    `redacted_number` is the decision by which the bytes were taken away for good; then `content` is what stands instead.
    `lost_number` is the decision by which the library was put together again from a register without these bytes; then
    `content` is empty.
    """

    __tablename__ = "words"
    __table_args__ = kept("permanent")

    digest: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
    git_blob: str | None = None
    store: str | None = None
    verified_at: datetime | None = Field(default=None, sa_type=Instant)
    redacted_number: int | None = None
    lost_number: int | None = None


class ProcedureRow(Row, table=True):
    """
    A procedure: an id that is never reused, its present version, and who looks after it.

    `co_networks` are ids with spaces between: they decide who may read what is exempt. `retitled` says that some version has
    another title than the newest, so that whoever lists thousands need ask each version for its title only where it may differ.
    """

    __tablename__ = "procedure"
    __table_args__ = kept(
        "permanent", Index("procedure_title", "sort_title", "id"), Index("procedure_access", "access", "id")
    )

    id: str = Field(primary_key=True)
    title: str
    sort_title: str = Field(default="", sa_column=Column(Bytewise, nullable=False, server_default=""))
    kind: str
    language: str
    translation_of: str | None = None
    network: str = Field(foreign_key="network.id", index=True)
    co_networks: str = Field(default="", sa_column_kwargs={"server_default": ""})
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
    retitled: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class VersionRow(Row, table=True):
    """
    A version as its network approved it.

    A *hasteversjon* is `hurried`: it got its number before the network agreed, until `confirmed_number` or `refused_number`.
    `access` is this version's class, which a later version may change; None is open, as all were before it was kept.
    """

    __tablename__ = "version"
    __table_args__ = kept(
        "permanent",
        Index("version_digest", "digest"),
        Index("version_access", "access"),
        # A few in a hundred thousand, and each overview asks for them.
        Index("version_hurried", "hurried"),
        Index("version_first", "decided_number", "procedure_id", sqlite_where=_FIRST, postgresql_where=_FIRST),
    )

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
    hurried: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    confirmed_number: int | None = None
    refused_number: int | None = None
    access: str | None = None


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
    """
    A file that belongs to a version and is covered by its approval, since the front matter lists its digest.

    Its bytes are words behind that digest. Where the version's own words were redacted, `name` says only which it was.
    """

    __tablename__ = "attachment"
    __table_args__ = kept("permanent")

    procedure_id: str = Field(primary_key=True)
    major: int = Field(primary_key=True)
    minor: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    media_type: str
    digest: str = Field(foreign_key="words.digest")
