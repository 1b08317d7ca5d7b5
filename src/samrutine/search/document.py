"""What the index holds of a section: fields that are searched, facts that are counted, text that is shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, Self

from samrutine.networks.model import NetworkId
from samrutine.procedures.model import Digest, Kind, Language, ProcedureId, VersionNumber
from samrutine.search import neighbours
from samrutine.search import whoosh_parts as whoosh
from samrutine.search.compounds import inner_keys, part_keys
from samrutine.search.model import ATTACHED, FilterField, SectionEntry
from samrutine.search.norwegian import Term, fold, terms
from samrutine.search.snippet import plain
from samrutine.search.spoken import spoken

SCHEMA: Final = 7
"""Changes of what is written for a section: raise it, and every index is built anew."""

WORDS: Final = "words"
"""The words of title, other names, heading and text."""

PARTS: Final = "parts"
"""What compounds in these are made of."""

ABOUT: Final = "about"
"""Subjects, network and audience."""

WORD_FIELDS: Final = (WORDS, PARTS, ABOUT)

POSITION: Final = "position"
"""The term, in the field `meta`, of the one document that holds the index's position in the outbox."""

SATURATION: Final = 1.2
"""BM25's k1: how soon saying a word again stops counting."""

# How much a word counts where it stands, how much the length there counts against it (BM25's b; a title is short by
# nature, so a longer one is no worse), and the length that is usual. Title and other names are in every section of the
# procedure, which is what lets one section answer a question that names the routine and the point in it.
_TITLE: Final = (3.0, 0.3, 5.0)
_NAMES: Final = (3.0, 0.3, 5.0)
_OF_ROUTINE: Final = (0.5, 0.3, 5.0)
_HEADING: Final = (2.5, 0.3, 4.0)
_SHARED_HEADING: Final = (0.25, 0.3, 4.0)
_TEXT: Final = (1.0, 0.75, 90.0)
_PART: Final = 0.6
# What a part counts that others make a known word with.
_INNER: Final = 0.25
# Weights are kept in steps, so that a block of them has few different ones and packs well.
_STEPS: Final = 32

# What the templates give to every routine says what kind of section it is, and nothing of what it is about.
SHARED_HEADINGS: Final = frozenset({"formal", "foremal", "omfang", "ansvar", "framgangsmate", "avvik"})
"""Headings that nearly all routines have, in plain small letters."""

_LIST: Final = "\x1e"
_FACT: Final = "\x1f"
_VERSION: Final = "\x1d"


def schema() -> Any:
    """
    Give the index's fields to Whoosh.

    Words come with their weights, so no analyser of Whoosh's is used; no positions are kept, since phrases are checked on
    the stored text, where `neighbours` does not say that they cannot be there. `facts` is a column of few different values, read for each match without unpacking what is
    stored. It holds 65,535 versions a segment; long before that, the library has outgrown Whoosh.
    """
    words = {name: whoosh.Weighted() for name in WORD_FIELDS}
    return whoosh.Schema(
        procedure=whoosh.ID(),
        meta=whoosh.ID(),
        position=whoosh.STORED(),
        shown=whoosh.STORED(),
        facts=whoosh.COLUMN(whoosh.RefBytesColumn()),
        neighbours=whoosh.COLUMN(whoosh.VarBytesColumn()),
        **words,
    )


def document(section: "Section", procedure_id: ProcedureId) -> dict[str, object]:
    """Give what is written for one section."""
    entry = section.entry
    text = plain(entry.text, dict(entry.labels))
    words = word_weights(
        entry.title, entry.also_called, entry.heading, text, is_file=entry.section_key.startswith(ATTACHED)
    )
    about = {
        key for one in (*entry.subjects, entry.network, *entry.audience) for term in terms(one) for key in term.keys
    }
    return {
        "procedure": procedure_id,
        **words,
        ABOUT: dict.fromkeys(about, 1.0),
        "facts": Facts.of(section).packed(),
        "neighbours": neighbours.held(spoken((entry.title, entry.heading, text, *entry.also_called))),
        "shown": (entry.section_key, entry.heading, text, *entry.also_called),
    }


