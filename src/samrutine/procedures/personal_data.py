"""
Find what looks like a person in a text: national identity numbers, private phones, private e-mail.

A routine is read by nine municipalities and, when it is open, by anybody; a person's number or phone has no place in
it. What is found is told by place, never by value, since findings end up in logs and on other people's screens.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


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
_NATIONAL_ID = re.compile(
    rf"(?<!\d)(\d\d){_LOOSE_GAP}(\d\d){_LOOSE_GAP}(\d\d){_LOOSE_GAP}(\d{{3}}){_GAP}(\d\d)(?!\d)", re.ASCII
)
_PREFIX = rf"(?:(?:\+|\b00)47{_LOOSE_GAP})?"
# Not after a letter, slash or the like: those are the numbers in addresses of web pages, in digests and in law ids.
_BEFORE, _AFTER = r"(?<![0-9A-Za-z/=#&?%_+-])", r"(?![0-9A-Za-z_])"
_MOBILE = re.compile(
    rf"{_BEFORE}{_PREFIX}(?:[49]\d(?:{_LOOSE_GAP}\d\d){{3}}|[49]\d\d{_LOOSE_GAP}\d\d{_LOOSE_GAP}\d{{3}})(?!\d){_AFTER}",
    re.ASCII,
)
# Without full stop and hyphen between the digits, or every date would be a phone.
_LANDLINE = re.compile(
    rf"{_BEFORE}{_PREFIX}(?:[23567]\d(?:{_GAP}\d\d){{3}}|[23567]\d\d{_GAP}\d\d{_GAP}\d{{3}})(?!\d){_AFTER}", re.ASCII
)
_DATE_LIKE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_EMAIL = re.compile(r"(?<![\w.%+-])([\w.%+-]{1,64})@((?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24})(?![\w-])")
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
)
_FIRST_WEIGHTS: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_D_NUMBER: Final = 40
_MONTHS_ADDED: Final = (0, 40, 65, 80)


def personal_data(text: str) -> tuple[Found, ...]:
    """
    Find personal data in a text, in the order it stands. Each place gives at most one finding.

    Emergency and short numbers (110, 113, 116117, five digits) are no phones of persons, nor are 800-numbers; a role's
    address (postmottak@…) is no person's.
    """
    found: list[Found] = []
    for number, line in enumerate(text.split("\n"), 1):
        taken: list[tuple[int, int]] = []
        for what, start, end in _in_line(line):
            if all(end <= begun or start >= ended for begun, ended in taken):
                taken.append((start, end))
                found.append(Found(what, number, start + 1, end - start))
    return tuple(sorted(found, key=lambda one: (one.line, one.column)))


def _in_line(line: str) -> Iterator[tuple[PersonalData, int, int]]:
    for match in _NATIONAL_ID.finditer(line):
        if is_national_id("".join(match.groups())):
            yield PersonalData.NATIONAL_ID, *match.span()
    for match in _EMAIL.finditer(line):
        what = _kind_of_email(match[1].casefold(), match[2].casefold())
        if what is not None:
            yield what, *match.span()
    for match in _MOBILE.finditer(line):
        yield PersonalData.PRIVATE_PHONE, *match.span()
    for match in _LANDLINE.finditer(line):
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
    day, month = int(digits[0:2]), int(digits[2:4])
    day -= _D_NUMBER if day > _D_NUMBER else 0
    if not any(_is_day(day, month - added) for added in _MONTHS_ADDED):
        return False
    first, second = _control(numbers[:9], _FIRST_WEIGHTS), _control(numbers[:10], _SECOND_WEIGHTS)
    return [first, second] == numbers[9:]


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
    if any(part.startswith(_ROLES) for part in parts):
        return None
    return PersonalData.PRIVATE_EMAIL if len(parts) > 1 else PersonalData.UNCLEAR_EMAIL
