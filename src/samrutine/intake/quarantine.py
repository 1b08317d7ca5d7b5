"""
What in a document that was sent in must not be kept as it stands: where, what kind, and under which key people speak of it.

National identity numbers, phones and e-mail are found by the one rule there is, `procedures.personal_data`. Patient-like
passages and secrets are only looked for here: no pattern knows a patient from a job title, so a person judges.
"""

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from samrutine.intake.cells import cells_below, is_value, secret_cells
from samrutine.intake.patients import is_near, passages
from samrutine.messages import DEFAULT_LANGUAGE, say
from samrutine.procedures.as_read import AsRead, as_read
from samrutine.procedures.findings import NOT_KEPT
from samrutine.procedures.personal_data import PersonalData, may_be_national_ids, personal_places


class Held(StrEnum):
    """A kind of thing that is held back."""

    NATIONAL_ID = "national-id"
    UNCLEAR_ID = "unclear-id"
    PRIVATE_PHONE = "private-phone"
    PRIVATE_EMAIL = "private-email"
    UNCLEAR_EMAIL = "unclear-email"
    PATIENT = "patient"
    SECRET = "secret"  # noqa: S105  the kind, not one of them

    @property
    def never_let_through(self) -> bool:
        """Whether no text of the library may hold it, whoever says so: it is masked or written in another way."""
        return self.value in NOT_KEPT

    def label(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Give the kind in words."""
        return say(f"quarantine.kind.{self.value}", language)


class HeldState(StrEnum):
    """What was done with it."""

    OPEN = "open"
    MASKED = "masked"
    LET_THROUGH = "let-through"
    GONE = "gone"
    """Somebody edited the text, and it does not stand there any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where in a text something is held back: from `start` to `end`. Never kept; what is kept is `HeldBack`.

    Attributes:
        marks: What of it is no part of what it says and must stay when it is taken out, such as borders of cells.
        is_passage: Whether it is a whole passage about a possible patient; `what` is then the gravest that stands in it.
    """

    what: Held
    start: int
    end: int
    marks: str = ""
    is_passage: bool = False


@dataclass(frozen=True, slots=True)
class HeldBack:
    """
    One thing that is held back. Never what it says.

    Attributes:
        key: How people name it: "k1". The same as long as it stands there, also when other words around it change.
        line: Where it stands, counted from 1 in title and text together; 0 when it does not stand there any more.
        by, reason: Who let it through, an actor's id, and why.
    """

    key: str
    what: Held
    state: HeldState
    line: int
    column: int
    by: str | None = None
    reason: str | None = None


_SECRET: Final = (
    re.compile(
        r"(?<!\w)(?i:[\wæøå-]{0,30}passord(?:et)?|passphrase|password|pwd|pin(?:-?kode)?n?|adgangskoden?|dørkoden?|"
        r"alarmkoden?|nøkkelkoden?|(?:port|nøkkelboks|safe|låse) ?koden?|api[_-]?key|"
        r"kode(?:n)? (?:til|på) [\wæøå]+(?: [\wæøå]+){0,2})(?: er)?(?: ?[:=|] ?| )(?=\S{0,64}\d)[^\s|]{3,64}"
    ),
    # A word that is all there is after the colon, or has a sign in it that no plain word has.
    re.compile(
        r"(?<!\w)(?<!(?i:endre) )(?<!(?i:bytte) )(?<!(?i:bytt) )(?<!(?i:glemt) )(?<!(?i:gløymt) )(?<!(?i:velg) )(?<!(?i:vel) )"
        r"(?i:[\wæøå-]{0,30}passord(?:et)?|password|pwd)(?i: (?:til|for|på|i|hos) [\wæøå-]+(?: [\wæøå-]+){0,3})? ?[:=] ?"
        r"(?P<value>[^\s|]{3,64})(?:(?<=[!#$%&?@+=])|(?=[ \t]*(?:[\n|]|\Z)))"
    ),
    re.compile(
        r"(?<!\w)(?i:passord(?:et)?)(?i: (?:til|for|på|i|hos) [\wæøå-]+(?: [\wæøå-]+){0,3})? (?i:er|var|heter|heiter):? "
        r"(?P<value>[^\s|.]{3,64})(?=[.!]*[ \t]*(?:[\n|]|\Z|(?<=[.!]) [A-ZÆØÅ]))"
    ),
    # A code of a door, and no code of an illness.
    re.compile(r"(?<![\w-])(?i:kode(?:n)?|alarm(?:en)?)(?: er)?(?: ?[:=|] ?| )\d{4,6}(?![\w.,-]| ?\d)[#*]?"),
    # A code to somebody's home, with whose it is: «Nøkkelboks ved døra hos Berg: 4471».
    re.compile(
        r"(?<!\w)(?:(?i:(?:dør|alarm|nøkkel|port|inngangs?|adgangs?|garasje|nøkkelboks|safe|låse?|pin|bank)-?koden?|pin|kodelås(?:en)?|"
        r"(?:nøkkel|lås|kode)-?(?:boks|safe|skap|gjemme)(?:en|et)?)|(?i:koden?|alarm(?:en)?) (?i:hos|til|på|for|i|ved) )"
        r"(?:[^\n|.!?\d]|(?<!\d)\d{1,3}(?!\d)){0,50}?"
        r"(?<![\d,§/-])(?<! i )(?<!fra )(?<!siden )(?<!innen )(?<!året )(?<!tlf )(?<!telefon )"
        r"(?:\d{4,6}|(?<!\d )\d\d \d\d)[#*]?(?!\w|[.,/-]?\d| ?\d| ?(?:mg|ml|kr|kroner|timer)(?!\w))"
        r"(?: (?i:hos|til|hjå) [A-ZÆØÅ][\w-]*(?: [A-ZÆØÅ][\w-]*| \d{1,3}[A-Z]?(?!\w)){0,3})?"
    ),
    re.compile(r"(?<!\w)(?i:bearer) (?=[\w.~+/-]{0,80}\d)[\w.~+/-]{10,}"),
    re.compile(r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\s]*(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?"),
    re.compile(r"(?<![A-Za-z0-9])(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abpr]-[A-Za-z0-9-]{10,72})"),
    re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    re.compile(r"(?i:https?|ftps?|smb)://[^\s/@:]{1,64}:[^\s/@]{1,64}@"),
)
_HELD_BACK: Final = {
    PersonalData.NATIONAL_ID: Held.NATIONAL_ID,
    PersonalData.PRIVATE_PHONE: Held.PRIVATE_PHONE,
    PersonalData.PRIVATE_EMAIL: Held.PRIVATE_EMAIL,
    PersonalData.UNCLEAR_EMAIL: Held.UNCLEAR_EMAIL,
}
"""A service's telephone is no person's, and is not held back."""
_GRAVEST: Final = (
    Held.NATIONAL_ID, Held.PRIVATE_PHONE, Held.PRIVATE_EMAIL, Held.SECRET, Held.UNCLEAR_ID, Held.UNCLEAR_EMAIL, Held.PATIENT,
)  # fmt: skip
_ID_WORD: Final = (
    r"(?<!\w)(?i:fnr|f\.nr|fødsels?-?(?:nr|nummer)(?:et)?|fødsels- og personnummer|person-?(?:nr|nummer)(?:et)?|[dh]-?nummer|"
    r"pnr|p\.nr)(?!\w)"
)
# What was taken out says so still, and what stands beside it is held back as before.
_CALLED_ID: Final = re.compile(rf"{_ID_WORD}|mulig pasientopplysning\)")
_ID_HEAD: Final = re.compile(rf"{_ID_WORD}\W*(?:\(?11 siffer\)?)?")
_OTHER_NUMBER: Final = re.compile(
    r"(?i:konto|(?<!\w)kid|kunde|faktura|(?<!\w)org|tlf|telefon|(?<!\w)sak|arkiv|ordre|serie|isbn|(?<!\w)ean|gtin|(?<!\w)gln|"
    r"(?<!\w)lov|(?<!\w)for-|vare|avtale|dokument)"
)
_WITHIN_MARK: Final = re.compile(
    r"(?P<end>\])(?:\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})|<!--[^<>]*-->|<(?P<tag>/?[A-Za-z]\w{0,20})[^<>]*>"
)
_FARTHEST: Final = 60
_SAYS_OF_IT: Final = re.compile(
    r"feil|gyldig|ugyldig|lik[te]?|kort|langt|nytt|nødvendig|strengt|sterkt?|svakt?|konfidensielt?|unikt?|midlertidige?|sensitivt?|"
    r"trygt|sikkert|viktig|borte|vekke|kjent|felles|privat|skjult|klart|satt|gitt|tatt|brukt|delt|lagret|[\wæøå]{2,}(?:lig|leg|ret|net|ttet|pnet|tet)|"
    r"sperret|mistet|slettet|oppbrukt|utgått|nullstilt|sendt|bestilt|[\wæøå]*(?:bytt|endr|stjål|tilbakestil)\w*",
)
"""What people say of a password, and no password."""
_SENTENCES: Final = re.compile(r"\w[^\n]*?(?:(?<!\b[A-ZÆØÅ])[.!?…]+(?= +[A-ZÆØÅ(«]|\n|\s*\Z)|\n|\Z)")
_NEWLINE: Final = re.compile("\n")


def places(text: str) -> tuple[Place, ...]:
    """
    Find what is held back in a text, in the order it stands. No two places overlap; the graver kind has the place.

    A passage about a possible patient is one place with all that stands in it, or what is taken out would leave the rest to tell
    who it was. It is looked for in what is written and in what a person reads of it, in time that grows as the text does.
    """
    seen = as_read(text)
    taken = bytearray(len(text) + 1)
    found: list[tuple[int, int, Held, bool]] = []
    for what, start, end in _found(text, seen):
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            found.append((start, end, what, False))
    found += [(start, end, Held.PATIENT, True) for start, end in _passages(text, seen)]
    placed: list[Place] = []
    for start, end, what, is_passage in _joined(sorted(found)):
        begin, stop, kept = seen.without(start, end) if seen is not None else (start, end, "")
        if not placed or begin >= placed[-1].end:
            placed.append(Place(what, begin, stop, _bare(kept) if is_passage else kept, is_passage))
    return tuple(placed)


def _passages(text: str, seen: AsRead | None) -> Iterator[tuple[int, int]]:
    if seen is None:
        yield from passages(text)
        return
    for begin, end in passages(seen.text):
        start, stop = seen.source(begin, end)
        if start < stop:
            yield start, stop


def _bare(marks: str) -> str:
    """Give marks without what stands within them: where half a link of a passage leads may be what tells who it is about."""
    return _WITHIN_MARK.sub(lambda one: one["end"] or (f"<{one['tag']}>" if one["tag"] else ""), marks)


def _joined(found: Sequence[tuple[int, int, Held, bool]]) -> Iterator[tuple[int, int, Held, bool]]:
    """Make one of what overlaps, with the gravest kind of what stands in it."""
    now: tuple[int, int, Held, bool] | None = None
    for one in found:
        if now is not None and one[0] < now[1]:
            what = min(now[2], one[2], key=_GRAVEST.index)
            now = (now[0], max(now[1], one[1]), what, now[3] or one[3])
        else:
            if now is not None:
                yield now
            now = one
    if now is not None:
        yield now


def _found(text: str, seen: AsRead | None) -> Iterator[tuple[Held, int, int]]:
    """Find what may be held back, what may stand nowhere first: of two that overlap the first has the place."""
    personal = [
        (_HELD_BACK[what], start, end) for what, start, end in personal_places(text, seen) if what in _HELD_BACK
    ]
    yield from (one for one in personal if one[0] is Held.NATIONAL_ID)
    yield from _unclear_ids(text, seen)
    yield from (one for one in personal if one[0].never_let_through)
    yield from _matching(Held.SECRET, _SECRET, text, seen)
    read = text if seen is None else seen.text
    for start, end in secret_cells(read):
        yield Held.SECRET, *(seen.source(start, end) if seen is not None else (start, end))
    yield from personal


def _unclear_ids(text: str, seen: AsRead | None) -> Iterator[tuple[Held, int, int]]:
    """Find eleven digits that are no identity number as they stand, where somebody says that they are or speaks of a person."""
    read = text if seen is None else seen.text
    below = bytearray(len(read) + 1)
    for start, end in cells_below(read, _ID_HEAD):
        below[start:end] = b"\1" * (end - start)
    for start, end, is_day in may_be_national_ids(read):
        first = max(start - _FARTHEST, 0)
        before = read[max(first, read.rfind("\n", first, start) + 1) : start]
        called, other = _last(_CALLED_ID, before), _last(_OTHER_NUMBER, before)
        if below[start] or called > other or (is_day and other < 0 and is_near(read, start)):
            yield Held.UNCLEAR_ID, *(seen.source(start, end) if seen is not None else (start, end))


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _matching(
    what: Held, patterns: Sequence[re.Pattern[str]], text: str, seen: AsRead | None
) -> Iterator[tuple[Held, int, int]]:
    for pattern in patterns:
        may_be_word = "value" in pattern.groupindex
        if seen is not None:
            for match in pattern.finditer(seen.text):
                if not may_be_word or _is_password(match["value"]):
                    yield what, *seen.source(*match.span())
        for match in pattern.finditer(text):
            if not may_be_word or _is_password(match["value"]):
                yield what, *match.span()


def _is_password(said: str) -> bool:
    return is_value(said) and _SAYS_OF_IT.fullmatch(said.strip(".!,;").casefold()) is None


def held_back(text: str) -> tuple[HeldBack, ...]:
    """Give what is held back in a text that comes in, each with a key, in the order it stands."""
    where = _lines(text)
    return tuple(
        HeldBack(f"k{number}", place.what, HeldState.OPEN, *where(place.start))
        for number, place in enumerate(places(text), 1)
    )


def in_place(text: str, held: Sequence[HeldBack]) -> dict[str, tuple[int, str]]:
    """
    Say what goes when something is masked, for whoever may see the text: how many sentences, and their words.

    Args:
        text: Title and text together.

    Returns:
        By key, for what stands there; a part of a sentence counts as one.
    """
    found = {}
    for one, place in standing(text, held):
        said = text[place.start : place.end]
        seen = as_read(said)
        words = said if seen is None else seen.text
        found[one.key] = (len(_SENTENCES.findall(words)), " ".join(words.split()))
    return found


def standing(text: str, held: Sequence[HeldBack]) -> tuple[tuple[HeldBack, Place], ...]:
    """
    Give what stands in the text still, with its place: what is open, and what was let through.

    What was held back by other rules, of an earlier release, is told again by where it stands. What is held back only now
    has no key yet (see `held_anew`), and what is held back no more has no place.
    """
    where = _lines(text)
    waiting: dict[tuple[Held, int, int], HeldBack] = {}
    nearby: dict[tuple[Held, int], deque[HeldBack]] = defaultdict(deque)
    for one in held:
        if one.state in {HeldState.OPEN, HeldState.LET_THROUGH}:
            waiting[one.what, one.line, one.column] = one
    found = [(place, *where(place.start)) for place in places(text)]
    exact = {(place.what, line, column) for place, line, column in found} & waiting.keys()
    for key, one in waiting.items():
        if key not in exact:
            nearby[key[:2]].append(one)
    there = []
    for place, line, column in found:
        if (place.what, line, column) in exact:
            there.append((waiting[place.what, line, column], place))
        elif near := nearby.get((place.what, line)):
            # Of another length it is another thing to let through; it is asked about again.
            there.append((replace(near.popleft(), state=HeldState.OPEN, by=None, reason=None), place))
    return tuple(there)


def held_anew(
    before: str, after: str, held: Sequence[HeldBack], *, masked: Collection[str] = ()
) -> tuple[HeldBack, ...]:
    """
    Say what is held back in a text that somebody edited; or that nobody did, by the rules of today.

    What stood there and stands there still keeps its key, and stays let through; what is new is open and gets a new key.

    Args:
        before: The text that `held` is about.
        masked: Keys of what was taken out of it on purpose.
    """
    waiting: dict[tuple[Held, str], deque[HeldBack]] = defaultdict(deque)
    for one, place in standing(before, held):
        if one.key not in masked:
            waiting[place.what, before[place.start : place.end]].append(one)
    where = _lines(after)
    kept: list[HeldBack] = []
    number = max((int(one.key.removeprefix("k")) for one in held), default=0)
    for place in places(after):
        line, column = where(place.start)
        if same := waiting[place.what, after[place.start : place.end]]:
            kept.append(replace(same.popleft(), line=line, column=column))
        else:
            number += 1
            kept.append(HeldBack(f"k{number}", place.what, HeldState.OPEN, line, column))
    told = {one.key for one in kept} | set(masked)
    settled = {HeldState.MASKED, HeldState.GONE}
    return (
        *kept,
        *(
            replace(one, state=HeldState.GONE, line=0, column=0)
            for one in held
            if one.key not in told and one.state not in settled
        ),
        *(
            replace(one, state=HeldState.MASKED, line=0, column=0, by=None, reason=None)
            for one in held
            if one.key in masked and one.state not in settled
        ),
        *(one for one in held if one.state in settled),
    )


def _lines(text: str) -> Callable[[int], tuple[int, int]]:
    begins = [0, *(one.end() for one in _NEWLINE.finditer(text))]

    def where(offset: int) -> tuple[int, int]:
        line = bisect_right(begins, offset)
        return line, offset - begins[line - 1] + 1

    return where
