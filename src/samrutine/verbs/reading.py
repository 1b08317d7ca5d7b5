"""
What readers ask for: texts, documents, search. Each method delegates to the verb that it names.

`reader` is whose eyes, an actor's id or sign-in name; None is somebody unknown inside. What a reader may not see is to
them as if it were not there, in each of these.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.errors import InvalidRequest
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.verbs.base import Verbs, version_number

if TYPE_CHECKING:
    from samrutine.adoptions.effective import EffectiveDocument
    from samrutine.adoptions.inspecting import Inspection
    from samrutine.adoptions.paper import Paper
    from samrutine.networks.model import Municipality
    from samrutine.procedures.service import Event, ProcedureSummary, VersionSummary
    from samrutine.proposals.prose_diff import ProseDiff
    from samrutine.search.choices import Completion
    from samrutine.search.model import Filter
    from samrutine.search.service import SearchAnswer
    from samrutine.search.suggesting import Suggestion


class ReadingVerbs(Verbs):
    """What readers ask for: texts, documents, search."""

    def municipalities(self) -> "Sequence[Municipality]":
        """Give the municipalities of the library, by number."""
        from samrutine.networks.directory import municipalities

        with self._parts.database.reading() as session:
            return municipalities(session)

    def get_municipality(self, which: str) -> "Municipality":
        """
        Give a municipality by number, name, Sámi name or short name.

        Raises:
            MunicipalityNotFound: The library has none of that name.
        """
        from samrutine.networks.directory import get_municipality

        with self._parts.database.reading() as session:
            return get_municipality(session, which)

    def networks(self) -> "Mapping[str, str]":
        """Give the names of the networks, by id."""
        from samrutine.networks.directory import network_names

        with self._parts.database.reading() as session:
            return network_names(session)

    @property
    def is_read_by_anybody(self) -> bool:
        """Whether the editor lets those read who are not signed in; what is open alone, as `ANYBODY`."""
        from samrutine.networks.settling import shared_library

        with self._parts.database.reading() as session:
            return shared_library(session).read_by_anybody

    def procedures(self, *, network: str | None = None, reader: str | None = None) -> "Sequence[ProcedureSummary]":
        """Give every procedure that is faglig godkjent, perhaps of one network alone; see `Procedures.procedures`."""
        return self._parts.procedures.procedures(today=self.today, network=network, hidden=self._hidden(reader))

    def versions(self, procedure: str, *, reader: str | None = None) -> "Sequence[VersionSummary]":
        """Give a procedure's versions; see `Procedures.versions`."""
        return self._parts.procedures.versions(ProcedureId(procedure), hidden=self._hidden(reader))

    def compare(
        self, procedure: str, old_version: str | VersionNumber, new_version: str | VersionNumber | None = None, *,
        reader: str | None = None,
    ) -> "ProseDiff":  # fmt: skip
        """Say what changed from one version to another, the newest when no other is named; see `Comparing.compare`."""
        old = VersionNumber.parse(old_version) if isinstance(old_version, str) else old_version
        return self._parts.comparing.compare(
            ProcedureId(procedure), old, version_number(new_version), reader=reader, today=self.today
        )

    def history(
        self, procedure: str, *, municipality: str | None = None, reader: str | None = None
    ) -> "Sequence[Event]":
        """Give every decision about a procedure; see `Procedures.history`."""
        return self._parts.procedures.history(
            ProcedureId(procedure), municipality=municipality, hidden=self._hidden(reader),
            hidden_proposals=self._hidden_proposals(reader), today=self.today,
        )  # fmt: skip

    def document(
        self,
        procedure: str,
        municipality: str | None = None,
        *,
        day: date | None = None,
        version: str | VersionNumber | None = None,
        reader: str | None = None,
    ) -> "EffectiveDocument":
        """Give the effective document: what applies in a municipality; see `Documents.document`."""
        return self._parts.documents.document(
            ProcedureId(procedure), municipality, day=day or self.today, version=version_number(version),
            hidden=self._hidden(reader), today=self.today,
        )  # fmt: skip

    def documents(self, municipality: str, *, reader: str | None = None) -> "Sequence[EffectiveDocument]":
        """Give every effective document that applies in a municipality today and that the reader may see, by title."""
        return self._parts.documents.all_in_force(
            municipality, self.today, hidden=self._hidden(reader), shown_only=True
        )

    def render(self, document: "EffectiveDocument | Paper | Inspection", suffix: str, *, copy: bool = False) -> bytes:
        """
        Make a document as "docx", "html", "md" or "pdf", or another paper in its own formats. The same gives the same bytes.

        Args:
            copy: It is handed out, and says KOPI across each page, unless something graver is to be said.
                Markdown has no pages, and says of every document that it is a copy.

        Raises:
            InvalidRequest: Documents are not made in that format.
            DocumentUnavailable: It could not be made; the message says why.
        """
        from samrutine.adoptions.effective import EffectiveDocument
        from samrutine.exchange.formats import FORMATS, print_paper

        if not isinstance(document, EffectiveDocument):
            return print_paper(document, suffix, copy=copy)
        if suffix not in FORMATS:
            raise InvalidRequest(what="format", value=ascii(suffix[:20])[1:-1], expected=", ".join(FORMATS))
        return self._parts.renderers[suffix](document, copy=True) if copy else self._parts.renderers[suffix](document)

    def search(
        self, words: str, *, municipality: str | None = None, mine: str | None = None, day: date | None = None,
        filters: "tuple[Filter, ...]" = (), limit: int = 20, reader: str | None = None,
    ) -> "SearchAnswer":  # fmt: skip
        """
        Find routines by words; see `Searching.search`.

        Raises:
            NetworkNotFound, InvalidRequest: The library has no network, no subject or no kind that a filter names.
        """
        return self._parts.searching.search(
            words, day=day or self.today, municipality=municipality, mine=mine, filters=self._known(filters), limit=limit,
            reader=reader, today=self.today,
        )  # fmt: skip

    def suggest(
        self, typed: str, *, municipality: str | None = None, day: date | None = None, reader: str | None = None
    ) -> "tuple[Suggestion, ...]":
        """Say what somebody who is typing may be on the way to; see `Searching.suggest`."""
        return self._parts.searching.suggest(
            typed, day=day or self.today, municipality=municipality, reader=reader, today=self.today
        )

    def complete(self, words: str, cursor: int | None = None) -> "tuple[Completion, ...]":
        """Say what the condition that is being typed may become, its name or its value; see `Searching.complete`."""
        return self._parts.searching.complete(words, cursor)

    def _known(self, filters: "tuple[Filter, ...]") -> "tuple[Filter, ...]":
        if not filters:
            return filters  # who searches by words alone waits for no settings
        from samrutine.networks.settling import shared_library
        from samrutine.search.narrowing import known

        with self._parts.database.reading() as session:
            return known(filters, shared_library(session))
