"""What a service's telephone looks like, when a municipality fills it in."""

import re
from typing import Final

_ALLOWED = re.compile(r"[0-9A-ZÆØÅa-zæøå+() ,;:/.-]+")
_WORD = re.compile(r"[A-ZÆØÅa-zæøå]+")
_SMALL_WORD = re.compile(r"[a-zæøå]{1,15}|[A-ZÆØÅ]{2,4}")
_BETWEEN = re.compile(r"[A-ZÆØÅa-zæøå,;:/]+")
_NUMBER = re.compile(r"(?:\+|00)[0-9]{7,13}|[0-9]{3,8}")
_LEFT_OUT: Final = str.maketrans("", "", " ().-")
MOST_WORDS: Final = 4


def looks_like_telephone(value: str) -> bool:
    """
    Say whether a value is a telephone somebody can ring: «75 00 00 00», «116 117», «+47 75 00 00 00», «113 (AMK)».

    A Norwegian number has three to eight digits; one with + or 00 in front has its country's. There may be several, each
    with a word beside it that says when or whose it is: «75 00 00 00 dag, 75 00 00 01 natt». Words are in small letters,
    or an abbreviation: a name is none of them, since a duty telephone is a service's and not a person's.
    """
    words = _WORD.findall(value)
    if _ALLOWED.fullmatch(value) is None or len(words) > MOST_WORDS:
        return False
    numbers = [one for one in (part.translate(_LEFT_OUT) for part in _BETWEEN.split(value)) if one]
    # One or two digits behind a word are what to press when somebody answers: «tast 2».
    rung = [one for one in numbers if len(one) > 2]  # noqa: PLR2004  said just above
    return bool(rung) and all(map(_NUMBER.fullmatch, rung)) and all(map(_SMALL_WORD.fullmatch, words))
