"""What municipalities decided, what is in force, and the local layer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, false
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class AdoptionRow(Row, table=True):
    """
    What a municipality has answered about a procedure, as it stands now.

    The column `next_review` is unused: a review is a decision of its own, see `ReviewRow`.
    """

    __tablename__ = "adoption"
    __table_args__ = kept("permanent", Index("adoption_holders", "procedure_id", "municipality", "state"))

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
        # Each holds every column that a question of the overview asks for: looking up a row of the table for each of
        # thousands would be a page of the disk for each.
        Index(
            "in_force_where",
            *("municipality", "procedure_id", "superseded_number", "from_on", "until_on", "major", "minor", "digest"),
            *("position", "adopted_number"),
        ),
        Index(
            "in_force_holders",
            *("procedure_id", "superseded_number", "municipality", "from_on", "until_on", "major", "minor"),
        ),
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
    delegation_id: str | None = None


class LocalValueRow(Row, table=True):
    """
    One piece of local information, from the decision that set it until the one that replaced it.

    The value itself is the decision's text of that name; without one the information was cleared. `set_at` is the
    decision's time.
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
    """
    A municipality's own addition to a section: a practical note or a professional addition; with history.

    `departs` says that it departs from the shared text. `section_digest` is that of the section's text when somebody last
    looked at the addition beside it: another one in a version asks for an answer. `replaces` is the addition it came of.

    Two axes of time, as `InForceRow`: `from_on`/`until_on` say on which days it stands where an adoption from a day to
    come changed it (None is no bound), `decided_number`/`superseded_number` when that was what we knew. Reason and source
    are texts of the decision, where they can be erased; the column `source` is unused. `id` is `<addition>.<n>`, n from 1:
    the addition keeps its name through its history.
    """

    __tablename__ = "addition"
    __table_args__ = kept(
        "permanent",
        Index("addition_now", "municipality", "procedure_id", "superseded_number"),
        Index("addition_of", "procedure_id", "superseded_number"),
    )

    id: str = Field(primary_key=True)
    municipality: str = Field(foreign_key="municipality.number")
    procedure_id: str
    section_key: str
    kind: str
    digest: str = Field(foreign_key="words.digest")
    source: str | None = None
    decided_number: int
    superseded_number: int | None = None
    departs: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    section_digest: str | None = None
    replaces: str | None = None
    from_on: date | None = None
    until_on: date | None = None


class StandingDecisionRow(Row, table=True):
    """A municipality's decision that minor corrections follow by themselves until a day; of one procedure, or of all."""

    __tablename__ = "standing_decision"
    __table_args__ = kept("permanent", Index("standing_decision_now", "municipality", "ended_number"))

    id: str = Field(primary_key=True)
    municipality: str = Field(foreign_key="municipality.number")
    procedure_id: str | None = None
    level: str
    position: str
    delegation_id: str | None = None
    from_on: date
    until_on: date
    decided_number: int
    ended_number: int | None = None


class MadeKnownRow(Row, table=True):
    """*Gjort kjent*: whom somebody told of a version in force, when and how. To whom is the decision's text."""

    __tablename__ = "made_known"
    __table_args__ = kept("permanent", Index("made_known_where", "municipality", "procedure_id"))

    decided_number: int = Field(primary_key=True, foreign_key="decision.number")
    municipality: str
    procedure_id: str
    major: int
    minor: int
    told_on: date
    how: str
    actor_id: str


class InventoryRow(Row, table=True):
    """What a municipality said it had before it adopted: an own routine, one that is outdated, none, or the shared one."""

    __tablename__ = "inventory"
    __table_args__ = kept("permanent")

    municipality: str = Field(primary_key=True, foreign_key="municipality.number")
    procedure_id: str = Field(primary_key=True)
    answer: str
    decided_number: int


class EffectiveDocumentRow(Row, table=True):
    """
    An effective document that was once current somewhere: what its digest stands for.

    `first_number` is the chain's head that the first publishing which kept a receipt of it had read.
    """

    __tablename__ = "effective_document"
    __table_args__ = kept("permanent", Index("effective_where", "municipality", "procedure_id"))

    digest: str = Field(primary_key=True)
    municipality: str
    procedure_id: str
    version: str
    first_number: int
