"""Checklists that are followed for somebody: whom for, who helps, and what is ticked off. Working papers, deleted by rule."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from samrutine.storage.rows.base import Instant, Row, kept


class ChecklistRunRow(Row, table=True):
    """
    A list that is followed.

    The points are read from the version's words, never copied: `procedure_id`, `version` and the day it was opened say
    which. `whom` is who it is for, by a name or initials. `touched_at` is when anything was last written on it.
    """

    __tablename__ = "checklist_run"
    __table_args__ = kept("working", Index("checklist_run_in", "municipality", "state"))

    id: str = Field(primary_key=True)
    procedure_id: str
    version: str
    municipality: str = Field(foreign_key="municipality.number")
    whom: str | None = None
    opened_by: str = Field(foreign_key="actor.id")
    keeper: str = Field(foreign_key="actor.id")
    opened_at: datetime = Field(sa_type=Instant)
    opened_on: date
    touched_at: datetime = Field(sa_type=Instant)
    state: str
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class ChecklistHelperRow(Row, table=True):
    """Who does the points of a part ("Fadder") on one list."""

    __tablename__ = "checklist_helper"
    __table_args__ = kept("working", Index("checklist_helper_of", "actor_id"))

    run_id: str = Field(primary_key=True, foreign_key="checklist_run.id")
    part: str = Field(primary_key=True)
    actor_id: str = Field(foreign_key="actor.id")


class ChecklistMarkRow(Row, table=True):
    """A point that is done, or does not apply, by the key of its words; who marked it, and the day it was done."""

    __tablename__ = "checklist_mark"
    __table_args__ = kept("working")

    run_id: str = Field(primary_key=True, foreign_key="checklist_run.id")
    point: str = Field(primary_key=True)
    state: str
    done_on: date
    actor_id: str = Field(foreign_key="actor.id")
    marked_at: datetime = Field(sa_type=Instant)
