"""What stands in a table below a heading, or beside a word, that says what kind of thing it is: passwords and identity numbers."""

import re
from collections.abc import Iterator
from typing import Final

_PASSWORD: Final = re.compile(
    r"(?:[\wæøå-]{0,30}passord(?:et|a)?|password|pwd|pin(?:-?kode)?|adgangskode|dørkode|alarmkode)", re.IGNORECASE
)
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
    below: set[int] = set()
    begin = 0
    for line in read.split("\n"):
        said = [one.strip() for one in line.split("|")]
        words = {place for place, one in enumerate(said) if _PASSWORD.fullmatch(one)}
        below = below if len(said) > 1 else set()
        at = begin
        begin += len(line) + 1
        for place, cell in enumerate(line.split("|")):
            beside = place - 1 in words and " " not in said[place]
            if place not in words and (place in below or beside) and is_value(said[place]):
                yield at, at + len(cell)
            at += len(cell) + 1
        if len(said) > 1 and words and _are_heads(said):
            below = words


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
    return any(one in _OTHER_HEADS for one in there) or (len(there) > 1 and _PASSWORD.fullmatch(there[-1]) is not None)
