"""
What in a document that was sent in must not be kept as it stands: where, what kind, and under which key people speak of it.

National identity numbers, phones and e-mail are found by the one rule there is, `procedures.personal_data`. Patient-like
passages and secrets are only looked for here: no pattern knows a patient from a job title, so a person judges.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from samrutine.messages import DEFAULT_LANGUAGE, say
from samrutine.procedures.findings import NOT_KEPT
from samrutine.procedures.personal_data import Found, PersonalData, personal_data


class Held(StrEnum):
    """A kind of thing that is held back."""

    NATIONAL_ID = "national-id"
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
    """Where in a text something is held back: from `start` to `end`. Never kept; what is kept is `HeldBack`."""

    what: Held
    start: int
    end: int


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


_NAME: Final = r"[A-ZÆØÅ][a-zæøåéèöäü]+(?:-[A-ZÆØÅ][a-zæøå]+)?"
_NAMES: Final = rf"{_NAME}(?: [A-ZÆØÅ]\.)?(?: {_NAME}){{1,3}}"
_DAY: Final = r"(?:[0-2]?\d|3[01])[./ -] ?(?:0?\d|1[0-2])[./ -] ?(?:(?:19|20)\d\d|\d\d)(?!\d)"
_PATIENT: Final = (
    # A word for one whom the services help, and a name after it.
    re.compile(
        r"(?<!\w)(?i:pasient(?:en)?|bruker(?:en)?|brukar(?:en)?|beboer(?:en)?|bebuar(?:en)?|tjenestemottaker(?:en)?|"
        rf"tenestemottakar(?:en)?|klient(?:en)?|barnet|eleven)(?:s navn)?(?: heter| heiter)?[:,]? +{_NAMES}"
    ),
    # A day of birth.
    re.compile(
        rf"(?<!\w)(?i:født|fødd|f\.|fødselsdato|fødselsdag|fødd dato|født dato)(?: den)?[:.]? ?{_DAY}", re.MULTILINE
    ),
    # One person of an age, as in a case.
    re.compile(
        r"(?<!\w)(?i:mann|kvinne|kvinna|gutt|jente|dame|herre|pasient|beboer|bruker)(?:en)?,? (?:på )?\d{1,3} år(?!\w)"
    ),
    re.compile(r"(?<![\w–-])\d{1,3} år gammel (?i:mann|kvinne|gutt|jente|dame|pasient|beboer|bruker)(?!\w)"),
    re.compile(r"(?<!\w)(?i:journal|pasient|npr)(?:-| )?(?i:nr\.?|nummer|id)[:.]? ?\d{4,}"),
)
_SECRET: Final = (
    re.compile(
        r"(?<!\w)(?i:passord(?:et)?|passphrase|password|pin(?:-?kode)?n?|adgangskoden?|dørkoden?|alarmkoden?|nøkkelkoden?|"
        r"(?:port|nøkkelboks|safe|låse)koden?|kode(?:n)? (?:til|på) [\wæøå]+(?: [\wæøå]+){0,2})(?: er)?[:=]? +"
        r"(?=\S*\d)[^\s|]{3,64}"
    ),
    re.compile(r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\s]*(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?"),
    re.compile(r"(?<![A-Za-z0-9])(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abpr]-[A-Za-z0-9-]{10,72})"),
    re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    re.compile(r"(?i:https?|ftps?|smb)://[^\s/@:]{1,64}:[^\s/@]{1,64}@"),
)
_BEFORE_MARK: Final = re.compile(r"(?:[\w.%+-]+\\)+\Z")
_HELD_BACK: Final = {
    PersonalData.NATIONAL_ID: Held.NATIONAL_ID,
    PersonalData.PRIVATE_PHONE: Held.PRIVATE_PHONE,
    PersonalData.PRIVATE_EMAIL: Held.PRIVATE_EMAIL,
    PersonalData.UNCLEAR_EMAIL: Held.UNCLEAR_EMAIL,
}
"""A service's telephone is no person's, and is not held back."""


def places(text: str) -> tuple[Place, ...]:
    """Find what is held back in a text, in the order it stands. No two places overlap; the graver kind has the place."""
    begins = [0]
    for line in text.split("\n"):
        begins.append(begins[-1] + len(line) + 1)
    taken: list[Place] = []
    for one in _found(text, begins):
        if all(one.end <= other.start or one.start >= other.end for other in taken):
            taken.append(one)
    return tuple(sorted(taken, key=lambda one: one.start))


def _found(text: str, begins: Sequence[int]) -> Iterator[Place]:
    """Find what may be held back, what may stand nowhere first: of two that overlap the first has the place."""
    personal = [_personal(text, begins, one) for one in personal_data(text) if one.what in _HELD_BACK]
    yield from (one for one in personal if one.what.never_let_through)
    yield from _matching(Held.SECRET, _SECRET, text)
    yield from personal
    yield from _matching(Held.PATIENT, _PATIENT, text)


def _personal(text: str, begins: Sequence[int], found: Found) -> Place:
    line = begins[found.line - 1]
    start = line + found.column - 1
    return Place(_HELD_BACK[found.what], _begin(text, line, start), start + found.length)


def _matching(what: Held, patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[Place]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield Place(what, *match.span())


def _begin(text: str, line: int, start: int) -> int:
    # Markdown writes «kari_n@…» with a backslash before the line: the half before it goes with the rest.
    before = _BEFORE_MARK.search(text[line:start])
    return line + before.start() if before else start


def held_back(text: str) -> tuple[HeldBack, ...]:
    """Give what is held back in a text that comes in, each with a key, in the order it stands."""
    return tuple(
        HeldBack(f"k{number}", place.what, HeldState.OPEN, *_where(text, place.start))
        for number, place in enumerate(places(text), 1)
    )


def standing(text: str, held: Sequence[HeldBack]) -> tuple[tuple[HeldBack, Place], ...]:
    """Give what stands in the text still, with its place: what is open, and what was let through."""
    there = [one for one in held if one.state in {HeldState.OPEN, HeldState.LET_THROUGH}]
    return tuple(zip(there, places(text), strict=True))


def held_anew(
    before: str, after: str, held: Sequence[HeldBack], *, masked: Collection[str] = ()
) -> tuple[HeldBack, ...]:
    """
    Say what is held back in a text that somebody edited.

    What stood there and stands there still keeps its key, and stays let through; what is new is open and gets a new key.

    Args:
        before: The text that `held` is about.
        masked: Keys of what was taken out of it on purpose.
    """
    waiting = [
        (one, place.what, before[place.start : place.end])
        for one, place in standing(before, held)
        if one.key not in masked
    ]
    kept: list[HeldBack] = []
    number = max((int(one.key.removeprefix("k")) for one in held), default=0)
    for place in places(after):
        said = after[place.start : place.end]
        same = next((one for one in waiting if one[1:] == (place.what, said)), None)
        if same is None:
            number += 1
            kept.append(HeldBack(f"k{number}", place.what, HeldState.OPEN, *_where(after, place.start)))
        else:
            waiting.remove(same)
            line, column = _where(after, place.start)
            kept.append(replace(same[0], line=line, column=column))
    gone = {one.key for one, _, _ in waiting}
    return (
        *kept,
        *(replace(one, state=HeldState.GONE, line=0, column=0) for one in held if one.key in gone),
        *(
            replace(one, state=HeldState.MASKED, line=0, column=0, by=None, reason=None)
            for one in held
            if one.key in masked
        ),
        *(one for one in held if one.state in {HeldState.MASKED, HeldState.GONE}),
    )


def _where(text: str, offset: int) -> tuple[int, int]:
    begin = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - begin + 1