def word_weights(
    title: str, also_called: Iterable[str], heading: str, text: str, *, is_file: bool = False
) -> dict[str, dict[str, float]]:
    """
    Give the keys of a section with plain `text`, as words and as parts, each with the share of its rarity that it earns.

    Of a file that belongs to a routine, the routine's names count less: who asks for the routine is shown its text.
    """
    words: dict[str, float] = {}
    parts: dict[str, float] = {}
    over = _SHARED_HEADING if fold(heading) in SHARED_HEADINGS else _HEADING
    named, called = (_OF_ROUTINE, _OF_ROUTINE) if is_file else (_TITLE, _NAMES)
    for texts, place in (((title,), named), (also_called, called), ((heading,), over), ((text,), _TEXT)):
        _count([term for one in texts for term in terms(one)], place, words, parts)
    return {
        WORDS: {key: _saturated(often) for key, often in words.items()},
        PARTS: {key: _saturated(often * _PART) for key, often in parts.items()},
    }


def position_document(position: int) -> dict[str, object]:
    """Give what is written for the position in the outbox."""
    return {"meta": POSITION, "position": position}


def _count(
    found: list[Term], place: tuple[float, float, float], words: dict[str, float], parts: dict[str, float]
) -> None:
    """Add what the words of one place count there, and what their parts do."""
    counts, length_counts, usual = place
    # A line of a few words is no better for being short.
    length = max(len(found), usual / 3)
    each = counts / (1 - length_counts + length_counts * length / usual)
    for term in found:
        for key in term.keys:
            kept = parts if term.half else words
            kept[key] = kept.get(key, 0.0) + each
        for key in part_keys(term.original) if term.keys else ():
            parts[key] = parts.get(key, 0.0) + (each * _INNER if key in inner_keys(term.original) else each)


def _saturated(often: float) -> float:
    """Give the share of a word's rarity that a section earns by having it so often; BM25, all but the rarity."""
    return max(1, round(_STEPS * often * (SATURATION + 1) / (often + SATURATION))) / _STEPS


@dataclass(frozen=True, slots=True)
class Section:
    """A section as it stands in one or more versions of a procedure, the oldest first; `entry` is of the newest."""

    entry: SectionEntry
    versions: tuple[tuple[Digest, VersionNumber], ...]


def once_each(entries: Iterable[SectionEntry]) -> Iterator[Section]:
    """
    Join what is the same in several versions to one section, and leave out what came before.

    The entries of a procedure stand together; a section's identity is the version's digest and the section's key.
    """
    for _, found in groupby(entries, key=attrgetter("procedure_id")):
        same: dict[SectionEntry, dict[Digest, VersionNumber]] = {}
        seen: set[tuple[Digest, str]] = set()
        for entry in found:
            identity = (entry.version_digest, entry.section_key)
            if identity not in seen:
                seen.add(identity)
                text = replace(entry, version_digest=Digest(""), version=VersionNumber(0, 0))
                same.setdefault(text, {})[entry.version_digest] = entry.version
        for text, versions in same.items():
            ordered = tuple(sorted(versions.items(), key=lambda pair: (pair[1], pair[0])))
            digest, version = ordered[-1]
            yield Section(replace(text, version_digest=digest, version=version), ordered)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the same for many sections of a procedure; `versions` are those that have the section, the oldest first."""

    procedure_id: ProcedureId
    versions: tuple[tuple[Digest, VersionNumber], ...]
    title: str
    network: NetworkId
    subjects: tuple[str, ...]
    kind: Kind
    language: Language
    audience: tuple[str, ...]

    @classmethod
    def of(cls, section: Section) -> Self:
        """Take them from a section."""
        entry = section.entry
        return cls(
            entry.procedure_id,
            section.versions,
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
            _LIST.join(f"{digest}{_VERSION}{version}" for digest, version in self.versions),
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
        procedure_id, versions, title, network, subjects, kind, language, audience = data.decode("utf-8").split(_FACT)
        pairs = [one.split(_VERSION) for one in versions.split(_LIST)]
        return cls(
            ProcedureId(procedure_id),
            tuple((Digest(digest), VersionNumber.parse(version)) for digest, version in pairs),
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


def counted_alike(data: bytes) -> tuple[str, str, str]:
    """
    Give of packed facts what a search asks of very many: the routine, the version, and what the rest is counted under.

    The version is empty where there are several. Two that are counted under the same have the same network, subjects,
    kind, language and audience.
    """
    routine, versions, _, rest = data.decode("utf-8").split(_FACT, 3)
    return routine, "" if _LIST in versions else versions.partition(_VERSION)[0], rest
