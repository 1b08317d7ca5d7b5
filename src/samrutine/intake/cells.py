"""What stands in a table below a heading, or beside a word, that says what kind of thing it is: passwords and identity numbers."""

import re
from collections.abc import Iterator
from typing import Final

_PASSWORD: Final = re.compile(
    r"(?:[\wæøå-]{0,30}passord(?:et|a)?|password|pwd|pin(?:-?kode)?|adgangskode|dørkode|alarmkode|nøkkelkode|portkode|safekode)",
    re.IGNORECASE,
)
_THING: Final = re.compile(
    r"(?:kode (?:til|på) )?(?:nøkkel|lås|kode)(?:boks|safe|skap|lås)(?:kode|en|et)?|alarm", re.IGNORECASE
)
"""What has a code to somebody's home, and says other things too: only digits that may be one are."""
_CODE: Final = re.compile(r"(?<![\w.,/-])(?:\d{4,6}|\d\d \d\d)[#*]?(?![\w/-]|[.,]\d| ?\d)")
_OTHER_HEADS: Final = frozenset(
    {
        *(
            "brukernavn",
            "brukarnamn",
            "bruker",
            "brukar",
            "brukerid",
            "login",
            "innlogging",
            "system",
            "program",
            "navn",
            "namn",
        ),
        *(
            "konto",
            "tjeneste",
            "teneste",
            "url",
            "adresse",
            "nettside",
            "merknad",
            "kommentar",
            "hva",
            "hvem",
            "ansvar",
            "rom",
        ),
        *(
            "gjelder",
            "gjeld",
            "beskrivelse",
            "dato",
            "rolle",
            "e-post",
            "epost",
            "telefon",
            "avdeling",
            "sted",
            "byttet",
            "krav",
        ),
    }
)
_NOT_A_VALUE: Final = re.compile(
    r"(?:ja|nei|personlig|personleg|hemmelig|hemmeleg|ingen|byttes?|egen|eget|eige|ukjent|påkrevd|valgfritt|se|kontakt|ring|spør|ikt|it|"
    r"(?:se|sjå|kontakt|ring|spør|skal|må|byttes|minst) .*|[\W_]*|passord.*|brukernavn|glemt|utløpt|endret|obligatorisk|fjernet.*|\(fjernet.*|\(removed.*)",
    re.IGNORECASE | re.DOTALL,
)
_SHORTEST: Final = 3


def is_value(said: str) -> bool:
    """Say whether what stands where a password would, may be one."""
    bare = said.strip(" \t*`_«»\"'.,;:!").casefold()
    return len(said.strip()) >= _SHORTEST and bare not in _OTHER_HEADS and _NOT_A_VALUE.fullmatch(bare) is None


def secret_cells(read: str) -> Iterator[tuple[int, int]]:
    """
    Give from where to where a table holds what may be a password: below a heading that says so, or in the cell after the word.

    Args:
        read: The text as a person reads it: a line for each row, "|" between cells.
    """
    below: dict[int, str] = {}
    begin = 0
    for line in read.split("\n"):
        said = [one.strip() for one in line.split("|")]
        words = {place: one for place, one in enumerate(said) if _PASSWORD.fullmatch(one) or _THING.fullmatch(one)}
        below = below if len(said) > 1 else {}
        at = begin
        begin += len(line) + 1
        for place, cell in enumerate(line.split("|")):
            head = words.get(place - 1) if " " not in said[place] or _has_code(said[place]) else None
            head = head or below.get(place)
            is_said = place not in words and head is not None and is_value(said[place])
            if is_said and (_THING.fullmatch(head or "") is None or _has_code(said[place])):
                yield at, at + len(cell)
            at += len(cell) + 1
        if len(said) > 1 and words and _are_heads(said):
            below = words


def _has_code(said: str) -> bool:
    return _CODE.search(said) is not None


def cells_below(read: str, head: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Give from where to where the cells stand that are below one whose words are such a head, in the same table."""
    below: set[int] = set()
    at = 0
    for line in read.split("\n"):
        cells = line.split("|")
        heads = {place for place, one in enumerate(cells) if head.fullmatch(one.strip())}
        for place, cell in enumerate(cells):
            if len(cells) > 1 and place in below - heads:
                yield at, at + len(cell)
            at += len(cell) + 1
        below = below | heads if len(cells) > 1 else set()


def _are_heads(said: list[str]) -> bool:
    """Say whether a row with the word is the heads of columns: another cell is one too, or the word stands last."""
    there = [one.casefold() for one in said if one]
    return any(one in _OTHER_HEADS for one in there) or (
        len(there) > 1 and (_PASSWORD.fullmatch(there[-1]) or _THING.fullmatch(there[-1])) is not None
    )
