"""What is searched, what is asked and what is answered, as values."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Final

from samrutine.networks.model import NetworkId
from samrutine.procedures.model import Digest, Kind, Language, ProcedureId, VersionNumber

ATTACHED: Final = "vedlegg/"
"""What the key of a file begins with among those of sections, which have no such sign; then its place in the list and its kind."""


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """
    One section of one version, as search keeps it.

    `version_digest` and `section_key` together are its identity. `text` is the section's Markdown; `labels` says in
    words what each local field in it is, as pairs of key and label. What is before the first heading has an empty
    `section_key` and `heading`. A file that belongs to the text is a section too: `heading` is its name, and `text` what
    could be read of it. Everything but section_key, heading and text is the same for all sections of a
    version.
    """

    procedure_id: ProcedureId
    version_digest: Digest
    version: VersionNumber
    section_key: str
    title: str
    heading: str
    text: str
    network: NetworkId
    subjects: tuple[str, ...]
    kind: Kind
    language: Language
    audience: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


class FilterField(StrEnum):
    """What a search can be narrowed by; also what facets count."""

    SUBJECT = "subject"
    NETWORK = "network"
    KIND = "kind"
    LANGUAGE = "language"
    AUDIENCE = "audience"


@dataclass(frozen=True, slots=True)
class Filter:
    """
    A condition on the procedure: one of its values of `field` is `value`, or with `excluded`, none is.

    Case, Norwegian letters, spaces and hyphens do not count, so "Psykisk helse" is "psykisk-helse". Several filters
    on one field mean any of them; filters on different fields mean all. `typed` is the value as somebody wrote it.
    """

    field: FilterField
    value: str
    excluded: bool = False
    typed: str = dataclass_field(default="", compare=False)


class Applying(StrEnum):
    """What is asked about where and when a routine applies."""

    MUNICIPALITY = "municipality"
    """`kommune:` it applies there."""
    APPLIES = "applies"
    """`gjelder:` it applies at all, there, or on that day."""


@dataclass(frozen=True, slots=True)
class ApplyingFilter:
    """A condition on where and when a routine applies, `value` as typed; with `excluded`, that it does not."""

    field: Applying
    value: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """
    Something in the grammar that was meant otherwise, and was left out of the search or read as words.

    `name` is the name before the colon as typed, `value` what followed; `nearest` are the values, or where `value` is
    empty the names, that are so alike that they may have been meant. `choices` are all values there are, where none is
    alike and they are few. `is_day` says that the value was to be a day.
    """

    name: str
    value: str
    nearest: tuple[str, ...]
    choices: tuple[str, ...] = ()
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word to look for: as it was typed, and the keys it is kept under."""

    typed: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryPhrase:
    """
    Words that must stand beside each other, in the form they were typed.

    `folded` are all its words in plain letters; `words` those of them that the index can be asked for: none, where all are
    small words ("når du er").
    """

    typed: str
    folded: tuple[str, ...]
    words: tuple[QueryWord, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """
    What somebody asked for.

    A section is found when it has one of `words` (the more the better), all of `phrases` and none of what is
    excluded. `ignored` are words as typed that tell nothing apart ("hva", "er"), and were left out. `shortened` says
    that more was typed than is looked for. With nothing to look for and nothing ignored, everything is found. `applying`
    are conditions on where and when a routine applies, which the index knows nothing of. `not_understood` are names of
    conditions that were nearly right.
    """

    words: tuple[QueryWord, ...] = ()
    phrases: tuple[QueryPhrase, ...] = ()
    excluded_words: tuple[QueryWord, ...] = ()
    excluded_phrases: tuple[QueryPhrase, ...] = ()
    filters: tuple[Filter, ...] = ()
    ignored: tuple[str, ...] = ()
    shortened: bool = False
    applying: tuple[ApplyingFilter, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()

    @property
    def asks_for_words(self) -> bool:
        """Whether there is something to look for, so that hits can be ranked."""
        return bool(self.words or self.phrases)


@dataclass(frozen=True, slots=True)
class SnippetPart:
    """A piece of a snippet: plain text, never markup; `hit` when it is a word that was asked for."""

    text: str
    hit: bool = False


class TakenAs(StrEnum):
    """How something in a section came to be taken for a word that was typed."""

    SPELLING = "spelling"
    """It is spelt like it."""
    MEANT = "meant"
    """It goes with a word that is spelt like it: means the same, or is made of it."""
    BEGUN = "begun"
    """It begins with what was typed."""
    COMPOUND = "compound"
    """It has the word in it, or is part of it."""
    SYNONYM = "synonym"
    ABBREVIATION = "abbreviation"
    OLD_WORD = "old-word"
    OTHER_LANGUAGE = "other-language"
    """It is the same in the other Norwegian."""
    DERIVED = "derived"
    """It is the verb of it, or the noun."""
    TITLE = "title"
    """It is the word itself, in the routine's title and not in the text."""
    NAME = "name"
    """It is the word itself, in another name of the routine; `shown` is the whole name."""
    HEADING = "heading"
    """It is the word itself, in the section's heading and not in the text."""


@dataclass(frozen=True, slots=True)
class Taken:
    """
    A word that was typed, and what of the section was taken for it, as it stands there.

    Several words that stand beside each other are shown as they do, others with commas between. A word that is no name is in
    small letters, also where it begins a sentence.
    """

    typed: str
    shown: str
    how: TakenAs


@dataclass(frozen=True, slots=True)
class Sense:
    """One of the things that a word means: what to call it, a sentence about it, and what to search for instead."""

    label: str
    explanation: str
    query: str


@dataclass(frozen=True, slots=True)
class SeveralSenses:
    """A word of a query, as typed, that means things which must not be mixed up."""

    typed: str
    senses: tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """
    A procedure that was found, with the section that answers best.

    `score` compares hits of one search only. `matched_words` are the words and phrases of the query, as typed, that
    the section has in its text, heading, title, other names, subject, network or audience. Of a file that belongs to the text,
    `heading` is the name, and `snippet` is empty where its text cannot be found. `why` says of those that it
    does not have itself what was taken for them, and of those that its text has not, whether title, name or heading has them.
    `lacking` is the word, as typed, that it has nothing of and that tells as much as all the rest; of two alike, both.
    `in_passing` says that all it has of the query are common words, and they stand in its text alone.
    """

    procedure_id: ProcedureId
    version_digest: Digest
    version: VersionNumber
    section_key: str
    title: str
    heading: str
    snippet: tuple[SnippetPart, ...]
    score: float
    matched_words: tuple[str, ...]
    why: tuple[Taken, ...] = ()
    lacking: tuple[str, ...] = ()
    in_passing: bool = False

    @property
    def file(self) -> str | None:
        """The name of the file that was found, where it is a file that belongs to the text."""
        return self.heading if self.section_key.startswith(ATTACHED) else None

    @property
    def link(self) -> str:
        """
        The last of an address of the section: routine, version, and the name that the section has in a document.

        A document of the routine has the same after its `#`; what stands before the first heading has no name. Of a file it is
        what the file is called where the routine is published.
        """
        if self.file is not None:
            return f"{self.procedure_id}/{self.version}/{self.procedure_id}--{self.section_key.replace('/', '-')}"
        name = f"#{self.section_key}" if self.section_key else ""
        return f"{self.procedure_id}/{self.version}{name}"


@dataclass(frozen=True, slots=True)
class LocalHit:
    """
    What a municipality has added to a routine or filled in, and that answers a search there.

    `kind` is that of the addition: "practical-note", "professional-addition" or "local-information". Of local
    information, and of an addition to the whole text, `section_key` is empty. `version` is the one that applies there.
    `score` compares it to the hits of the same search.
    """

    procedure_id: ProcedureId
    version: VersionNumber | None
    section_key: str
    title: str
    kind: str
    snippet: tuple[SnippetPart, ...]
    matched_words: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the procedures found have this value."""

    field: FilterField
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """
    The answer to a search.

    `hits` are the best, a procedure at most once; `total` is how many procedures were found in all. `facets` count
    all of those, by field and then the commonest first.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: tuple[Facet, ...]
