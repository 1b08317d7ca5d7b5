"""Be heard: read what is proposed, and answer it, for a body or by a personal link, in one click or with remarks."""

from datetime import UTC, datetime, time
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, network_body
from samrutine.adoptions.effective import as_draft
from samrutine.exchange.html import fragments
from samrutine.procedures.sections import sections
from samrutine.procedures.text import read
from samrutine.proposals.hearing import HearingView, Remark, RemarkOutcome
from samrutine.web.forms import decision_of, fault_of, new_decision, text_of
from samrutine.web.pages.reading import address_of
from samrutine.web.visit import Anybody, Form, Somebody, Visit

router = APIRouter()
REMARKS: Final = 3
"""How many remarks a form has room for; whoever has more sends it again with the next."""


@router.get("/forslag/{proposal}/horing")
def show(visit: Somebody, proposal: str) -> Response:
    """Show what is heard, who has answered, and where one answers for one's own."""
    return heard(visit, proposal)


@router.post("/forslag/{proposal}/horing")
def answer(visit: Somebody, proposal: str, form: Form) -> Response:
    """Answer for the municipality or the network that was chosen."""

    def act() -> None:
        visit.library.answer_hearing(
            proposal, str(form.get("part", "")), no_remarks="ingen" in form, remarks=_remarks(form), by=visit.by,
            decision_id=decision_of(form),
        )  # fmt: skip

    fault = fault_of(visit, act)
    return heard(visit, proposal, 422, fault, form) if fault else visit.go_to(f"/forslag/{proposal}/horing")


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

    fault = fault_of(visit, act)
    return _by_link(visit, token, 422, fault, form) if fault else visit.go_to(f"/h/{token}?takk=ja")


def _remarks(form: Form) -> list[Remark]:
    if "ingen" in form:
        return []
    found = []
    for number in range(REMARKS):
        text = text_of(form, f"merknad-{number}").strip()
        if text:
            found.append(Remark(text, str(form.get(f"del-{number}", "")) or None))
    return found


def heard(
    visit: Visit, proposal: str, status: int = 200, fault: str = "", form: Form | None = None, link: str = ""
) -> Response:
    """Show a hearing to somebody who is signed in; `link` is a personal link that was made just now."""
    view = visit.library.hearing(proposal, reader=visit.actor)
    mine = [(one.body, one.name) for one in view.parties if visit.may(Verb.ANSWER, one.body)]
    return _page(
        visit, view, status, form, address=f"/forslag/{proposal}/horing", mine=mine, fault=fault, parties=view.parties,
        leads=visit.may(Verb.HEAR, network_body(view.network)), link=link,
    )  # fmt: skip


def _by_link(visit: Visit, token: str, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    found = visit.library.read_by_link(token)
    return _page(
        visit, found.hearing, status, form, address=f"/h/{token}", mine=[(found.party.body, found.party.name)], fault=fault,
        parties=[found.party], thanks=visit.asked("takk", 4) == "ja",
    )  # fmt: skip


def _page(visit: Visit, view: HearingView, status: int, form: Form | None, **values: object) -> Response:
    text = read(view.text, view.procedure)
    made_at = datetime.combine(view.opened_on, time(), UTC)
    written = fragments(as_draft(text, view.digest, made_at=made_at, demo=view.demo), address_of=address_of)
    headings = [(one.key, one.heading) for one in sections(text.body)]
    given = {name: str(value) for name, value in form.items()} if form is not None else {}
    return visit.page(
        "hearing.html", status, view=view, given=given, text=written.text, notes=written.notes, after=written.after,
        room=range(REMARKS), sections=headings, names=dict(headings), new_decision=new_decision,
        outcomes=[one for one in RemarkOutcome if one is not RemarkOutcome.TAKEN_BACK],
        **{"leads": False, "link": "", "thanks": False, **values},
    )  # fmt: skip
