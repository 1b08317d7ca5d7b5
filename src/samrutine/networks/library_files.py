"""
The files under `library/`, read to values.

What a file may hold stands in the comment at the top of each shipped one.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from samrutine.errors import InvalidRequest, InvalidText
from samrutine.networks.model import Municipality, MunicipalityNumber, Network, NetworkId, PolicyId
from samrutine.networks.retention_rules import LONGEST_MONTHS, RETENTION, Kept, RetentionRule
from samrutine.networks.rows import SLUG, LibraryFault, Page, Row, nearest
from samrutine.networks.shared_library import (
    Abbreviation,
    Ambiguity,
    LanguagePair,
    Law,
    Meaning,
    OldWord,
    Party,
    PartyId,
    PartyKind,
    PartyReach,
    PartyTemplate,
    RepealedCitation,
    SharedLibrary,
    SourceBody,
    Subject,
    SubjectId,
    Vocabulary,
)
from samrutine.procedures.model import Kind
from samrutine.proposals.policy import Policy, PolicyRule

MUNICIPALITIES: Final = "municipalities.toml"
NETWORKS: Final = "networks.toml"
POLICIES: Final = "policies.toml"
SUBJECTS: Final = "subjects.toml"
PARTIES: Final = "parties.toml"
SOURCES: Final = "sources.toml"
RETENTION_FILE: Final = "retention.toml"
READING: Final = "reading.toml"
SYNONYMS: Final = "vocabulary/synonyms.toml"
ABBREVIATIONS: Final = "vocabulary/abbreviations.toml"
PAIRS: Final = "vocabulary/nynorsk.toml"
OLD_WORDS: Final = "vocabulary/old_words.toml"
AMBIGUITIES: Final = "vocabulary/ambiguities.toml"
TEMPLATES: Final = "templates/"

FILES: Final = (
    MUNICIPALITIES,
    NETWORKS,
    POLICIES,
    SUBJECTS,
    PARTIES,
    SOURCES,
    SYNONYMS,
    ABBREVIATIONS,
    PAIRS,
    OLD_WORDS,
    AMBIGUITIES,
    *(f"{TEMPLATES}{kind}.md" for kind in Kind),
    RETENTION_FILE,
    READING,
)
"""Every file a library has, by path under `library/`."""

OPTIONAL: Final = (RETENTION_FILE, READING)
"""Those that a library of the first release has not settled; without one, what is shipped holds."""

_NUMBER: Final = r"[0-9]{4}"
_COLOUR: Final = r"#[0-9a-f]{6}"
# Lovdata's ids: an act or regulation by date and number; acts before 1969 may have no number.
_LAW: Final = r"(?:LOV|FOR)-[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]+)?"
# An EU act, as the directory EUR-Lex gives it; the data protection regulation is cited beside Norwegian law.
_EU_LAW: Final = r"EU-[0-9]{4}/[0-9]+"

Value = TypeVar("Value")


def read_library(files: Mapping[str, bytes]) -> SharedLibrary:
    """
    Read the files of the library and check them against each other.

    Args:
        files: Contents by path under `library/` with `/` between ("vocabulary/synonyms.toml"), all of `FILES` but
            perhaps the optional ones. Other files are left alone unless they end in .toml, or in .md under templates/: those are misspelt ones.

    Returns:
        The values, each tuple in the order of its file. Every id that one names exists.

    Raises:
        InvalidText: Something is wrong in one file or more. `findings` has every fault there is, a `LibraryFault` each,
            with file, line and remedy, in the order of `FILES` and then by line.
    """
    reader = _Reader(files)
    library = reader.read()
    faults = sorted(reader.faults(), key=lambda fault: (_order(fault.file), fault.line))
    if faults:
        whole = "library"
        raise InvalidText(whole, faults)
    return library


def _order(file: str) -> int:
    return FILES.index(file) if file in FILES else len(FILES)


class _Reader:
    """Holds the pages while they are read, so that a reference can be a fault in the file that makes it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._pages: dict[str, Page] = {}
        self._loose: list[LibraryFault] = []

    def faults(self) -> list[LibraryFault]:
        return [*self._loose, *(fault for page in self._pages.values() for fault in page.faults)]

    def read(self) -> SharedLibrary:
        municipalities = self._each(MUNICIPALITIES, "municipality", _municipality, lambda each: each.number)
        self._unique(MUNICIPALITIES, "slug", municipalities, lambda each: each.slug)
        policies = self._each(POLICIES, "policy", _policy, lambda each: each.id)
        subjects = self._each(SUBJECTS, "subject", _subject, lambda each: each.id)
        networks = self._each(NETWORKS, "network", _network, lambda each: each.id)
        self._refer(NETWORKS, "policy", ((row, (each.policy,)) for row, each in networks), _ids(policies))
        minor = ((row, (each.minor_policy or "",)) for row, each in networks)
        self._refer(NETWORKS, "minor_policy", minor, _ids(policies))
        self._refer(NETWORKS, "subjects", ((row, each.subjects) for row, each in networks), _ids(subjects))
        self._covered(subjects, networks)
        parties = self._each(PARTIES, "party", _party, lambda each: each.id)
        templates = self._each(PARTIES, "template", _party_template, lambda each: each.subject)
        self._refer(PARTIES, "subject", ((row, (each.subject,)) for row, each in templates), _ids(subjects))
        self._refer(PARTIES, "parties", ((row, each.parties) for row, each in templates), _ids(parties))
        self._heard(subjects, templates)
        bodies = self._each(SOURCES, "body", _body, lambda each: each.name)
        laws = self._each(SOURCES, "law", _law, lambda each: each.id)
        repealed = self._each(SOURCES, "repealed", _repealed, lambda each: (each.law, each.section))
        self._refer(SOURCES, "law", ((row, (each.law,)) for row, each in repealed), _ids(laws))
        self._refer(SOURCES, "replaced_by_law", ((row, (each.replaced_by_law,)) for row, each in repealed), _ids(laws))
        library = SharedLibrary(
            municipalities=_values(municipalities),
            networks=_values(networks),
            policies=_values(policies),
            subjects=_values(subjects),
            parties=_values(parties),
            party_templates=_values(templates),
            vocabulary=self._vocabulary(),
            bodies=_values(bodies),
            laws=_values(laws),
            repealed=_values(repealed),
            templates=self._templates(),
            retention=self._retention(),
            read_by_anybody=self._read_by_anybody(),
        )
        self._tables_and_files()
        return library

    def _page(self, file: str) -> Page:
        if file not in self._pages:
            self._pages[file] = Page(file, self._files.get(file))
        return self._pages[file]

    def _each(
        self, file: str, table: str, make: Callable[[Row], Value], key: Callable[[Value], Hashable]
    ) -> list[tuple[Row, Value]]:
        """Read every row of a table; none at all, a key that stands twice and an unknown key are faults."""
        page = self._page(file)
        rows = page.rows(table)
        if not rows and not page.faults:
            page.fault(0, "no_rows", name=f"[[{table}]]")
        found = []
        for row in rows:
            value = make(row)
            row.end()
            found.append((row, value))
        self._unique(file, table, found, key)
        return found

    def _unique(
        self, file: str, name: str, found: Iterable[tuple[Row, Value]], key: Callable[[Value], Hashable]
    ) -> None:
        first: dict[Hashable, int] = {}
        for row, value in found:
            this = key(value)
            shown = " ".join(map(str, this)) if isinstance(this, tuple) else str(this)
            if shown.strip() and this in first:
                self._page(file).fault(row.line, "twice", name=name, value=shown, first=first[this])
            first.setdefault(this, row.line)

    def _refer(self, file: str, name: str, references: Iterable[tuple[Row, Iterable[str]]], known: list[str]) -> None:
        # Without a readable file to point into, every reference would be a fault, and hide the real one.
        if not known:
            return
        for row, values in references:
            for value in values:
                if value and value not in known:
                    row.fault(name, "unknown_reference", value=value, nearest=nearest(value, known), file=file)

    def _covered(self, subjects: list[tuple[Row, Subject]], networks: list[tuple[Row, Network]]) -> None:
        # A subject that no network has would have texts which nobody may approve.
        owned = {subject for _, network in networks for subject in network.subjects}
        for row, subject in subjects:
            if networks and subject.id and subject.id not in owned:
                row.fault("id", "subject_without_network", value=subject.id)

    def _heard(self, subjects: list[tuple[Row, Subject]], templates: list[tuple[Row, PartyTemplate]]) -> None:
        have = {template.subject for _, template in templates}
        for row, subject in subjects:
            if templates and subject.id and subject.id not in have:
                row.fault("id", "subject_without_parties", value=subject.id)

    def _retention(self) -> tuple[RetentionRule, ...]:
        """Read how long things are kept; where a rule has no row, the shipped one holds."""
        if RETENTION_FILE not in self._files:
            return RETENTION
        settled = _values(self._each(RETENTION_FILE, "rule", _retention_rule, lambda each: each.id))
        by_id = {each.id: each for each in settled}
        return tuple(by_id.get(each.id, each) for each in RETENTION)

    def _read_by_anybody(self) -> bool:
        """Read whether one may read without being signed in; where nothing is settled, nobody may."""
        if READING not in self._files:
            return False
        return any(_values(self._each(READING, "reading", _without_sign_in, lambda _: READING)))

    def _vocabulary(self) -> Vocabulary:
        synonyms = self._page(SYNONYMS).lists("synonyms")
        self._words_once(SYNONYMS, synonyms, least=2)
        pairs = self._page(PAIRS).lists("pairs")
        self._words_once(PAIRS, [(words[:1], line) for words, line in pairs])
        for words, line in pairs:
            if len(words) < 2:  # noqa: PLR2004  one word alone says nothing of another
                self._page(PAIRS).fault(line, "too_few", name="pairs", least=2)
        abbreviations = self._page(ABBREVIATIONS).lists("abbreviations")
        self._words_once(ABBREVIATIONS, [(words[:1], line) for words, line in abbreviations])
        for words, line in abbreviations:
            if len(words) < 2:  # noqa: PLR2004  one word alone says nothing of another
                self._page(ABBREVIATIONS).fault(line, "too_few", name="abbreviations", least=2)
        old_words = self._each(OLD_WORDS, "old_word", _old_word, lambda each: each.old.lower())
        self._no_circle(old_words)
        ambiguities = self._each(AMBIGUITIES, "ambiguity", _ambiguity, lambda each: each.word.lower())
        return Vocabulary(
            synonyms=tuple(words for words, _ in synonyms),
            abbreviations=tuple(Abbreviation(words[0], words[1:]) for words, _ in abbreviations if words),
            pairs=tuple(LanguagePair(words[0], words[1:]) for words, _ in pairs if words),
            old_words=_values(old_words),
            ambiguities=_values(ambiguities),
        )

    def _words_once(self, file: str, rows: Iterable[tuple[tuple[str, ...], int]], least: int = 1) -> None:
        first: dict[str, int] = {}
        page = self._page(file)
        found = False
        for words, line in rows:
            found = True
            if len(words) < least:
                page.fault(line, "too_few", name=file, least=least)
            for word in words:
                if word.lower() in first:
                    page.fault(line, "twice", name="word", value=word, first=first[word.lower()])
                first.setdefault(word.lower(), line)
        if not found and not page.faults:
            page.fault(0, "no_rows", name=file)

    def _no_circle(self, old_words: list[tuple[Row, OldWord]]) -> None:
        # A word to write instead must not be out of use itself: the writer would be sent on.
        stopped = {each.old.lower() for _, each in old_words if each.stop}
        for row, each in old_words:
            if each.new.lower() in stopped:
                row.fault("new", "new_word_is_old", value=each.new)

    def _templates(self) -> Mapping[Kind, str]:
        templates = {}
        for kind in Kind:
            file = f"{TEMPLATES}{kind}.md"
            data = self._files.get(file)
            if data is None:
                self._loose.append(LibraryFault(file, 0, "file_missing"))
                continue
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError as error:
                self._loose.append(LibraryFault(file, data.count(b"\n", 0, error.start) + 1, "not_utf8"))
                continue
            if not any(line.startswith("## ") for line in text.splitlines()):
                self._loose.append(LibraryFault(file, 0, "template_without_parts"))
            templates[kind] = text
        return MappingProxyType(templates)

    def _tables_and_files(self) -> None:
        known = defaultdict[str, tuple[str, ...]](
            tuple,
            {
                MUNICIPALITIES: ("municipality",),
                POLICIES: ("policy",),
                SUBJECTS: ("subject",),
                NETWORKS: ("network",),
                PARTIES: ("party", "template"),
                SOURCES: ("body", "law", "repealed"),
                SYNONYMS: ("synonyms",),
                ABBREVIATIONS: ("abbreviations",),
                PAIRS: ("pairs",),
                OLD_WORDS: ("old_word",),
                AMBIGUITIES: ("ambiguity",),
                RETENTION_FILE: ("rule",),
                READING: ("reading",),
            },
        )
        for file, page in self._pages.items():
            page.only(*known[file])
        for file in self._files:
            misspelt = file.endswith(".toml") or (file.startswith(TEMPLATES) and file.endswith(".md"))
            if misspelt and file not in FILES:
                self._loose.append(LibraryFault(file, 0, "file_unknown", {"nearest": nearest(file, FILES)}))


