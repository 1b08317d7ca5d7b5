"""Put together what is printed beside the one document; see `paper` for what there is."""

from collections.abc import Iterator
from datetime import date

from samrutine.adoptions.documents import Documents
from samrutine.adoptions.effective import EffectiveDocument
from samrutine.adoptions.paper import Handbook
from samrutine.errors import InvalidRequest, NothingToPrint
from samrutine.networks.directory import get_municipality, get_network_id, network_names
from samrutine.networks.settling import shared_library
from samrutine.procedures.hiding import NOTHING_HIDDEN, HiddenTexts
from samrutine.procedures.service import Procedures
from samrutine.storage.sql import Database


class Papers:
    """What is printed beside the one document."""

    def __init__(self, database: Database, documents: Documents, procedures: Procedures) -> None:
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
