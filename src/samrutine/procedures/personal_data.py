"""
Find what looks like a person in a text: national identity numbers, private phones, private e-mail.

A routine is read by nine municipalities and, when it is open, by anybody; a person's number or phone has no place in
it. What is found is told by place, never by value, since findings end up in logs and on other people's screens.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from samrutine.procedures.as_read import AsRead, as_read


class PersonalData(StrEnum):
    """What was found. The value is also the key of the finding."""

    NATIONAL_ID = "national-id"
    PRIVATE_PHONE = "private-phone"
    SERVICE_PHONE = "service-phone"
    PRIVATE_EMAIL = "private-email"
    UNCLEAR_EMAIL = "unclear-email"


@dataclass(frozen=True, slots=True)
class Found:
    """Where in a text something personal stands; line and column count from 1, `length` in characters. Never what it says."""

    what: PersonalData
    line: int
    column: int
    length: int = field(default=0, compare=False)


_GAP = r"[ \u00a0\u2009\u202f]?"
_LOOSE_GAP = r"[ \u00a0\u2009\u202f.-]?"
# Where case systems and people put a space, a full stop, a dash or a slash; a border is where two cells meet. Not anywhere: the
# date and number of a regulation have eleven digits too. Looked for from each digit: of numbers in a row none hides another.
_ID_GAP, _END_GAP = r"(?: ?[-./|_] ?|[ \u00a0\u2009\u202f])?", r"[ \u00a0\u2009\u202f|]?"
_NATIONAL_ID = re.compile(
    rf"(?<!\d)(?=(\d\d{_ID_GAP}\d\d{_ID_GAP}\d\d{_ID_GAP}"
    rf"\d(?:\d\d{_END_GAP}\d\d|{_END_GAP}\d{_END_GAP}\d{_END_GAP}\d{_END_GAP}\d)|\d{{4}} \d{{4}} \d{{3}})(?!\d))",
    re.ASCII,
)
_PREFIX = rf"(?:(?:\+|\b00)47{_LOOSE_GAP})?"
# Not after a letter, slash or the like: those are the numbers in addresses of web pages, in digests and in law ids. After a
# word for a telephone any sign may stand, and none.
_CALLED = "|".join(rf"(?<={word})|(?<={word}[.:=/])" for word in ("tlf", "mob", "mobil", "telefon"))
_SECOND = r"(?<=\d{8}/)(?<![\w/=]\d{8}/)"
_BEFORE, _AFTER = rf"(?:(?<![0-9A-Za-z/=#&?%_+-])|(?i:{_CALLED})|{_SECOND})", r"(?![0-9A-Za-z_])"
_CELL_GAP = r"[ \u00a0\u2009\u202f.|-]?"
_MOBILE = re.compile(
    rf"{_BEFORE}{_PREFIX}(?:[49]\d(?:{_CELL_GAP}\d\d){{3}}|[49]\d\d{_CELL_GAP}\d\d{_CELL_GAP}\d{{3}})(?!\d){_AFTER}",
    re.ASCII,
)
# Without full stop and hyphen between the digits, or every date would be a phone.
_LANDLINE = re.compile(
    rf"{_BEFORE}{_PREFIX}(?:[23567]\d(?:{_GAP}\d\d){{3}}|[23567]\d\d{_GAP}\d\d{_GAP}\d{{3}})(?!\d){_AFTER}", re.ASCII
)
_DATE_LIKE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_EMAIL = re.compile(r"(?<![\w.%+-])([\w.%+-]{1,64})@((?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24})(?![\w-])")
_SPACED_EMAIL = re.compile(
    r"(?<![\w.%+-])([\w.%+-]{1,64}) ?(?:@|[(\[]at[)\]]) ?((?:[\w-]{1,63} ?\.){1,5}[A-Za-z]{2,24})(?![\w-])",
    re.IGNORECASE,
)
_PRIVATE_PROVIDERS: Final = frozenset(
    {
        *("gmail", "googlemail", "hotmail", "outlook", "live", "msn", "icloud", "me", "mac", "yahoo", "ymail"),
        *("proton", "protonmail", "pm", "aol", "gmx", "online", "broadpark", "getmail", "start", "frisurf", "lyse"),
        *("altibox", "nextgentel", "c2i", "chello", "bluezone", "eunet", "tele2", "telenor", "sensewave"),
    }
)
_ROLES: Final = (
    *("post", "info", "kontakt", "epost", "e-post", "firma", "service", "resepsjon", "sentral", "support", "hjelp"),
    *("arkiv", "personvern", "ombud", "helse", "omsorg", "lege", "vakt", "smitte", "barne", "barnehage", "skole"),
    *("psyk", "rus", "familie", "koordiner", "enhet", "kontor", "tjeneste", "teneste", "kommune", "sykehjem"),
    *("sjukeheim", "hjemme", "heime", "bolig", "oppvekst", "ppt", "nav", "krise", "leder", "leiar", "rektor"),
    *("styrer", "saksbehandl", "tildeling", "kvalitet", "avvik", "hms", "ikt", "drift", "team", "nettverk", "rkk"),
    *("fagnettverk", "bibliotek", "redaksjon", "noreply", "no-reply", "ikke-svar", "varsel", "beredskap", "kultur"),
    *("palliativ", "kreft", "demens", "hjelpemid", "ergo", "fysio", "rehab", "habil", "jordmor", "helsest", "logoped"),
    *("medisin", "hygiene", "velferdstek", "innsats", "dagsenter", "dagtilbud", "aktivitet", "frisklivs", "folkehelse"),
    *(
        "flyktning",
        "avlastning",
        "miljø",
        "miljo",
        "korttid",
        "respons",
        "alarm",
        "servicetorg",
        "innbyggertorg",
        "bestill",
    ),
    *(
        "økonomi",
        "okonomi",
        "regnskap",
        "lønn",
        "personal",
        "kjøkken",
        "kjokken",
        "renhold",
        "forvaltning",
        "lindrende",
    ),
    *(
        "sykepleie",
        "sjukepleie",
        "vaksin",
        "apotek",
        "laboratori",
        "radgiv",
        "rådgiv",
        "sekretær",
        "sekretar",
        "ungdom",
    ),
)
_ENDS_OF_ROLES: Final = (
    *(
        "kontor",
        "kontoret",
        "tjeneste",
        "tjenesten",
        "teneste",
        "tenesta",
        "sykehjem",
        "sykehjemmet",
        "sjukeheim",
        "skole",
    ),
    *("skule", "barnehage", "avdeling", "avdelingen", "enhet", "enheten", "senter", "senteret", "sentral", "sentralen"),
    *(
        "kommune",
        "mottak",
        "leder",
        "leiar",
        "vern",
        "omsorg",
        "omsorgen",
        "koordinator",
        "ansvarlig",
        "teamet",
        "vakt",
    ),
    *("bolig", "hjelp", "ombud", "arkivet", "nettverket", "psykiatri", "rådgiver", "sykepleien", "tildelingen"),
)
_FIRST_WEIGHTS: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_D_NUMBER: Final = 40
_MONTHS_ADDED: Final = (0, 40, 65, 80)
_MOST_JOINTS: Final = 1
_NEWLINE: Final = re.compile("\n")
_BLOCK: Final = re.compile(r"(?:[^\n]++\n?+)++")
_DIGIT: Final = re.compile(r"\d")
_FEWEST_DIGITS: Final = 8
_MAY_BE_EMAIL: Final = re.compile(r"@|\Wat\W|&|\uff20", re.IGNORECASE)


def personal_data(text: str) -> tuple[Found, ...]:
    """
    Find personal data in a text, in the order it stands. Each place gives at most one finding.

    It is looked for in what is written and in what a person reads: a mark, a border between cells or a break of a line within a
    number hides nothing. Emergency and short numbers (110, 113, 116117, five digits) are no phones of persons, nor are
    800-numbers; a role's address (postmottak@…) is no person's.
    """
    begins = [0, *(one.end() for one in _NEWLINE.finditer(text))]
    found = []
    for block in _BLOCK.finditer(text):
        # Nothing runs across an empty line, and most blocks hold too few digits for anybody.
        may_hold = len(_DIGIT.findall(block[0])) >= _FEWEST_DIGITS or _MAY_BE_EMAIL.search(block[0]) is not None
        for what, begin, end in personal_places(block[0], as_read(block[0])) if may_hold else ():
            start = block.start() + begin
            line = bisect_right(begins, start)
            found.append(Found(what, line, start - begins[line - 1] + 1, end - begin))
    return tuple(found)


def personal_places(text: str, seen: AsRead | None) -> list[tuple[PersonalData, int, int]]:
    """
    Find personal data in a text: what, from where, to where. In order, and none over another.

    Args:
        seen: The text as it is read; None when it is read as it is written.
    """
    taken = bytearray(len(text) + 1)
    found = []
    for looking in (_national_ids, _emails, _mobiles, _landlines):
        for what, start, end in _in_both(looking, text, seen):
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                found.append((what, start, end))
    return sorted(found, key=lambda one: one[1])


_Looking = Callable[[str, AsRead | None], Iterator[tuple[PersonalData, int, int]]]


def _in_both(looking: _Looking, text: str, seen: AsRead | None) -> Iterator[tuple[PersonalData, int, int]]:
    if seen is not None:
        for what, start, end in looking(seen.text, seen):
            yield what, *seen.source(start, end)
    yield from looking(text, None)


def _national_ids(text: str, seen: AsRead | None) -> Iterator[tuple[PersonalData, int, int]]:
    for match in _NATIONAL_ID.finditer(text):
        start, end = match.span(1)
        joints = seen.joints_in(start, end) if seen is not None else match[1].count("|")
        if joints <= _MOST_JOINTS and is_national_id(re.sub(r"\D", "", match[1])):
            yield PersonalData.NATIONAL_ID, start, end


def may_be_national_ids(text: str) -> Iterator[tuple[int, int, bool]]:
    """
    Find eleven digits that are written as a national identity number and are none, in the order they stand.

    Whether one is held against anybody is for whoever knows what stands beside it: an account has eleven digits too.

    Returns:
        From where, to where, and whether they begin with a day that such a number may begin with.
    """
    for match in _NATIONAL_ID.finditer(text):
        digits = re.sub(r"\D", "", match[1])
        if match[1].count("|") <= _MOST_JOINTS and not is_national_id(digits):
            yield *match.span(1), _begins_with_day(digits)


def _emails(text: str, seen: AsRead | None) -> Iterator[tuple[PersonalData, int, int]]:
    del seen
    for match in _EMAIL.finditer(text):
        what = _kind_of_email(match[1].casefold(), match[2].casefold())
        if what is not None:
            yield what, *match.span()
    for match in _SPACED_EMAIL.finditer(text):
        if _kind_of_email(match[1].casefold(), match[2].replace(" ", "").casefold()) is PersonalData.PRIVATE_EMAIL:
            yield PersonalData.PRIVATE_EMAIL, *match.span()


def _mobiles(text: str, seen: AsRead | None) -> Iterator[tuple[PersonalData, int, int]]:
    for match in _MOBILE.finditer(text):
        # More than one border or break within: a row of numbers, each in its own cell.
        joints = seen.joints_in(*match.span()) if seen is not None else match[0].count("|")
        if joints <= _MOST_JOINTS:
            yield PersonalData.PRIVATE_PHONE, *match.span()


def _landlines(text: str, seen: AsRead | None) -> Iterator[tuple[PersonalData, int, int]]:
    # Only as it is written: it is but asked about, and years and numbers in columns look the same without their spaces.
    for match in _LANDLINE.finditer(text) if seen is None else ():
        if _DATE_LIKE.fullmatch(match[0]) is None:
            yield PersonalData.SERVICE_PHONE, *match.span()


def is_national_id(digits: str) -> bool:
    """
    Tell whether eleven digits are a Norwegian national identity number, a D-number, or one of the synthetic series.

    Source:
        Skatteetaten's rules for fødselsnummer: ddmmyy, three individual digits, two control digits by modulus 11.
        D-number: 40 added to the day. Help and synthetic numbers: 40, 65 or 80 added to the month.
    """
    numbers = [int(digit) for digit in digits]
    if not _begins_with_day(digits):
        return False
    first, second = _control(numbers[:9], _FIRST_WEIGHTS), _control(numbers[:10], _SECOND_WEIGHTS)
    return [first, second] == numbers[9:]


def _begins_with_day(digits: str) -> bool:
    day, month = int(digits[0:2]), int(digits[2:4])
    day -= _D_NUMBER if day > _D_NUMBER else 0
    return any(_is_day(day, month - added) for added in _MONTHS_ADDED)


def _is_day(day: int, month: int) -> bool:
    try:
        # A leap year: the two digits of the year do not tell the century.
        date(2000, month, day)
    except ValueError:
        return False
    return True


def _control(numbers: list[int], weights: tuple[int, ...]) -> int:
    return -sum(number * weight for number, weight in zip(numbers, weights, strict=True)) % 11


def _kind_of_email(local: str, domain: str) -> PersonalData | None:
    if domain.split(".")[-2] in _PRIVATE_PROVIDERS:
        return PersonalData.PRIVATE_EMAIL
    parts = [part for part in re.split(r"[._+]", local) if part]
    if any(_is_role(part, is_first=place == 0) for place, part in enumerate(parts)):
        return None
    return PersonalData.PRIVATE_EMAIL if len(parts) > 1 else PersonalData.UNCLEAR_EMAIL


def _is_role(part: str, *, is_first: bool) -> bool:
    # A surname begins as a service does now and then, but stands after a first name.
    return part.startswith(_ROLES) if is_first else part in _ROLES or part.endswith(_ENDS_OF_ROLES)
