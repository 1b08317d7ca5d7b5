"""
Variants of one routine side by side, paragraph by paragraph: what all say, what they say differently, what one says alone.

Every paragraph, list item and row of every variant stands in exactly one row of the comparison. A row holds what says the same
thing, also where sentences were written anew or in the other written language. Sections are matched first, by their words
more than by their headings, so that one that was moved or renamed is held against its own; what was moved out of its
section is looked for everywhere. Wordings that differ in nothing but local words are told from those that say something else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from typing import Final

from samrutine.intake.likeness import Routine
from samrutine.intake.local import Blanked, blanked
from samrutine.intake.order import longest_rising
from samrutine.intake.pieces import Piece, PieceKind, pieces
from samrutine.intake.words import plain
from samrutine.proposals.alignment import aligned, likeness, words_in
from samrutine.proposals.prose_words import Critical, words_of
from samrutine.search.norwegian import fold

_SAME_HEADING: Final = 0.5
_SAME_LINES: Final = 0.4
_SAME_SECTION: Final = 0.3
_MOVED: Final = 0.6
_FEWEST_WORDS_MOVED: Final = 3
_ALONE: Final = frozenset({PieceKind.HEADING, PieceKind.ROW, PieceKind.RAW, PieceKind.NOTE})


class Compared(StrEnum):
    """What the variants say in one row."""

    SAME = "same"
    """All have it, in the same words."""
    LOCAL = "local"
    """Those that have it differ in nothing but local words: a phone, a place, what a position is called."""
    DIFFERENT = "different"
    SOME = "some"
    """Some have it, in the same words, and others have nothing like it."""
    ONLY_HERE = "only-here"


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say it: the piece as the first of `variants` has it, and the ids of those that say it so."""

    piece: Piece
    variants: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its words as a reader sees them."""
        return self.piece.text


@dataclass(frozen=True, slots=True)
class Row:
    """
    What says the same thing.

    Attributes:
        number: Its place, from 0.
        wordings: The one that most variants have first.
        missing: Ids of variants that have nothing like it.
        moved: Ids of variants in which it stands elsewhere than its neighbours here.
        blanked: Of a local row, the text with gaps and what each variant has in them; None too where the wordings are
            marked up too differently to make one text of them.
        critical: What kind of numbers, doses, phones and negations stand in one wording and not in another. Look there first.
    """

    number: int
    compared: Compared
    wordings: tuple[Wording, ...]
    missing: tuple[str, ...]
    moved: tuple[str, ...] = ()
    blanked: Blanked | None = None
    critical: frozenset[Critical] = frozenset()

    @property
    def kind(self) -> PieceKind:
        """What the pieces are."""
        return self.wordings[0].piece.kind

    @property
    def section(self) -> str:
        """The heading it stands under where most have it."""
        return self.wordings[0].piece.section

    def said_by(self, variant: str) -> Wording | None:
        """Find what one variant says; None when it has nothing like it."""
        return next((one for one in self.wordings if variant in one.variants), None)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Variants compared: who they are, in the order they were given, and the rows in the order of the likest to all."""

    variants: tuple[Routine, ...]
    rows: tuple[Row, ...]

    def row(self, number: int) -> Row | None:
        """Find a row by its number."""
        return self.rows[number] if 0 <= number < len(self.rows) else None


def side_by_side(variants: Iterable[Routine], names: Iterable[str] = ()) -> SideBySide:
    """
    Compare variants of one routine, at least one.

    Args:
        variants: Each id once, in the order they are to be shown. A municipality may have several.
        names: Names that tell a municipality from another: its own, its places, its units.
    """
    given = tuple(variants)
    local = frozenset(fold(word) for name in names for word in name.split())
    texts = {one.id: _pieces_of(one, local) for one in given}
    table = _Table()
    for id_ in _likest_to_all_first(texts):
        table.take_in(id_, texts[id_])
    ids = tuple(one.id for one in given)
    moved = table.moved(ids)
    rows = (_row(number, row, ids, moved[number], local) for number, row in enumerate(table.rows))
    return SideBySide(given, tuple(rows))


@dataclass(frozen=True, slots=True)
class _Said:
    """A piece, and its words as they are compared."""

    piece: Piece
    plain: str

    @property
    def kind(self) -> str:
        # A paragraph that became an item of a list is the same paragraph; a heading and a row are things of their own.
        return self.piece.kind if self.piece.kind in _ALONE else "words"


@dataclass(slots=True)
class _Line:
    """A row that grows. `words` are those of the wordings, as they are compared."""

    first: _Said
    cells: dict[str, Piece] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    bags: list[Counter[str]] = field(default_factory=list)

    def add(self, variant: str, said: _Said, at: int) -> None:
        self.cells[variant] = said.piece
        self.order[variant] = at
        self.bags.append(words_in(said.plain))


@dataclass(slots=True)
class _Part:
    """A section of the rows, or of a variant: its heading, if any, and what stands under it."""

    lines: list[_Line] = field(default_factory=list)

    @property
    def heading(self) -> str:
        first = self.lines[0].first if self.lines else None
        return first.plain if first is not None and first.piece.kind is PieceKind.HEADING else ""

    def bag(self) -> Counter[str]:
        return sum((words_in(line.first.plain) for line in self.lines), Counter())


