"""Wishes for routines that are missing: wish, say that one's municipality needs it too, answer, and say what meets it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import LIBRARY, Verb, municipality_body, network_body
from samrutine.reading.feedback import OVER
from samrutine.web.forms import decision_of, fault_of, line_of, new_decision, text_of
from samrutine.web.visit import Form, Somebody, Visit

if TYPE_CHECKING:
    from samrutine.reading.wishes import Wished

router = APIRouter()
WHERE: Final = "/onsker"


@router.get(WHERE)
def wishes(visit: Somebody) -> Response:
    """Show what is wished for, what most need first, and where one wishes."""
    return _page(visit)


@router.post(WHERE)
def wish(visit: Somebody, form: Form) -> Response:
    """Wish for a routine; those there were that may say the same are told of at once."""
    sentence, made = text_of(form, "setning"), list["Wished"]()

    def act() -> None:
        made.append(
            visit.library.wish(
                sentence, municipality=line_of(form, "kommune"), network=line_of(form, "nettverk"), by=visit.by, decision_id=decision_of(form)
            )
        )  # fmt: skip

    if fault := fault_of(visit, act):
        return _page(visit, 422, fault, sentence=sentence)
    return _page(visit, made=made[0])


@router.post(WHERE + "/{wish}/stott")
def support(visit: Somebody, wish: str, form: Form) -> Response:
    """Say that a municipality needs it too."""
    where = line_of(form, "kommune") or visit.home.number
    return _acted(visit, lambda: visit.library.support_wish(wish, where, by=visit.by))


@router.post(WHERE + "/{wish}/svar")
def answer(visit: Somebody, wish: str, form: Form) -> Response:
    """Answer a wish that nothing is made of for now."""
    words = text_of(form, "svar")
    return _acted(visit, lambda: visit.library.answer_wish(wish, words, by=visit.by), {"wish": wish, "words": words})


@router.post(WHERE + "/{wish}/tatt-opp")
def take_up(visit: Somebody, wish: str, form: Form) -> Response:
    """Say what meets a wish: a routine there is, or a proposal that is on its way."""
    sort, _, which = str(form.get("oppfyller", "")).partition(":")
    procedure, proposal = which if sort == "rutine" else None, which if sort == "forslag" else None

    def act() -> None:
        visit.library.take_up_wish(
            wish, procedure=procedure, proposal=proposal, by=visit.by, decision_id=decision_of(form)
        )

    return _acted(visit, act, {"wish": wish, "words": ""})


def _acted(visit: Visit, act: Callable[[], object], given: dict[str, str] | None = None) -> Response:
    fault = fault_of(visit, act)
    return _page(visit, 422, fault, given=given) if fault else visit.go_to(WHERE)


def _page(
    visit: Visit, status: int = 200, fault: str = "", *, sentence: str = "", made: "Wished | None" = None,
    given: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    library, networks = visit.library, visit.library.networks()
    found = library.wishes(reader=visit.actor)
    answers = {one.id for one in found if visit.may(Verb.SEND, network_body(one.network) if one.network else LIBRARY)}
    meets: list[tuple[str, str, str]] = []
    if answers:
        meets += [("rutine", one.id, one.title) for one in library.procedures(reader=visit.actor)]
        on_their_way = [one for one in library.proposals(reader=visit.actor) if one.state not in OVER]
        meets += [("forslag", one.id, one.title) for one in on_their_way]
    mine = [one for one in library.municipalities() if visit.may(Verb.ANSWER, municipality_body(one.number))]
    return visit.page(
        "wishes.html", status, fault=fault, sentence=sentence, made=made, found=found, networks=networks, mine=mine, answers=answers,
        meets=meets, new_decision=new_decision, given=given or {"wish": "", "words": ""},
    )  # fmt: skip
