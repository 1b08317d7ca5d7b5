"""What an inspector asks for: all that applied in a municipality on a day, about a subject, and the account of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from samrutine.adoptions.account import Account, Accounts
from samrutine.adoptions.documents import Documents
from samrutine.adoptions.overview import in_force_on
from samrutine.adoptions.paper_errors import NothingToPrint
from samrutine.adoptions.preparing import Told, told_in
from samrutine.errors import InvalidRequest
from samrutine.networks.directory import get_municipality, municipalities
from samrutine.networks.model import Municipality
from samrutine.networks.settling import shared_library
from samrutine.procedures.access import hidden_versions
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class Inspected:
    """
    One routine as an inspection has it: the account of the day, and how people were told of the version by then.

    Attributes:
        told: The newest first.
    """

    account: Account
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """
    What applied in a municipality on a day, on which law, who decided it, and how it was made known: what an inspector asks for.

    Attributes:
        subject: The name of the subject that it is about; None for all.
        on: The day asked about.
        routines: By title; at least one.
        names: Of the municipalities, by number.
        made_at: When it was put together.
    """

    municipality: Municipality
    subject: str | None
    on: date
    routines: tuple[Inspected, ...]
    names: Mapping[str, str]
    made_at: datetime


class Inspecting:
    """
    Inspections of a day.

    Attributes:
        accounts: The account of one routine.
    """

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database = database
        self.accounts = Accounts(database, documents)

    def inspection(
        self, municipality: str, on: date, *, subject: str | None, reader: str | None, now: datetime, today: date
    ) -> Inspection:
        """
        Put together what applied on a day, with the account of each routine.

        Args:
            on: A day in Norway, past or to come.
            subject: Only routines about this subject, by its id.
            reader: Whose eyes: what they may not see is left out, and not told of.

        Raises:
            MunicipalityNotFound: There is none of that name.
            InvalidRequest: There is no such subject.
            NothingToPrint: Nothing that the reader may see applied there on that day.
        """
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            names = {str(one.id): one.name() for one in shared_library(session).subjects}
            if subject is not None and subject not in names:
                raise InvalidRequest(what="subject", value=ascii(subject[:40])[1:-1], expected=", ".join(names))
            hidden = hidden_versions(session, reader, today)
            told = told_in(session, where.number, hidden)
            places = {str(one.number): one.name for one in municipalities(session)}
            applied = [
                one.procedure
                for one in in_force_on(session, on, municipality=where.number, procedure=None)
                if not hidden.hides(one.procedure, one.version)
            ]
        found = [
            self.accounts.account(one, where.number, on, known_at=None, reader=reader, today=today) for one in applied
        ]
        routines = tuple(
            Inspected(one, tuple(each for each in told.get(one.procedure, ()) if each.version == one.version and each.told_on <= on))
            for one in sorted(found, key=lambda one: one.title)
            if subject is None or subject in one.document.text.front.subjects
        )  # fmt: skip
        if not routines:
            raise NothingToPrint(what=" · ".join(filter(None, (where.name, names.get(subject or "")))))
        return Inspection(where, names[subject] if subject else None, on, routines, places, now)
