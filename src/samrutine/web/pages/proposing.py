"""Say what is wrong, see what a proposal changes, and agree to what one has read."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, network_body
from samrutine.errors import InvalidRequest, Refused
from samrutine.procedures.sections import sections
from samrutine.proposals.model import Proposal, ProposalState
from samrutine.web.forms import decision_of, fault_of, new_decision
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()


@router.get("/rutine/{procedure}/si-fra")
def feedback(visit: Somebody, procedure: str) -> Response:
    """Show where one says that something is wrong."""
    return _feedback(visit, procedure)


@router.post("/rutine/{procedure}/si-fra")
def give_feedback(visit: Somebody, procedure: str, form: Form) -> Response:
    """Say that something is wrong; those who look after the routine are told."""
    text = str(form.get("tekst", ""))
    try:
        visit.library.give_feedback(
            procedure, text, municipality=visit.place.number if visit.place else None,
            section_key=str(form.get("del", "")) or None, by=visit.by, decision_id=decision_of(form),
        )  # fmt: skip
    except (Refused, InvalidRequest) as error:
        return _feedback(visit, procedure, 422, visit.why(error), text)
    return visit.page(
        "feedback.html",
        procedure=procedure,
        title=_title(visit, procedure),
        done=True,
        fault="",
        text="",
        sections=[],
        decision="",
    )


@router.get("/forslag")
def proposals(visit: Somebody) -> Response:
    """Show the proposals that are on their way."""
    open_states = {ProposalState.DRAFT, ProposalState.HEARING, ProposalState.APPROVAL}
    found = [one for one in visit.library.proposals(reader=visit.actor) if one.state in open_states]
    return visit.page("proposals.html", proposals=found, networks=visit.library.networks())


@router.get("/forslag/{proposal}")
def proposal(visit: Somebody, proposal: str) -> Response:
    """Show what a proposal changes, how far it has come, and what one may do."""
    return _proposal(visit, proposal)


@router.post("/forslag/{proposal}/godkjenn")
def approve(visit: Somebody, proposal: str, form: Form) -> Response:
    """Agree to the text that was read: its digest comes with the form."""
    return _acted(
        visit, proposal,
        lambda: visit.library.approve(proposal, digest=str(form.get("kontrollsum", "")), by=visit.by, decision_id=decision_of(form)),
    )  # fmt: skip


@router.post("/forslag/{proposal}/send")
def send(visit: Somebody, proposal: str, form: Form) -> Response:
    """Send a draft to approval."""
    return _acted(
        visit, proposal,
        lambda: visit.library.send(
            proposal, digest=str(form.get("kontrollsum", "")), unheard=str(form.get("grunn", "")).strip() or None, by=visit.by,
            decision_id=decision_of(form),
        ),
    )  # fmt: skip


@router.post("/forslag/{proposal}/stopp")
def stop(visit: Somebody, proposal: str, form: Form) -> Response:
    """Stop a proposal on the network's behalf."""
    return _acted(
        visit, proposal,
        lambda: visit.library.reject(proposal, reason=str(form.get("grunn", "")), by=visit.by, decision_id=decision_of(form)),
    )  # fmt: skip


@router.post("/forslag/{proposal}/trekk")
def withdraw(visit: Somebody, proposal: str, form: Form) -> Response:
    """Give a draft or a round up."""
    return _acted(
        visit, proposal,
        lambda: visit.library.withdraw(proposal, reason=str(form.get("grunn", "")), by=visit.by, decision_id=decision_of(form)),
    )  # fmt: skip


def _acted(visit: Visit, proposal: str, act: Callable[[], object]) -> Response:
    fault = fault_of(visit, act)
    return _proposal(visit, proposal, 422, fault) if fault else visit.go_to(f"/forslag/{proposal}")


def _proposal(visit: Visit, proposal: str, status: int = 200, fault: str = "") -> Response:
    from samrutine.proposals.prose_html import html_of

    view = visit.library.look_at_proposal(proposal, reader=visit.actor)
    diff = visit.library.compare_proposal(proposal, reader=visit.actor)
    return visit.page(
        "proposal.html", status, view=view, one=view.proposal, changes=html_of(diff, visit.say.formal, heading_level=3, deepest=3),
        fault=fault, new_decision=new_decision, may=_may(visit, view.proposal), mine=view.proposal.author == visit.actor, network=visit.library.networks().get(view.proposal.network, view.proposal.network),
        findings=[one.text(visit.say.formal) for one in view.findings], saved=bool(visit.asked("lagret")),
    )  # fmt: skip


def _feedback(visit: Visit, procedure: str, status: int = 200, fault: str = "", text: str = "") -> Response:
    found = visit.library.document(procedure, reader=visit.actor)
    headings = [(one.key, one.heading) for one in sections(found.text.body)]
    return visit.page(
        "feedback.html", status, procedure=procedure, title=found.header.title, done=False, fault=fault, text=text,
        sections=headings, decision=new_decision(),
    )  # fmt: skip


def _title(visit: Visit, procedure: str) -> str:
    return visit.library.document(procedure, reader=visit.actor).header.title


def _may(visit: Visit, proposal: Proposal) -> frozenset[str]:
    bodies = (network_body(proposal.network), *(network_body(one) for one in proposal.co_networks))
    return frozenset(verb.value for verb in (Verb.APPROVE, Verb.SEND, Verb.HEAR) if visit.may(verb, *bodies))
