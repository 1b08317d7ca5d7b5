"""Front matter of three texts put together: value by value, and lists by what stands in them."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from samrutine.procedures.front_matter import KEYS
from samrutine.procedures.model import AccessClass, Attachment, FrontMatter, LegalBasis, LocalInformation, Source
from samrutine.proposals.conflicts import Conflict, ConflictKind
from samrutine.proposals.front_words import words_of
from samrutine.proposals.ordering import in_order

# An exemption has a basis exactly when there is one: apart, the two could come out as an open text with a basis.
_TOGETHER: Final = ("access", "access_basis")
_MILD_TO_STRICT: Final = (AccessClass.OPEN, AccessClass.INTERNAL, AccessClass.EXEMPT)


def merge_front(base: FrontMatter, ours: FrontMatter, theirs: FrontMatter) -> tuple[FrontMatter, tuple[Conflict, ...]]:
    """
    Put together what two have changed above the text; at a conflict `ours` stays.

    But of access the stricter of the two stays, until a person has looked: the words of both are in the text now.
    """
    chosen: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for key in KEYS:
        three = [getattr(front, key) for front in (base, ours, theirs)]
        if key in _TOGETHER:
            three = [tuple(getattr(front, one) for one in _TOGETHER) for front in (base, ours, theirs)]
            value, agrees = _stricter(*three)
            value = value[_TOGETHER.index(key)]
            agrees = agrees or key != _TOGETHER[0]
        elif isinstance(three[0], tuple):
            value, agrees = _list_of(*three)
        else:
            value, agrees = _one_of(*three)
        chosen[key] = value
        if not agrees:
            shown = ("; ".join(words_of(front, key)) for front in (base, ours, theirs))
            conflicts.append(Conflict(key, ConflictKind.FIELD, *shown))
    return replace(ours, **chosen), tuple(conflicts)


def _one_of(base: Any, ours: Any, theirs: Any) -> tuple[Any, bool]:
    """Give the value and whether the two agree."""
    if ours in (base, theirs):
        return theirs, True
    return ours, theirs == base


def _stricter(base: tuple[Any, ...], ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[tuple[Any, ...], bool]:
    """As `_one_of`, of access and its basis; what would leave words less guarded than one of the two had them is asked."""
    value, agrees = _one_of(base, ours, theirs)
    strictest = max(value, ours, theirs, key=lambda one: strictness(one[0]))
    return strictest, agrees and strictest[0] is value[0]


def strictness(access: AccessClass) -> int:
    """Give a number that is the higher the fewer may read."""
    return _MILD_TO_STRICT.index(access)


def _list_of(
    base: Sequence[object], ours: Sequence[object], theirs: Sequence[object]
) -> tuple[tuple[object, ...], bool]:
    if base in (ours, theirs) or ours == theirs:
        return _one_of(tuple(base), tuple(ours), tuple(theirs))
    befores, heres, theres = (dict(_named(items)) for items in (base, ours, theirs))
    kept: dict[tuple[object, int], object] = {}
    agrees = True
    for name in dict.fromkeys([*befores, *heres, *theres]):
        value, same = _one_of(befores.get(name), heres.get(name), theres.get(name))
        agrees = agrees and same
        if value is not None:
            kept[name] = value
    order = in_order(list(befores), list(heres), list(theres))
    return tuple(kept[name] for name in order if name in kept), agrees


def _named(items: Iterable[object]) -> list[tuple[tuple[object, int], object]]:
    """Give each element with what makes it the same element in another list, and its number among equal ones."""
    seen: dict[object, int] = {}
    named = []
    for item in items:
        name = _name(item)
        seen[name] = seen.get(name, 0) + 1
        named.append(((name, seen[name]), item))
    return named


def _name(item: object) -> object:
    match item:
        case LegalBasis():
            return (item.law, item.section)
        case Source():
            return (item.body, item.title)
        case LocalInformation():
            return item.key
        case Attachment():
            # Two names that differ in case only are one file on many disks, and refused.
            return unicodedata.normalize("NFC", item.name).casefold()
        case _:
            return item
