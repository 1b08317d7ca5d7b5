"""Law that is no longer law: find where a text leans on a provision that was repealed or moved."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

from samrutine.procedures.model import LegalBasis

_NEAR: Final = 60
_SPACE: Final = r"[\s\u00a0]"


class Law(Protocol):
    """A law by Lovdata's id, and what people call it: its name and, for some, an abbreviation ("hol")."""

    @property
    def id(self) -> str:
        """Lovdata's id, "LOV-2011-06-24-30"."""
        ...

    @property
    def name(self) -> str:
        """What it is called, "helse- og omsorgstjenesteloven"."""
        ...

    @property
    def abbreviation(self) -> str | None:
        """What people write for short."""
        ...


class RepealedProvision(Protocol):
    """A provision that must not be cited any more, and what took its place."""

    @property
    def law(self) -> str:
        """Lovdata's id of the law that held it."""
        ...

    @property
    def section(self) -> str:
        """As people write it: "kap. 23 A", "§ 9 A"."""
        ...

    @property
    def replaced_by(self) -> str:
        """What to cite now, law and section."""
        ...


@dataclass(frozen=True, slots=True)
class Repealed:
    """
    A repealed provision with all that people call its law: "hol", "helse- og omsorgstjenestelova".

    `law` is Lovdata's id; `names` may be empty, and then only front matter can be compared.
    """

    law: str
    names: tuple[str, ...]
    section: str
    replaced_by: str


def named(repealed: Iterable[RepealedProvision], laws: Iterable[Law]) -> tuple[Repealed, ...]:
    """Put provisions and the names of their laws together; bokmål and nynorsk names of a law are both found."""
    by_id = {law.id: law for law in laws}
    return tuple(
        Repealed(each.law, _names(by_id[each.law]) if each.law in by_id else (), each.section, each.replaced_by)
        for each in repealed
    )


def _names(law: Law) -> tuple[str, ...]:
    # "opplæringsloven av 1998": nobody writes the year in a routine.
    plain = re.sub(r"\s+av\s+\d{4}$", "", law.name)
    names = [plain, re.sub(r"loven$", "lova", plain), re.sub(r"lova$", "loven", plain)]
    names += [re.sub(r"^forskrift om", f"{start} om", plain) for start in ("forskriften", "forskrifta")]
    if law.abbreviation:
        names.append(law.abbreviation)
    return tuple(dict.fromkeys(names))


def cited(text: str, repealed: Repealed) -> Iterator[int]:
    """Give the positions in `text` where the law is named and, in the same sentence, the repealed section is."""
    if not repealed.names:
        return
    names, section = _patterns(repealed)
    seen: set[int] = set()
    for match in section.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        after = text[match.end() : match.end() + _NEAR]
        same_sentence = (re.split(r"[!?;]|\.\s+(?=[A-ZÆØÅ])|\n\n", before)[-1], re.split(r"[!?;]|\.\s|\n\n", after)[0])
        if any(names.search(words) for words in same_sentence) and match.start() not in seen:
            seen.add(match.start())
            yield match.start()


def rests_on(basis: LegalBasis, repealed: Repealed) -> bool:
    """Tell whether an entry of the legal basis names the repealed section."""
    _, section = _patterns(repealed)
    return basis.law == repealed.law and section.search(basis.section) is not None


@cache
def _patterns(repealed: Repealed) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = sorted(repealed.names, key=len, reverse=True)
    spelled = (f"{_SPACE}+".join(map(re.escape, word.split())) for word in words)
    names = re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE)
    chapter = re.match(r"kap(?:\.|ittel|itlet)?\s*(.+)", repealed.section, re.IGNORECASE)
    number = chapter[1] if chapter else repealed.section
    spaced = f"{_SPACE}*".join(re.findall(r"\d+(?:-\d+)*|[A-Za-z]+", number))
    # After the number: not more digits, and no letter that makes it another section (§ 3-9 is not § 3-9 b).
    # "i" is left out: it is the word in "§ 9 A i opplæringsloven", and no section is lettered so.
    end = rf"(?![\d\w])(?!{_SPACE}[a-hj-z](?!\w))"
    listed = r"(?:\d[\d\sa-zA-Z,\u2013-]{0,40}?[,\u2013\s])?"
    mark = rf"kap(?:\.|ittel|itlet)?{_SPACE}*" if chapter else rf"§{{1,2}}{_SPACE}*{listed}{_SPACE}*"
    return names, re.compile(rf"{mark}{spaced}{end}", re.IGNORECASE)
