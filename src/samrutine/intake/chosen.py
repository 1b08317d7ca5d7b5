"""
A shared draft made of the paragraphs that people chose, and what each municipality is offered of what they did not.

Nothing that somebody sent in is lost without a word: each paragraph of each variant is in the draft, or says the same as what
is, or is offered to its municipality as local information or as an addition. What is offered is a proposal; a municipality
decides about its additions itself, and a professional one needs its reason and its source then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from samrutine.adoptions.effective import AdditionKind
from samrutine.errors import InvalidText
from samrutine.intake.pieces import Piece, PieceKind, written
from samrutine.intake.variants import Compared, Row, SideBySide, Wording
from samrutine.messages import say
from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.markdown import LOCAL_FIELD
from samrutine.procedures.model import LocalInformation, LocalInformationType
from samrutine.procedures.sections import sections
from samrutine.proposals.prose_words import Critical, critical_in
from samrutine.reasons import Because, refuse

_KEYS: Final = {
    LocalInformationType.FUNCTION: "funksjon",
    LocalInformationType.SERVICE_PHONE: "telefon",
    LocalInformationType.TEXT: "lokalt",
}
_PROFESSIONAL: Final = frozenset({Critical.DOSE, Critical.NEGATION})
_WORDS_AROUND: Final = 4
_SHOWN: Final = 12


class Keep(StrEnum):
    """What is kept of a row, other than one wording."""

    FIELDS = "fields"
    """What all say, with local information where they differ."""
    NONE = "none"


Choice = int | Keep
"""The number of a wording in its row, from 0, or a `Keep`."""


@dataclass(frozen=True, slots=True)
class Offered:
    """
    What a municipality sent in and the draft does not say, as something of its own.

    Attributes:
        variant: The routine it stands in.
        row: Where it stands in the comparison.
        kind: Local information has a `field`. A professional addition is suggested where it departs, and where what is in no
            wording of the draft has a dose or a negation; people may find that another one is professional too.
        section: Key of the section of the draft that it belongs after; "" for the whole text.
        text: The value of local information; else Markdown.
        departs: Whether it says something else than the draft does, about a number, a dose, a phone or a negation.
    """

    variant: str
    municipality: str
    row: int
    kind: AdditionKind
    section: str
    text: str
    field: str = ""
    departs: bool = False


@dataclass(frozen=True, slots=True)
class SharedDraft:
    """A body in the stored form, what each municipality fills in, and what each is offered, in the order it stood."""

    body: str
    local_information: tuple[LocalInformation, ...]
    offered: tuple[Offered, ...]

    def offered_to(self, municipality: str) -> tuple[Offered, ...]:
        """Give what one municipality is offered."""
        return tuple(one for one in self.offered if one.municipality == municipality)


@dataclass(frozen=True)
class RowsUndecided(Because):
    """Nobody has said what is kept of some rows. `rows` are their numbers, `shown` the first of them as people count."""

    count: int
    shown: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class ChoiceNotThere(Because):
    """What was chosen of a row is not among what it has. `shown` is its number as people count, from 1."""

    row: int
    shown: int


@dataclass(frozen=True)
class DosesOfSeveral(Because):
    """
    The doses that were chosen stand together in nobody's routine, and nobody has said that they were read together.

    `shown` are their numbers as people count, each with those who say so; `rows` the numbers from 0.
    """

    shown: str
    rows: tuple[int, ...]


def doses_of_several(compared: SideBySide, choices: Mapping[int, Choice]) -> dict[int, tuple[str, ...]]:
    """
    Find the doses that were chosen from different routines, when no single one of them has them all.

    A step of one routine beside the dose table of another is how a draft comes to contradict itself.

    Returns:
        For the number of each row that says such a dose the ids of the variants that say it so; empty when one has all.
    """
    found: dict[int, tuple[str, ...]] = {}
    everyone = {one.id for one in compared.variants}
    for row in compared.rows:
        choice = choices.get(row.number, Keep.NONE)
        if isinstance(choice, Keep) or Critical.DOSE not in critical_in(row.wordings[choice].text):
            continue
        said = row.wordings if Critical.DOSE not in row.critical else (row.wordings[choice],)
        found[row.number] = tuple(one for wording in said for one in wording.variants)
    in_common = everyone.intersection(*found.values())
    return {} if in_common else {number: who for number, who in found.items() if set(who) != everyone}


def needs_choice(row: Row) -> bool:
    """Say whether somebody must choose; headings, first rows of tables and footnotes follow what they belong to."""
    return row.kind not in {PieceKind.HEADING, PieceKind.NOTE} and not row.wordings[0].piece.is_header


def can_have_fields(row: Row) -> bool:
    """Say whether the row can be kept with local information in the place of local words."""
    return row.blanked is not None and all(_is_plain(one.piece) for one in row.wordings)


def suggested(compared: SideBySide) -> dict[int, Choice]:
    """
    Give the choices that are safe to make beforehand: what all say, and what all say but for local words.

    What differs, and what some have not, is left for people.
    """
    found: dict[int, Choice] = {}
    for row in compared.rows:
        if not needs_choice(row):
            continue
        if row.compared is Compared.SAME:
            found[row.number] = 0
        elif row.compared is Compared.LOCAL and not row.missing and can_have_fields(row):
            found[row.number] = Keep.FIELDS
    return found


def reasons_against_choices(compared: SideBySide, choices: Mapping[int, Choice]) -> list[Because]:
    """Say why no draft can be made of these choices; empty means one can."""
    wrong = [number for number, choice in sorted(choices.items()) if not _is_there(compared.row(number), choice)]
    found: list[Because] = [ChoiceNotThere(number, number + 1) for number in wrong]
    left = tuple(row.number for row in compared.rows if needs_choice(row) and row.number not in choices)
    if left:
        shown = ", ".join(str(number + 1) for number in left[:_SHOWN])
        found.append(RowsUndecided(len(left), shown + (" …" if len(left) > _SHOWN else ""), left))
    return found


def shared_draft(compared: SideBySide, choices: Mapping[int, Choice], language: str = "nb") -> SharedDraft:
    """
    Make the draft that the choices make.

    A heading comes with what is kept under it, in the wording that most have; to choose another, or none, choose for its row.

    Args:
        choices: For the number of each row that needs one. See `suggested`.
        language: The draft's, for the labels of local information.

    Raises:
        Refused: A row has no choice, or one that it does not have.
        InvalidText: What was chosen cannot be in the stored form.
    """
    refuse(reasons_against_choices(compared, choices))
    fields = _Fields(compared, language)
    kept = list(_kept(compared, choices, fields))
    body, findings = canonical_body(written(piece for _, piece in kept), 1)
    if findings:
        raise InvalidText("", findings)
    headings = [row.number for row, piece in kept if piece.kind is PieceKind.HEADING]
    keys = dict(zip(headings, (one.key for one in sections(body)), strict=True))
    offered = _offered(compared, choices, fields, keys)
    return SharedDraft(body, fields.declared(body), tuple(offered))


class _Fields:
    """The local information of a draft: the same words of the same municipalities are one piece of it."""

    def __init__(self, compared: SideBySide, language: str) -> None:
        self._language = language
        self._taken = {key for one in compared.variants for key in LOCAL_FIELD.findall(one.markdown)}
        self._of_row: dict[int, list[str]] = {}
        self._values: dict[str, dict[str, str]] = {}
        self._made: dict[str, LocalInformation] = {}

    def keys(self, row: Row) -> list[str]:
        """Give the key of each gap of a row."""
        assert row.blanked is not None  # noqa: S101  `can_have_fields` was asked
        if row.number not in self._of_row:
            pairs = zip(row.blanked.differences, row.blanked.around, strict=False)
            self._of_row[row.number] = [self._key(one.type, one.values, before) for one, before in pairs]
        return self._of_row[row.number]

    def declared(self, body: str) -> tuple[LocalInformation, ...]:
        """Give what the body asks for, also what a variant asked for before it was sent in."""
        used = dict.fromkeys(LOCAL_FIELD.findall(body))
        return tuple(self._made.get(key) or LocalInformation(key, key, LocalInformationType.TEXT) for key in used)

    def _key(self, type_: LocalInformationType, values: Mapping[str, str], before: str) -> str:
        for key, known in self._values.items():
            shared = known.keys() & values.keys()
            if self._made[key].type is type_ and len(shared) > 1 and all(known[one] == values[one] for one in shared):
                known.update(values)
                return key
        n, key = 1, _KEYS[type_]
        while key in self._taken:
            n, key = n + 1, f"{_KEYS[type_]}-{n + 1}"
        self._taken.add(key)
        self._values[key] = dict(values)
        around = " ".join(before.split()[-_WORDS_AROUND:])
        label = say(f"variants.label.{type_.value}", self._language, around=around)
        self._made[key] = LocalInformation(key, label, type_, required=type_ is not LocalInformationType.TEXT)
        return key


def _is_there(row: Row | None, choice: Choice) -> bool:
    if row is None:
        return False
    if isinstance(choice, Keep):
        return choice is Keep.NONE or can_have_fields(row)
    return 0 <= choice < len(row.wordings)


def _is_plain(piece: Piece) -> bool:
    # With gaps the words are written as a reader sees them, so they must be so already.
    return " ".join((" | ".join(piece.cells) if piece.cells else piece.markdown).split()) == piece.text


def _kept(compared: SideBySide, choices: Mapping[int, Choice], fields: _Fields) -> Iterator[tuple[Row, Piece]]:
    """Give what the draft is made of, with the headings and first rows of tables that belong to it."""
    waiting: list[tuple[Row, Piece]] = []
    header: tuple[Row, Piece] | None = None
    for row in compared.rows:
        choice = choices.get(row.number, 0 if not needs_choice(row) else Keep.NONE)
        if choice is Keep.NONE or row.kind is PieceKind.NOTE:
            continue
        piece = _with_fields(row, fields) if choice is Keep.FIELDS else row.wordings[int(choice)].piece
        if piece.kind is PieceKind.HEADING:
            header = None
            waiting = [one for one in waiting if one[1].level < piece.level]
            waiting.append((row, piece))
            continue
        if piece.is_header:
            header = (row, piece)
            continue
        yield from waiting
        waiting = []
        if header is not None and piece.kind is PieceKind.ROW and len(piece.cells) == len(header[1].cells):
            yield header
        header = None
        yield row, piece


def _with_fields(row: Row, fields: _Fields) -> Piece:
    assert row.blanked is not None  # noqa: S101  `can_have_fields` was asked
    gaps = [f"{{{{{key}}}}}" for key in fields.keys(row)]
    text = "".join(part for pair in zip(row.blanked.around, [*gaps, ""], strict=True) for part in pair)
    piece = row.wordings[0].piece
    cells = tuple(text.split(" | ")) if piece.kind is PieceKind.ROW else ()
    return replace(piece, text=text, markdown=text, cells=cells)


def _offered(
    compared: SideBySide, choices: Mapping[int, Choice], fields: _Fields, keys: Mapping[int, str]
) -> Iterator[Offered]:
    home = {one.id: one.municipality for one in compared.variants}
    section = ""
    for row in compared.rows:
        section = keys.get(row.number, section)
        if not needs_choice(row):
            continue
        choice = choices[row.number]
        if choice is Keep.FIELDS:
            yield from _to_fill_in(row, fields.keys(row), home, section)
            continue
        taken = () if isinstance(choice, Keep) else row.wordings[choice].variants
        for wording in row.wordings:
            for variant in wording.variants:
                if variant not in taken:
                    yield _as_addition(row, wording, variant, home[variant], section, is_beside=bool(taken))


def _to_fill_in(row: Row, keys: Sequence[str], home: Mapping[str, str], section: str) -> Iterator[Offered]:
    assert row.blanked is not None  # noqa: S101  `can_have_fields` was asked
    for key, one in zip(keys, row.blanked.differences, strict=True):
        for variant, value in one.values.items():
            yield Offered(variant, home[variant], row.number, AdditionKind.LOCAL_INFORMATION, section, value, key)


def _as_addition(
    row: Row, wording: Wording, variant: str, municipality: str, section: str, *, is_beside: bool
) -> Offered:
    departs = is_beside and bool(row.critical)
    is_professional = departs or (not is_beside and bool(critical_in(wording.text) & _PROFESSIONAL))
    kind = AdditionKind.PROFESSIONAL_ADDITION if is_professional else AdditionKind.PRACTICAL_NOTE
    # By itself, the third step of a list is no first step.
    piece = replace(wording.piece, mark="-") if wording.piece.mark.startswith("1") else wording.piece
    text, findings = canonical_body(written([piece]), 1)
    return Offered(
        variant, municipality, row.number, kind, section, text if not findings else written([piece]), departs=departs
    )