class _Table:
    """The rows, by section, while one variant after another is taken in."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []

    @property
    def rows(self) -> list[_Line]:
        return [line for part in self.parts for line in part.lines]

    def take_in(self, variant: str, said: Sequence[_Said]) -> None:
        """Put each piece of a variant in the row that says the same, or in a row of its own where it stood."""
        theirs = _parted(said)
        of = _matched(self.parts, theirs)
        left: list[tuple[_Part, _Line]] = []
        last: _Part | None = None
        for n, part in enumerate(theirs):
            home = self.parts[of[n]] if n in of else None
            if home is None:
                left += [(part, line) for line in part.lines]
                continue
            left += _aligned_into(variant, home, part)
        self._placed_elsewhere(variant, left)
        of_home = {n: self.parts[m] for n, m in of.items()}
        for n, part in enumerate(theirs):
            alone = [line for line in part.lines if variant in line.cells]
            if n in of_home:
                last = of_home[n]
            elif alone:
                self.parts.insert(self.parts.index(last) + 1 if last is not None else 0, found := _Part(alone))
                last = found

    def _placed_elsewhere(self, variant: str, left: Sequence[tuple[_Part, _Line]]) -> None:
        """Find rows for what has none in its own section; what has none at all becomes a row."""
        free = [line for line in self.rows if variant not in line.cells]
        alike = _Alike(free)
        scores = sorted((-score, n, m) for n, (_, mine) in enumerate(left) for m, score in alike.to(mine.first))
        taken: tuple[set[int], set[int]] = (set(), set())
        for _, n, m in scores:
            if n not in taken[0] and m not in taken[1]:
                taken[0].add(n)
                taken[1].add(m)
                mine = left[n][1]
                free[m].add(variant, mine.first, mine.order[""])
        for n, (part, line) in enumerate(left):
            if n in taken[0]:
                # It is another's row now, and no row of its own.
                for home in (part, *self.parts):
                    home.lines = [one for one in home.lines if one is not line]
            else:
                line.add(variant, line.first, line.order.pop(""))

    def moved(self, ids: Sequence[str]) -> list[tuple[str, ...]]:
        """Say of each row in which variants it stands elsewhere: what is not in the longest part that keeps the order."""
        found: list[set[str]] = [set() for _ in self.rows]
        for id_ in ids:
            has = [(n, line.order[id_]) for n, line in enumerate(self.rows) if id_ in line.cells]
            kept = longest_rising([at for _, at in has])
            for place, (n, _) in enumerate(has):
                if place not in kept:
                    found[n].add(id_)
        return [tuple(id_ for id_ in ids if id_ in one) for one in found]


def _pieces_of(routine: Routine, local: frozenset[str]) -> list[_Said]:
    return [_Said(piece, _compared_words(piece, local)) for piece in pieces(routine.markdown)]


def _compared_words(piece: Piece, local: frozenset[str]) -> str:
    spoken = (word.text for word in words_of(piece.text) if word.critical is not Critical.PHONE)
    text = " ".join(word for word in spoken if fold(word) not in local)
    if piece.kind is PieceKind.ROW and " | " in piece.text:
        # The first cell says what a row is about: «Ansvarlig | …» is the same row, whoever it is.
        text = f"{piece.text.partition(' | ')[0]} {text}"
    # A piece of stop words only, or of signs, is still like itself and nothing else.
    return plain(text) or " ".join(piece.text.casefold().split()) or piece.markdown


def _likest_to_all_first(texts: dict[str, list[_Said]]) -> list[str]:
    bags = {id_: words_in(" ".join(one.plain for one in said)) for id_, said in texts.items()}
    scores = dict.fromkeys(texts, 0.0)
    for one, other in combinations(texts, 2):
        score = likeness(bags[one], bags[other])
        scores[one] += score
        scores[other] += score
    return sorted(texts, key=lambda id_: (-scores[id_], id_))


def _parted(said: Sequence[_Said]) -> list[_Part]:
    parts: list[_Part] = []
    for at, one in enumerate(said):
        if (
            not parts
            or one.piece.kind is PieceKind.HEADING
            or (one.kind == PieceKind.NOTE != parts[-1].lines[-1].first.kind)
        ):
            parts.append(_Part())
        parts[-1].lines.append(_Line(one, order={"": at}))
    return parts


def _matched(ours: Sequence[_Part], theirs: Sequence[_Part]) -> dict[int, int]:
    """Say which of our sections each of theirs is: the likest first, by words and heading."""
    bags = [part.bag() for part in ours], [part.bag() for part in theirs]
    scores = []
    for n, their in enumerate(theirs):
        for m, our in enumerate(ours):
            same = _SAME_HEADING if their.heading == our.heading and _starts_alike(their, our) else 0.0
            scores.append((-(likeness(bags[0][m], bags[1][n]) + same + _same_lines(their, our)), abs(n - m), n, m))
    found: dict[int, int] = {}
    for minus, _, n, m in sorted(scores):
        if -minus >= _SAME_SECTION and n not in found and m not in found.values() and _starts_alike(theirs[n], ours[m]):
            found[n] = m
    return found


def _same_lines(one: _Part, other: _Part) -> float:
    """Say how many lines of the shorter section stand in the other too; a long addition takes nothing from that."""
    mine, its = ({line.first.plain for line in part.lines[1:]} for part in (one, other))
    fewer = min(len(mine), len(its))
    return _SAME_LINES * len(mine & its) / fewer if fewer else 0.0


def _starts_alike(one: _Part, other: _Part) -> bool:
    first = one.lines[0].first.piece, other.lines[0].first.piece
    kinds = [piece.kind if piece.kind in {PieceKind.HEADING, PieceKind.NOTE} else None for piece in first]
    return kinds[0] == kinds[1]


def _aligned_into(variant: str, home: _Part, part: _Part) -> list[tuple[_Part, _Line]]:
    """Pair the lines of a section with the rows of ours; what has no row is put where it stood, and told."""
    ours, theirs = home.lines, part.lines
    pairs: Iterable[tuple[int | None, int | None]] = aligned(
        [line.first.plain for line in ours], [line.first.plain for line in theirs],
        kinds=([line.first.kind for line in ours], [line.first.kind for line in theirs]),
    )  # fmt: skip
    pairs = list(pairs)
    if ours[0].first.kind == PieceKind.HEADING == theirs[0].first.kind:
        # Sections that are the same have the same heading, whatever it says.
        pairs = [(0, 0), *_without_heads(pairs)]
    lines: list[_Line] = []
    left: list[tuple[_Part, _Line]] = []
    for mine, its in pairs:
        if mine is not None and its is not None and ours[mine].first.kind == theirs[its].first.kind:
            ours[mine].add(variant, theirs[its].first, theirs[its].order[""])
            lines.append(ours[mine])
            continue
        if mine is not None:
            lines.append(ours[mine])
        if its is not None:
            lines.append(theirs[its])
            left.append((home, theirs[its]))
    home.lines = lines
    return left


def _without_heads(pairs: Iterable[tuple[int | None, int | None]]) -> Iterator[tuple[int | None, int | None]]:
    for mine, its in pairs:
        rest = (None if mine == 0 else mine, None if its == 0 else its)
        if rest != (None, None):
            yield rest


def _may_move(said: _Said, row: _Line) -> bool:
    if said.kind != row.first.kind or said.piece.kind is PieceKind.HEADING or said.piece.is_header:
        return False
    return len(said.plain.split()) >= _FEWEST_WORDS_MOVED


class _Alike:
    """Rows by the words of their wordings, since two long texts with nothing in common are not to be held all against all."""

    def __init__(self, rows: Sequence[_Line]) -> None:
        self._rows = rows
        self._with: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for m, row in enumerate(rows):
            for k, bag in enumerate(row.bags):
                for word, count in bag.items():
                    self._with[word].append((m, k, count))

    def to(self, said: _Said) -> Iterator[tuple[int, float]]:
        """Give the rows that say nearly what a piece says, by number, and how nearly."""
        words = words_in(said.plain)
        shared: Counter[tuple[int, int]] = Counter()
        for word, count in words.items():
            for m, k, its in self._with.get(word, ()):
                shared[m, k] += min(count, its)
        for (m, k), count in shared.items():
            row = self._rows[m]
            score = 2 * count / (words.total() + row.bags[k].total())
            if score >= _MOVED and _may_move(said, row):
                yield m, score


def _row(number: int, line: _Line, ids: Sequence[str], moved: tuple[str, ...], local: frozenset[str]) -> Row:
    by_text: dict[tuple[str, ...], list[str]] = {}
    for id_ in ids:
        if id_ in line.cells:
            piece = line.cells[id_]
            by_text.setdefault((piece.text,) if piece.text else ("", piece.markdown), []).append(id_)
    said = sorted(by_text.values(), key=lambda who: (-len(who), ids.index(who[0])))
    wordings = tuple(Wording(line.cells[who[0]], tuple(who)) for who in said)
    missing = tuple(id_ for id_ in ids if id_ not in line.cells)
    row = Row(number, Compared.SAME, wordings, missing, moved)
    if len(wordings) == 1:
        here = Compared.ONLY_HERE if len(ids) > 1 and len(line.cells) == 1 else Compared.SOME
        return replace(row, compared=here if missing else Compared.SAME)
    found = blanked({id_: line.cells[id_].text for who in said for id_ in who}, local)
    compared = Compared.DIFFERENT if found is None else Compared.LOCAL
    return replace(row, compared=compared, blanked=found, critical=_critical(wordings))


def _critical(wordings: Sequence[Wording]) -> frozenset[Critical]:
    """Say which kinds of words that may harm stand in one wording and not, or not as often, in another."""
    counts = [
        Counter((word.critical, word.text.casefold()) for word in words_of(one.text) if word.critical is not None)
        for one in wordings
    ]
    everywhere = counts[0].copy()
    for one in counts[1:]:
        everywhere &= one
    return frozenset(kind for one in counts for kind, _ in (one - everywhere) if kind is not None)
