"""
What a municipality has written itself, asked with columns alone: people wait for a search from the shell.

The tables' own classes and what puts documents together take half a second to import; a test holds these columns against them.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, Date, LargeBinary, and_, column, or_, select, table

from samrutine.networks.model import municipality_named
from samrutine.procedures.model import VersionNumber
from samrutine.search.applying import IN_FORCE, members

ADDITIONS: Final = table(
    "addition", column("id"), column("municipality"), column("procedure_id"), column("section_key"), column("kind"),
    column("digest"), column("section_digest"), column("from_on", Date), column("until_on", Date),
    column("decided_number"), column("superseded_number"),
)  # fmt: skip
SECTIONS: Final = table(
    "section", column("procedure_id"), column("major"), column("minor"), column("key"), column("heading"),
    column("text_digest"),
)  # fmt: skip
LOCAL_VALUES: Final = table(
    "local_value", column("municipality"), column("procedure_id"), column("key"), column("decided_number"),
    column("superseded_number"),
)  # fmt: skip
DECISION_TEXTS: Final = table("decision_text", column("number"), column("name"), column("text"))
WORDS: Final = table("words", column("digest"), column("content", LargeBinary), column("redacted_number"))

# As the front matter of an approved text is written: each field's key first.
_FIELD: Final = re.compile(r"^ +- key: (\S+)\n(?:(?! +- |\S).*\n)*? +label: (.+)$", re.MULTILINE)


LOCAL_INFORMATION: Final = "local-information"
"""As `AdditionKind` has it, which takes much to import."""


@dataclass(frozen=True, slots=True)
class LocalText:
    """
    An addition in Markdown, or with what it is called before it, a piece of local information.

    `used` is the version that applies; None where none does. Of local information, `key` is the field's. Of an addition,
    `section_key` is its section's, and `heading` that of the section in `used`; None where the section says something else
    there than when somebody last looked at the two together, so that it must be followed from another version.
    """

    procedure: str
    markdown: str
    called: str = ""
    key: str = ""
    used: "UsedText | None" = None
    kind: str = LOCAL_INFORMATION
    section_key: str = ""
    heading: str | None = ""

    def plain(self, plain: Callable[[str], str]) -> str:
        """Give it in plain words."""
        return f"{self.called}: {plain(self.markdown)}" if self.called else plain(self.markdown)


@dataclass(frozen=True, slots=True)
class UsedText:
    """A version that applies, and its bytes."""

    version: VersionNumber
    data: bytes


def local_texts(connection: Connection, municipality: str, day: date) -> list[LocalText]:
    """
    Give what a municipality has added that holds on a day, and what it has filled in; not what was redacted.

    Raises:
        MunicipalityNotFound: There is none of that number or name.
    """
    number = municipality_named(municipality, members(connection)).number
    return [*_additions(connection, number, day), *_values(connection, number, day)]


def local_values(
    connection: Connection, municipality: str, day: date, routines: Collection[str]
) -> dict[str, dict[str, str]]:
    """
    Give what a municipality has filled in of some routines, in Markdown, by routine and what the field is called.

    Raises:
        MunicipalityNotFound: There is none of that number or name.
    """
    number = municipality_named(municipality, members(connection)).number
    found: dict[str, dict[str, str]] = {}
    for one in _values(connection, number, day, routines):
        found.setdefault(one.procedure, {})[one.called] = one.markdown
    return found


def _additions(connection: Connection, number: str, day: date) -> Iterator[LocalText]:
    addition, words = ADDITIONS.c, WORDS.c
    rows = connection.execute(
        select(
            addition.procedure_id, addition.kind, addition.section_key, addition.section_digest, words.content
        )
        .select_from(ADDITIONS.join(WORDS, words.digest == addition.digest))
        .where(
            addition.municipality == number, addition.superseded_number.is_(None), words.redacted_number.is_(None),
            or_(addition.from_on.is_(None), addition.from_on <= day),
            or_(addition.until_on.is_(None), addition.until_on > day),
        )
        .order_by(addition.decided_number, addition.id)
    ).all()  # fmt: skip
    used = _used(connection, number, day, {row.procedure_id for row in rows})
    there = _sections(
        connection, {row.procedure_id: used[row.procedure_id] for row in rows if row.procedure_id in used}
    )
    for row in rows:
        digest, heading = there.get((row.procedure_id, row.section_key), (None, None))
        same = not row.section_key or row.section_digest in {None, digest}
        yield LocalText(
            row.procedure_id, bytes(row.content).decode("utf-8", "replace"), used=used.get(row.procedure_id),
            kind=row.kind, section_key=row.section_key, heading=(heading or "") if same else None,
        )  # fmt: skip


def _sections(connection: Connection, used: Mapping[str, UsedText]) -> dict[tuple[str, str], tuple[str, str]]:
    """Give digest and heading of each section of some versions, by routine and key."""
    section = SECTIONS.c
    if not used:
        return {}
    rows = connection.execute(
        select(section.procedure_id, section.major, section.minor, section.key, section.text_digest, section.heading)
        .where(section.procedure_id.in_(used))
    )  # fmt: skip
    return {
        (row.procedure_id, row.key): (row.text_digest, row.heading)
        for row in rows
        if used[row.procedure_id].version == VersionNumber(row.major, row.minor)
    }


def _values(
    connection: Connection, number: str, day: date, routines: Collection[str] | None = None
) -> Iterator[LocalText]:
    value, said = LOCAL_VALUES.c, DECISION_TEXTS.c
    some = [] if routines is None else [value.procedure_id.in_(routines)]
    rows = connection.execute(
        select(value.procedure_id, value.key, said.text)
        .select_from(
            LOCAL_VALUES.join(DECISION_TEXTS, and_(said.number == value.decided_number, said.name == value.key))
        )
        .where(value.municipality == number, value.superseded_number.is_(None), *some)
    ).all()
    used = _used(connection, number, day, {procedure for procedure, *_ in rows})
    labels = {one: _labels(text.data) for one, text in used.items()}
    for procedure, key, text in rows:
        if text:
            called = labels.get(procedure, {}).get(key) or key.replace("-", " ")
            yield LocalText(procedure, text, called, key, used.get(procedure))


def _used(connection: Connection, number: str, day: date, procedures: set[str]) -> dict[str, UsedText]:
    """Give the versions that apply, by routine; not those that were redacted."""
    used, words = IN_FORCE.c, WORDS.c
    rows = connection.execute(
        select(used.procedure_id, used.major, used.minor, words.content)
        .select_from(IN_FORCE.join(WORDS, words.digest == used.digest))
        .where(
            used.municipality == number, used.superseded_number.is_(None), used.procedure_id.in_(procedures),
            used.from_on <= day, or_(used.until_on.is_(None), used.until_on > day), words.redacted_number.is_(None),
        )
    )  # fmt: skip
    return {
        procedure: UsedText(VersionNumber(major, minor), bytes(content)) for procedure, major, minor, content in rows
    }


def _labels(data: bytes) -> dict[str, str]:
    """Give what a text calls its fields, by key: to read YAML by its own rules takes 20 ms a text."""
    front = data.decode("utf-8", "replace").partition("\n---\n")[0]
    return {match[1]: _unquoted(match[2]) for match in _FIELD.finditer(f"{front}\n")}


def _unquoted(words: str) -> str:
    """Give what a line of YAML says that may stand in quotation marks."""
    if len(words) > 1 and words[0] == words[-1] == "'":
        return words[1:-1].replace("''", "'")
    if len(words) > 1 and words[0] == words[-1] == '"':
        return re.sub(r'\\(["\\])', r"\1", words[1:-1])
    return words
