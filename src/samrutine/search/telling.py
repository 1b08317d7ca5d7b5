"""What is said of a search beside its hits, in sentences: for a terminal and for a page alike."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from samrutine.messages import catalogue, say
from samrutine.search.model import Hit, NotUnderstood

if TYPE_CHECKING:
    from samrutine.search.service import SearchAnswer


def how_understood(answer: "SearchAnswer", language: str) -> Iterator[str]:
    """Say what was left out of the search: small words, what was too long, conditions that we do not know."""
    if answer.query.ignored:
        yield say("search.ignored", language, words=", ".join(answer.query.ignored))
    if answer.query.shortened:
        yield say("search.shortened", language)
    yield from (not_understood(one, language) for one in answer.not_understood)


def missing(answer: "SearchAnswer", language: str) -> str:
    """Say which words nothing that is shown has: whoever asked for them must not think that it is about them; or nothing."""
    words = answer.missing
    if not words:
        return ""
    name = "search.missing_one" if len(words) == 1 else "search.missing_many"
    return say(name, language, words=", ".join(f"«{one}»" for one in words))


def why(hit: Hit, language: str) -> str:
    """Say what was taken for the words that the section does not have, and where those stand that its text does not have."""
    places = catalogue(language, "search")
    return "; ".join(
        say(f"search.stands_in.{one.how.value}", language, typed=one.typed, shown=one.shown)
        if f"stands_in.{one.how.value}" in places
        else say("search.why", language, typed=one.typed, shown=one.shown,
                 how=say(f"search.taken_as.{one.how.value}", language))
        for one in hit.why
    )  # fmt: skip


def lacking(answer: "SearchAnswer", hit: Hit, language: str) -> str:
    """Say which telling word a hit has nothing of; what nothing that is shown has is said once, above them."""
    told = answer.missing if hit.lacking else ()
    words = [f"«{one}»" for one in hit.lacking if one not in told]
    return say("search.lacking", language, words=", ".join(words)) if words else ""


def not_understood(one: NotUnderstood, language: str) -> str:
    """Say of a condition that we do not know what was made of it, and what it may have been meant to be."""
    nearest = ", ".join(f"«{name}»" for name in one.nearest)
    if not one.value:
        return say("search.unknown_name", language, name=one.name, nearest=nearest)
    unknown = "unknown_day" if one.is_day else "unknown_municipality" if one.name == "kommune" else "unknown_value"
    said = [say(f"search.{unknown}", language, name=one.name, value=one.value)]
    if nearest:
        said.append(say("search.unknown_near", language, nearest=nearest))
    elif one.choices:
        said.append(say("search.unknown_choices", language, choices=", ".join(one.choices)))
    return " ".join(said)
