"""Be heard: read what is proposed, and answer it, for a body or by a personal link, in one click or with remarks."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.adoptions.effective import as_draft
from samrutine.errors import Conflict, InvalidRequest, Refused
from samrutine.exchange.html import fragments
from samrutine.procedures.sections import sections
from samrutine.procedures.text import read
from samrutine.proposals.hearing import HearingView, Remark
from samrutine.web.pages.deciding import decision_of, new_decision
from samrutine.web.pages.reading import address_of
from samrutine.web.visit import Anybody, Form, Somebody, Visit

router = APIRouter()
REMARKS: Final = 3
"""How many remarks a form has room for; whoever has more sends it again with the next."""


@router.get("/forslag/{proposal}/horing")
def show(visit: Somebody, proposal: str) -> Response:
    """Show what is heard, who has answered, and where one answers for one's own."""
    return _heard(visit, proposal)


@router.post("/forslag/{proposal}/horing")
def answer(visit: Somebody, proposal: str, form: Form) -> Response:
    """Answer for the municipality or the network that was chosen."""

    def act() -> None:
        visit.library.answer_hearing(
            proposal, str(form.get("part", "")), no_remarks="ingen" in form, remarks=_remarks(form), by=visit.by,
            decision_id=decision_of(form),
        )  # fmt: skip

    fault = _fault_of(visit, act)
    return _heard(visit, proposal, 422, fault, form) if fault else visit.go_to(f"/forslag/{proposal}/horing")


@router.get("/h/{token}")
def show_by_link(visit: Anybody, token: str) -> Response:
    """Show what is heard to the one party that has the link."""
    return _by_link(visit, token)


@router.post("/h/{token}")
def answer_by_link(visit: Anybody, token: str, form: Form) -> Response:
    """Answer by the link."""

    def act() -> None:
        visit.library.answer_by_link(
            token, no_remarks="ingen" in form, remarks=_remarks(form), decision_id=decision_of(form)
        )

    fault = _fault_of(visit, act)
    return _by_link(visit, token, 422, fault, form) if fault else visit.go_to(f"/h/{token}?takk=ja")


def _fault_of(visit: Visit, act: Callable[[], None]) -> str:
    try:
        act()
    except (Refused, InvalidRequest, Conflict) as error:
        return visit.why(error)
    return ""


def _remarks(form: Form) -> list[Remark]:
    if "ingen" in form:
        return []
    found = []
    for number in range(REMARKS):
        text = str(form.get(f"merknad-{number}", "")).replace("\r\n", "\n").strip()
        if text:
            found.append(Remark(text, str(form.get(f"del-{number}", "")) or None))
    return found


def _heard(visit: Visit, proposal: str, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    view = visit.library.hearing(proposal, reader=visit.actor)
    held = {body for _, body in visit.person.roles} if visit.person is not None else set()
    mine = [(one.body, one.name) for one in view.parties if one.body in held]
    return _page(
        visit, view, f"/forslag/{proposal}/horing", mine, status, fault, form, parties=view.parties, thanks=False
    )


def _by_link(visit: Visit, token: str, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    found = visit.library.read_by_link(token)
    mine = [(found.party.body, found.party.name)]
    thanks = visit.asked("takk", 4) == "ja"
    return _page(visit, found.hearing, f"/h/{token}", mine, status, fault, form, parties=[found.party], thanks=thanks)


def _page(
    visit: Visit, view: HearingView, address: str, mine: list[tuple[str, str]], status: int, fault: str, form: Form | None, *,
    parties: object, thanks: bool,
) -> Response:  # fmt: skip
    text = read(view.text, view.procedure)
    made_at = datetime.combine(view.opened_on, time(), UTC)
    written = fragments(as_draft(text, view.digest, made_at=made_at, demo=view.demo), address_of=address_of)
    given = {name: str(value) for name, value in form.items()} if form is not None else {}
    return visit.page(
        "hearing.html", status, view=view, address=address, mine=mine, parties=parties, fault=fault, thanks=thanks, given=given,
        text=written.text, notes=written.notes, after=written.after, room=range(REMARKS), decision=new_decision(),
        sections=[(one.key, one.heading) for one in sections(text.body)],
    )  # fmt: skip
