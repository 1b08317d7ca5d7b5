"""
What a fault is about, in words: names of municipalities and networks for their codes, a word for each of ours.

The codes stay in `--json`, where programs and the helpers who read them look. People get the words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from samrutine.errors import SamrutineError
from samrutine.messages import catalogue, say
from samrutine.projections.faults import KINDS, Promise

if TYPE_CHECKING:
    from samrutine.library import Library
    from samrutine.projections.faults import Done, Fault

_ABOUT_NUMBERS: Final = frozenset({Promise.CHAIN, Promise.TEXTS, Promise.OUTBOX})
"""What these are about is a decision by its number, which may look like a municipality's."""

_NUMBERED: Final = frozenset(
    {"database-pages", "git-objects", "name-in-chain", "checkpoint-chain", "checkpoint-branch", "checkpoint-signature"}
)
_BY_GIT: Final = "git-objects"
_SHAPED: Final = {
    "answer": re.compile(r"(?P<town>\S+) (?P<procedure>\S+) (?P<stands>\S+) (?P<decided>\S+)"),
    "role": re.compile(r"\S+ (?P<body>\S+) (?P<role>\S+)"),
    "chain-head": re.compile(r"(?P<head>\S+) (?P<last>\S+)"),
    # What a consumer says when a command of git's fails: which, and its exit code.
    "unreadable": re.compile(r"(?:(?P<consumer>\S+) )?git [a-z-]+ [0-9]+"),
    "behind": re.compile(r"(?P<consumer>\S+) (?P<position>[0-9]+) (?P<head>[0-9]+)"),
    "ahead": re.compile(r"(?P<consumer>\S+) (?P<position>[0-9]+) (?P<head>[0-9]+)"),
    "git-objects": re.compile(r"(?P<store>\S+) (?P<count>[0-9]+)"),
    **{
        f"{branch}-tip": re.compile(r"(?P<there>[0-9a-f]{12})[0-9a-f]* (?P<meant>[0-9a-f]{12})[0-9a-f]*")
        for branch in ("main", "register", "restricted")
    },
}
"""Faults whose details are parts of a sentence, rather than a list."""
_PLACE: Final = re.compile(r"\{\w+\}")
_RAISED: Final = re.compile(r"[A-Z]\w*(?:Error|Found|Exception|Damaged)")


def in_words(fault: "Fault", names: Mapping[str, str], language: str) -> str:
    """
    Say what is wrong, with names where the fault has codes.

    Args:
        fault: The fault; its detail is words parted by spaces.
        names: What `names_in` gives.
        language: "nb" or "en".
    """
    is_number = fault.code in _NUMBERED or KINDS[fault.code].promise in _ABOUT_NUMBERS
    known = {code: name for code, name in names.items() if not (is_number and code.isdecimal())}
    words = catalogue(language, "cli")
    if fault.code in _SHAPED and (shaped := _SHAPED[fault.code].fullmatch(fault.detail)) is not None:
        # Where each word of it has a place in a sentence.
        places = {place: known.get(one) or _word(one, language) for place, one in shaped.groupdict("git").items()}
        # A head of the right number is one of another hash.
        is_same = fault.code == "chain-head" and places["head"] == places["last"]
        detail = say(f"cli.fault_detail_of.{fault.code}{'-same' if is_same else ''}", language, **places)
        return say(f"faults.{fault.code}.fact", language, detail=detail)

    def told(code: str) -> str:
        if _RAISED.fullmatch(code):
            return words[f"fault_detail.{'missing' if code == 'NoSuchPathError' else 'unreadable'}"]
        return known.get(code) or words.get(f"fault_detail.{code}", code)

    detail = " ".join(told(one) for one in fault.detail.split(" "))
    return say(f"faults.{fault.code}.fact", language, detail=detail)


def gathered(faults: Iterable["Fault"]) -> list["Fault"]:
    """Make one fault of all that git says of a repository, with their number: it names each object by itself."""
    found: list[Fault] = []
    of_git: dict[str, int] = {}
    for one in faults:
        store = one.detail.partition(" ")[0]
        if one.code != _BY_GIT:
            found.append(one)
        elif store in of_git:
            of_git[store] += 1
        else:
            of_git[store] = 1
            found.append(one)
    return [
        replace(one, detail=f"{name} {of_git[name]}") if one.code == _BY_GIT else one
        for one in found
        for name in [one.detail.partition(" ")[0]]
    ]


def _word(value: str, language: str) -> str:
    """Give our word for an answer, a role or a consumer; the value itself when it is none."""
    of_ours = catalogue(language, "words")
    consumer = catalogue(language, "cli").get(f"healed_detail.{value.partition('@')[0]}")
    return of_ours.get(f"adoption.{value}") or of_ours.get(f"role.{value}") or consumer or value


def done_in_words(done: "Done", names: Mapping[str, str], language: str) -> str:
    """Say what `repair` put right, in words; names of ours for programs only where there are none."""
    words = catalogue(language, "cli")
    # A consumer's name has the machine's after it.
    told = [
        words.get(f"healed_detail.{one.partition('@')[0]}") or names.get(one, one) for one in done.detail.split(" ")
    ]
    return say(f"cli.healed.{done.code}", language, detail=" ".join(told))


def names_in(library: "Library") -> dict[str, str]:
    """Give the names of municipalities and networks by every code they have; none where the database cannot tell."""
    try:
        places = [(str(one.number), one.name) for one in library.municipalities()]
        networks = list(library.networks().items())
    except SamrutineError:
        return {}
    named = dict(places)
    named |= {f"municipality:{number}": name for number, name in places}
    return named | {f"network:{one}": name for one, name in networks}


def error_again(text: str, language: str) -> str:
    """
    Say in a language what was kept in English, such as a projection's last error; as it is when it is none of ours.

    Args:
        text: Fact and remedy of an error of ours, as `str` gives them.
    """
    english = catalogue("en", "errors")
    codes = [key.removesuffix(".fact") for key in english if key.endswith(".fact") and f"{key[:-4]}remedy" in english]
    # Of two that fit, the one with more words of its own: a text of places alone fits everything.
    for code in sorted(codes, key=lambda one: -len(_PLACE.sub("", _template(one)))):
        found = _form(_template(code)).fullmatch(text)
        if found is not None and _PLACE.sub("", _template(code)).strip():
            places = found.groupdict()
            return (
                f"{say(f'errors.{code}.fact', language, **places)} {say(f'errors.{code}.remedy', language, **places)}"
            )
    return text


def _template(code: str) -> str:
    english = catalogue("en", "errors")
    return f"{english[f'{code}.fact']} {english[f'{code}.remedy']}"


def _form(template: str) -> re.Pattern[str]:
    """Turn a text with named places into the pattern of every text made from it."""
    return re.compile("".join(_pieces(re.split(r"\{(\w+)\}", template))), re.DOTALL)


def _pieces(parts: list[str]) -> Iterable[str]:
    seen: set[str] = set()
    for at, part in enumerate(parts):
        if at % 2 == 0:
            yield re.escape(part)
        else:
            yield f"(?P={part})" if part in seen else f"(?P<{part}>.*?)"
            seen.add(part)
