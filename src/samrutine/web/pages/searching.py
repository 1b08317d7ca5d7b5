"""Find a routine by everyday words."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.search.model import Filter, FilterField, LocalHit
from samrutine.search.service import SearchAnswer
from samrutine.search.telling import how_understood, lacking, missing, why
from samrutine.web.visit import Reader, Visit

router = APIRouter()
LIMIT: Final = 20
NAMES: Final = {FilterField.SUBJECT: "tema", FilterField.NETWORK: "nettverk", FilterField.KIND: "type"}
"""What a search can be narrowed by, as the address says it."""


@router.get("/sok")
def search(visit: Reader) -> Response:
    """Show what is found; as a part of the page when a script asks."""
    words, here_only = visit.asked("q"), visit.asked("her") == "ja"
    asked = {field: visit.asked_all(name) for field, name in NAMES.items()}
    filters = tuple(Filter(field, one) for field, values in asked.items() for one in values)
    here = visit.place.number if visit.place is not None else None
    answer, facets = None, []
    if words or filters:
        answer = visit.library.search(
            words, municipality=here if here_only else None, mine=here, filters=filters, limit=LIMIT, reader=visit.actor
        )
        facets = _facets(visit, answer, asked)
    language = visit.say.formal
    return visit.page(
        "search_part.html" if visit.is_partial else "search.html", q=words, here_only=here_only, answer=answer, facets=facets,
        understood=list(how_understood(answer, language)) if answer else [], missing=missing(answer, language) if answer else "",
        why=lambda hit: why(hit, language), lacking=lambda hit: lacking(answer, hit, language) if answer else "",
        is_local=lambda one: isinstance(one, LocalHit), is_narrowed=bool(filters),
    )  # fmt: skip


@router.get("/sok/ord")
def suggest(visit: Reader) -> Response:
    """Show what somebody who is typing may be on the way to."""
    here, words = visit.place.number if visit.place is not None else None, visit.asked("q")
    found = visit.library.suggest(words, municipality=here, reader=visit.actor) if words else ()
    return visit.page("suggestions.html", found=found)


Facets = list[tuple[str, str, list[tuple[str, str, int, bool]]]]


def _facets(visit: Visit, answer: SearchAnswer, asked: dict[FilterField, list[str]]) -> Facets:
    """Give each that one can narrow by: its name in the address and in words, and its values with how many and whether chosen."""
    networks = visit.library.networks()
    subjects = {str(one.id): one.name(visit.say.language) for one in visit.library.subjects()}
    named = {
        FilterField.SUBJECT: subjects,
        FilterField.NETWORK: dict(networks),
        FilterField.KIND: {
            one.value: visit.say.kind(one.value) for one in answer.result.facets if one.field is FilterField.KIND
        },
    }
    found: Facets = []
    for field, name in NAMES.items():
        values = [
            (one.value, named[field].get(one.value, one.value), one.count, one.value in asked[field])
            for one in answer.result.facets
            if one.field is field
        ]
        found.append((name, visit.say(f"search.by_{name}"), values))
    return found