def _values(rows: list[tuple[Row, Value]]) -> tuple[Value, ...]:
    return tuple(value for _, value in rows)


def _ids(rows: Iterable[tuple[Row, Subject | Policy | Party | Law]]) -> list[str]:
    return [value.id for _, value in rows if value.id]


def _municipality(row: Row) -> Municipality:
    return Municipality(
        number=MunicipalityNumber(row.text("number", _NUMBER)),
        name=row.text("name"),
        slug=row.text("slug", SLUG),
        sami_name=row.text_or_none("sami_name"),
        colour=row.text_or_none("colour", _COLOUR),
    )


def _network(row: Row) -> Network:
    return Network(
        id=NetworkId(row.text("id", SLUG)),
        name=row.text("name"),
        subjects=row.texts("subjects"),
        policy=PolicyId(row.text("policy")),
        purpose=row.text("purpose"),
        minor_policy=PolicyId(minor) if (minor := row.text_or_none("minor_policy")) else None,
    )


def _policy(row: Row) -> Policy:
    identity = PolicyId(row.text("id", SLUG))
    # `Policy.parse` knows all keys, and checks them itself.
    for name in row.values:
        row.known(name)
    try:
        return Policy.parse(row.values)
    except InvalidRequest as error:
        name = str(error.places["what"]).removeprefix("policy.")
        # A missing or misspelt id has been said above.
        if name != "id" or identity:
            row.fault(name, "wrong_policy", value=error.places["value"], expected=error.places["expected"])
        return Policy(identity, "", PolicyRule.ALL, 0, 0, False, False, False, 0)


