"""Put together what is printed beside the one document; see `paper` for what there is."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlmodel import col, select

from samrutine.adoptions.documents import Documents
from samrutine.adoptions.effective import EffectiveDocument
from samrutine.adoptions.paper import Bilingual, Card, Checklist, Done, Handbook, Redline
from samrutine.adoptions.paper_errors import (
    LanguageNotChosen,
    NoCheckItems,
    NoSectionForCard,
    NothingToPrint,
    NotTranslated,
    SeveralSectionsForCard,
)
from samrutine.adoptions.urgent import CARD_HEADINGS
from samrutine.errors import InvalidRequest
from samrutine.networks.directory import get_municipality, get_network_id, network_names
from samrutine.networks.settling import shared_library
from samrutine.procedures.hiding import NOTHING_HIDDEN, HiddenTexts
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.procedures.sections import sections, sections_called
from samrutine.procedures.service import Procedures
from samrutine.proposals.comparing import Comparing
from samrutine.storage.rows import ProcedureRow
from samrutine.storage.sql import Database


class Papers:
    """What is printed beside the one document."""

    def __init__(self, database: Database, documents: Documents, procedures: Procedures, comparing: Comparing) -> None:
        self._comparing = comparing
        self._database = database
        self._documents = documents
        self._procedures = procedures

    def handbook(
        self, municipality: str | None, *, network: str | None = None, subject: str | None = None, day: date,
        today: date, hidden: HiddenTexts = NOTHING_HIDDEN,
    ) -> Handbook:  # fmt: skip
        """
        Collect routines in one file, by title.

        Args:
            municipality: What is in force there on that day; None gives the newest shared texts, without those that
                their network has withdrawn.
            network: Only those that this network owns or takes part in, by id or name.
            subject: Only those about this subject, by its id.
            day: A day in Norway.
            today: The day, in Norway, on which the newest shared texts are the newest.
            hidden: What the reader may not see: left out, and not told of.

        Raises:
            MunicipalityNotFound, NetworkNotFound: The library has none of that name.
            InvalidRequest: It has no such subject.
            NothingToPrint: There is no such routine.
        """
        with self._database.reading() as session:
            where = get_municipality(session, municipality) if municipality else None
            owner = get_network_id(session, network) if network else None
            name = network_names(session)[owner] if owner else None
            about = None
            if subject is not None:
                names = {str(one.id): one.name() for one in shared_library(session).subjects}
                if (about := names.get(subject)) is None:
                    raise InvalidRequest(what="subject", value=ascii(subject[:40])[1:-1], expected=", ".join(names))
        if where is not None:
            found = iter(self._documents.all_in_force(where.number, day, hidden=hidden, shown_only=True))
        else:
            found = self._shared(today, hidden)
        kept = tuple(
            one for one in found
            if (owner is None or owner in {one.text.front.network, *one.text.front.co_networks})
            and (subject is None or subject in one.text.front.subjects)
        )  # fmt: skip
        if not kept:
            raise NothingToPrint(what=" · ".join(part for part in (where.name if where else None, name, about) if part))
        return Handbook(where, name, about, day, kept)

    def _shared(self, today: date, hidden: HiddenTexts) -> Iterator[EffectiveDocument]:
        every = self._procedures.procedures(today=today, hidden=hidden)
        return (self._documents.document(one.id, None, day=today, hidden=hidden) for one in every if not one.withdrawn)

    def checklist(
        self,
        document: EffectiveDocument,
        *,
        done: Collection[int] = (),
        on: date | None = None,
        today: date | None = None,
    ) -> Checklist:
        """
        Make a checklist of the points to tick off of a routine.

        Args:
            done: The numbers of the points that are done, as they are counted on the list; none for one to fill in by hand.
            on: The day they were done, where it is to be told.
            today: The day it is printed, told beside how much is done.

        Raises:
            NoCheckItems: The routine has none.
            InvalidRequest: It has no point of that number.
        """
        # Imported here: what a point is, is known by those who print it.
        from samrutine.exchange.check_points import groups_of

        count = sum(len(group.points) for group in groups_of(document))
        if not count:
            raise NoCheckItems(procedure=document.header.procedure_id)
        if strange := sorted(set(done) - set(range(1, count + 1))):
            raise InvalidRequest(what="done", value=str(strange[0]), expected=f"1–{count}")
        return Checklist(document, tuple(Done(number, on) for number in sorted(set(done))), today if done else None)

    def redline(
        self, procedure: ProcedureId, old: VersionNumber, new: VersionNumber | None, *, reader: str | None, today: date,
        hidden: HiddenTexts = NOTHING_HIDDEN,
    ) -> Redline:  # fmt: skip
        """
        Say on paper what changed from one approved version to another.

        Args:
            new: The newest when None.

        Raises:
            ProcedureNotFound, VersionNotFound: As `Comparing.compare`.
        """
        diff = self._comparing.compare(procedure, old, new, reader=reader, today=today)
        return Redline(self._documents.document(procedure, None, day=today, version=new, hidden=hidden), old, diff)

    def card(self, document: EffectiveDocument, section: str | None) -> Card:
        """
        Make a pocket card of one section.

        Args:
            section: Its key, the end of one, or the words of its heading; the section called "Lommekort" when None.

        Raises:
            NoSectionForCard: The text has no such section; the message names those it has.
            SeveralSectionsForCard: The words fit several.
        """
        found = sections(document.text.body)
        if section:
            meant = sections_called(found, section)
        else:
            meant = tuple(one for one in found if one.heading.strip().casefold() in CARD_HEADINGS)[:1]
        if len(meant) != 1:
            raise (SeveralSectionsForCard if meant else NoSectionForCard)(
                procedure=document.header.procedure_id, section=(section or CARD_HEADINGS[0].capitalize())[:80],
                sections=", ".join(one.key for one in meant or found) or "–",
            )  # fmt: skip
        return Card(document, meant[0].key)

    def bilingual(
        self, document: EffectiveDocument, *, other: str | None, day: date, today: date,
        hidden: HiddenTexts = NOTHING_HIDDEN,
    ) -> Bilingual:  # fmt: skip
        """
        Set a routine beside its translation, or beside what it is translated from, as both apply in the same place.

        The text that was translated stands first.

        Args:
            other: The language of the one to set beside it, where there are several.

        Raises:
            NotTranslated: It is linked to none.
            LanguageNotChosen: To several, or to none in that language.
            DocumentNotFound: The other is not in force where this one is.
        """
        own = document.header.procedure_id
        base = document.text.front.translation_of or own
        with self._database.reading() as session:
            linked = select(ProcedureRow.id, ProcedureRow.language).where(
                (col(ProcedureRow.translation_of) == base) | (col(ProcedureRow.id) == base)
            )
            rows = session.exec(linked.order_by(ProcedureRow.id)).all()
        languages = {
            language: ProcedureId(one) for one, language in rows if one != own and one not in hidden.procedures
        }
        if (other is None and len(languages) != 1) or (other is not None and other not in languages):
            if not languages:
                raise NotTranslated(procedure=own)
            raise LanguageNotChosen(procedure=own, languages=", ".join(sorted(languages)))
        which = languages[other] if other is not None else next(iter(languages.values()))
        where = document.header.municipality.number if document.header.municipality else None
        beside = self._documents.document(which, where, day=day, hidden=hidden, today=today)
        return Bilingual(beside, document) if which == base else Bilingual(document, beside)
