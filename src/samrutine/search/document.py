"""What the index holds of a section: fields that are searched, facts that are counted, text that is shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

from samrutine.networks.model import NetworkId
from samrutine.procedures.model import Digest, Kind, Language, ProcedureId, VersionNumber
from samrutine.search import whoosh_parts as whoosh
from samrutine.search.model import FilterField, SectionEntry
from samrutine.search.norwegian import terms
from samrutine.search.snippet import plain

SCHEMA: Final = 1
"""Changes of what is written for a section: raise it, and every index is built anew."""

WORD_FIELDS: Final = ("title", "names", "heading", "text", "about")
"""
The fields with words. Title and other names are in every section of the procedure, which is what lets one section
answer a question that names the routine and the point in it. `about` has subjects, network and audience.
"""

POSITION: Final = "position"
"""The term, in the field `meta`, of the one document that holds the index's position in the outbox."""

_LIST: Final = "\x1e"
_FACT: Final = "\x1f"


def schema() -> Any:
    """
    Give the index's fields to Whoosh.

    Words come as lists of keys, so no analyser of Whoosh's is used; no positions are kept, since phrases are checked on
    the stored text. `facts` is a column of few different values, read for each match without unpacking what is
    stored. It holds 65,535 versions a segment; long before that, the library has outgrown Whoosh.
    """
    words = {name: whoosh.KEYWORD(scorable=True) for name in WORD_FIELDS}
    return whoosh.Schema(
        procedure=whoosh.ID(),
        meta=whoosh.ID(),
        position=whoosh.STORED(),
        shown=whoosh.STORED(),
        facts=whoosh.COLUMN(whoosh.RefBytesColumn()),
        **words,
    )


def document(entry: SectionEntry, procedure_id: ProcedureId) -> dict[str, object]:
    """Give what is written for one section."""
    text = plain(entry.text, dict(entry.labels))
    return {
        "procedure": procedure_id,
        "title": _keys((entry.title,)),
        "names": _keys(entry.also_called),
        "heading": _keys((entry.heading,)),
        "text": _keys((text,)),
        "about": _keys((*entry.subjects, entry.network, *entry.audience)),
        "facts": Facts.of(entry).packed(),
        "shown": (entry.section_key, entry.heading, text, *entry.also_called),
    }


def position_document(position: int) -> dict[str, object]:
    """Give what is written for the position in the outbox."""
    return {"meta": POSITION, "position": position}


def _keys(texts: Iterable[str]) -> list[str]:
    return [key for text in texts for term in terms(text) for key in term.keys]


def once_each(entries: Iterable[SectionEntry]) -> Iterator[SectionEntry]:
    """Leave out a section that came before: identity is the version's digest and the section's key."""
    seen: set[tuple[Digest, str]] = set()
    for entry in entries:
        identity = (entry.version_digest, entry.section_key)
        if identity not in seen:
            seen.add(identity)
            yield entry


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the same for all sections of a version."""

    procedure_id: ProcedureId
    version_digest: Digest
    version: VersionNumber
    title: str
    network: NetworkId
    subjects: tuple[str, ...]
    kind: Kind
    language: Language
    audience: tuple[str, ...]

    @classmethod
    def of(cls, entry: SectionEntry) -> Self:
        """Take them from one of the version's sections."""
        return cls(
            entry.procedure_id,
            entry.version_digest,
            entry.version,
            entry.title,
            entry.network,
            entry.subjects,
            entry.kind,
            entry.language,
            entry.audience,
        )

    def packed(self) -> bytes:
        """Give the bytes of the column; never empty."""
        rows = (
            self.procedure_id,
            self.version_digest,
            str(self.version),
            self.title,
            self.network,
            _LIST.join(self.subjects),
            self.kind.value,
            self.language.value,
            _LIST.join(self.audience),
        )
        return _FACT.join(row.replace(_FACT, " ") for row in rows).encode("utf-8", "replace")

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Read what `packed` gave."""
        rows = data.decode("utf-8").split(_FACT)
        procedure_id, digest, version, title, network, subjects, kind, language, audience = rows
        return cls(
            ProcedureId(procedure_id),
            Digest(digest),
            VersionNumber.parse(version),
            title,
            NetworkId(network),
            tuple(subjects.split(_LIST)) if subjects else (),
            Kind(kind),
            Language(language),
            tuple(audience.split(_LIST)) if audience else (),
        )

    def values(self, of: FilterField) -> tuple[str, ...]:
        """Give what a filter or facet looks at."""
        match of:
            case FilterField.SUBJECT:
                return self.subjects
            case FilterField.NETWORK:
                return (self.network,)
            case FilterField.KIND:
                return (self.kind.value,)
            case FilterField.LANGUAGE:
                return (self.language.value,)
            case FilterField.AUDIENCE:
                return self.audience
