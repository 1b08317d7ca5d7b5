"""A round of hearing from the network's side: whom to hear, links and reminders, replies to remarks, the end, the summary."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, network_body
from samrutine.errors import Conflict, InvalidRequest, Refused
from samrutine.web.forms import day_of, decision_of, fault_of, line_of, new_decision
from samrutine.web.pages.hearing import heard
from samrutine.web.sending import file_answer
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()
_SUMMARIES: Final = ("md", "html")


@router.get("/forslag/{proposal}/apne")
def choose(visit: Somebody, proposal: str) -> Response:
    """Show whom the library suggests to hear, and everybody else it knows."""
    return _choosing(visit, proposal)


@router.post("/forslag/{proposal}/apne")
def open_round(visit: Somebody, proposal: str, form: Form) -> Response:
    """Open a round of the text that was read."""
    parties = [str(one) for one in form.getlist("part")]

    def act() -> None:
        if not parties:
            raise InvalidRequest(what="parties", value="", expected=visit.say("round.one_at_least"))
        visit.library.open_hearing(
            proposal, digest=str(form.get("kontrollsum", "")), parties=parties, deadline=day_of(form, "frist"), by=visit.by,
            decision_id=decision_of(form),
        )  # fmt: skip

    fault = fault_of(visit, act)
    return _choosing(visit, proposal, 422, fault, form) if fault else visit.go_to(f"/forslag/{proposal}/horing")


@router.post("/forslag/{proposal}/horing/purr")
def remind(visit: Somebody, proposal: str, form: Form) -> Response:
    """Remind those who have not answered."""
    return _done(
        visit, proposal, fault_of(visit, lambda: visit.library.remind(proposal, by=visit.by, decision_id=decision_of(form)))
    )  # fmt: skip


@router.post("/forslag/{proposal}/horing/lukk")
def close(visit: Somebody, proposal: str, form: Form) -> Response:
    """Close the round that is open."""
    return _done(
        visit, proposal, fault_of(visit, lambda: visit.library.close_hearing(proposal, by=visit.by, decision_id=decision_of(form)))
    )  # fmt: skip


@router.post("/forslag/{proposal}/horing/svar")
def reply(visit: Somebody, proposal: str, form: Form) -> Response:
    """Say what becomes of a remark."""
    view = visit.library.hearing(proposal, reader=visit.actor)
    remark = str(form.get("merknad", ""))

    def act() -> None:
        if remark not in {one.id for party in view.parties for one in party.remarks}:
            raise InvalidRequest(what="remark", value=remark[:40], expected=view.title)
        visit.library.reply_to_remark(
            remark, str(form.get("utfall", "")), reply=line_of(form, "svar"), by=visit.by,
            decision_id=decision_of(form),
        )  # fmt: skip

    return _done(visit, proposal, fault_of(visit, act), form)


@router.post("/forslag/{proposal}/horing/lenke")
def invite(visit: Somebody, proposal: str, form: Form) -> Response:
    """Make a personal link for a party outside. It is shown this once: the page that answers is not one to load again."""
    try:
        made = visit.library.invite_outsider(
            proposal, str(form.get("part", "")), by=visit.by, decision_id=decision_of(form)
        )
    except (Refused, InvalidRequest, Conflict) as error:
        return heard(visit, proposal, 422, visit.why(error))
    link = f"{visit.request.base_url}h/{made.token}" if made.token else ""
    return heard(visit, proposal, link=link) if link else visit.go_to(f"/forslag/{proposal}/horing")


@router.get("/forslag/{proposal}/horing/oppsummering.{suffix}")
def summary(visit: Somebody, proposal: str, suffix: str) -> Response:
    """Give the summary of remarks as a file."""
    if suffix not in _SUMMARIES:
        raise InvalidRequest(what="format", value=suffix[:20], expected=", ".join(_SUMMARIES))
    data = visit.library.hearing_summary(proposal, suffix, reader=visit.actor, language=visit.say.formal)
    name = f"{visit.say('round.summary_file')}-{proposal}.{suffix}"
    return file_answer(data, name)


def _done(visit: Visit, proposal: str, fault: str, form: Form | None = None) -> Response:
    return heard(visit, proposal, 422, fault, form) if fault else visit.go_to(f"/forslag/{proposal}/horing")


def _choosing(visit: Visit, proposal: str, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    view = visit.library.look_at_proposal(proposal, reader=visit.actor)
    found = visit.library.suggested_parties(proposal, reader=visit.actor)
    chosen = {str(one) for one in form.getlist("part")} if form is not None else {one.body for one in found.parties}
    return visit.page(
        "opening.html", status, one=view.proposal, found=found, chosen=chosen, fault=fault, decision=new_decision(),
        deadline=str(form.get("frist", "")) if form is not None else "",
        may=visit.may(Verb.HEAR, network_body(view.proposal.network)),
    )  # fmt: skip