def _retention_rule(row: Row) -> RetentionRule:
    return RetentionRule(id=row.choice("id", Kept), months=row.months("months", LONGEST_MONTHS), why=row.text("why"))


def _without_sign_in(row: Row) -> bool:
    return row.flag("without_sign_in")


def _subject(row: Row) -> Subject:
    return Subject(id=SubjectId(row.text("id", SLUG)), nb=row.text("nb"), nn=row.text("nn"))


def _party(row: Row) -> Party:
    return Party(
        id=PartyId(row.text("id", SLUG)),
        name=row.text("name"),
        kind=row.choice("kind", PartyKind),
        reach=row.choice("reach", PartyReach),
        outside=row.flag("outside"),
    )


def _party_template(row: Row) -> PartyTemplate:
    return PartyTemplate(
        subject=SubjectId(row.text("subject")),
        parties=tuple(PartyId(each) for each in row.texts("parties")),
        why=row.text("why"),
    )


def _body(row: Row) -> SourceBody:
    return SourceBody(
        name=row.text("name"),
        short=row.text_or_none("short"),
        former=row.texts("former", least=0),
        url=row.text_or_none("url"),
    )


def _law(row: Row) -> Law:
    return Law(
        id=row.text("id", f"{_LAW}|{_EU_LAW}"),
        name=row.text("name"),
        abbreviation=row.text_or_none("abbreviation"),
        in_force_from=row.day_or_none("in_force_from"),
        read_on=row.day_or_none("read_on"),
        note=row.text_or_none("note") or "",
    )


def _repealed(row: Row) -> RepealedCitation:
    return RepealedCitation(
        law=row.text("law"),
        section=row.text("section"),
        since=row.day_or_none("since"),
        replaced_by=row.text("replaced_by"),
        replaced_by_law=row.text("replaced_by_law"),
    )


def _old_word(row: Row) -> OldWord:
    return OldWord(old=row.text("old"), new=row.text("new"), note=row.text_or_none("note") or "", stop=row.flag("stop"))


def _ambiguity(row: Row) -> Ambiguity:
    meanings = []
    for each in row.rows("meanings"):
        label, explanation = each.text("label"), each.text("explanation")
        meanings.append(Meaning(label, explanation, search=each.texts("search")))
        each.end()
    if "meanings" in row.values and len(meanings) < 2:  # noqa: PLR2004  one meaning is not ambiguous
        row.fault("meanings", "too_few", least=2)
    return Ambiguity(word=row.text("word"), meanings=tuple(meanings))
