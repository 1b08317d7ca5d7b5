"""What networks ask municipalities for: who has sent what, which routines are the same, and one made of them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, municipality_body, network_body
from samrutine.adoptions.additions import ADDED_BY_PEOPLE
from samrutine.errors import InvalidRequest
from samrutine.intake.chosen import Choice, Keep, can_have_fields, needs_choice, suggested
from samrutine.intake.triage import Triage, drafted_from, reasons_against_draft
from samrutine.intake.variants import Compared, SideBySide
from samrutine.messages import say as told
from samrutine.procedures.model import AccessClass
from samrutine.web.forms import day_of, decision_of, fault_of, line_of, new_decision, text_of
from samrutine.web.visit import Form, Somebody, Visit

if TYPE_CHECKING:
    from samrutine.collecting.model import Collection, Comparison

router = APIRouter()
WHERE: Final = "/innsamlinger"
_ROW: Final = "rad-"
_MOST: Final = 40


@router.get(WHERE)
def listed(visit: Somebody) -> Response:
    """Show what networks ask for, and where a leader asks."""
    return _list(visit)


@router.post(WHERE)
def ask(visit: Somebody, form: Form) -> Response:
    """Ask all municipalities for what they have about something."""
    made: list[str] = []

    def act() -> None:
        if (deadline := day_of(form, "frist")) is None:
            raise InvalidRequest(what="day", value="", expected="2026-11-23")
        asked = visit.library.ask_for_routines(
            str(form.get("nettverk", "")), text_of(form, "hva"), deadline=deadline, by=visit.by, decision_id=decision_of(form)
        )  # fmt: skip
        made.append(asked.collection)

    if fault := fault_of(visit, act):
        return _list(visit, 422, fault, form)
    return visit.go_to(f"{WHERE}/{made[0]}")


@router.get(WHERE + "/{collection}")
def show(visit: Somebody, collection: str) -> Response:
    """Show who has sent what and who is missing, and for the network which routines are the same."""
    return _page(visit, collection)


@router.post(WHERE + "/{collection}/svar")
def answer(visit: Somebody, collection: str, form: Form) -> Response:
    """Say for a municipality that it has sent what it has, or that it has none."""
    where, reason, has_none = line_of(form, "kommune") or visit.home.number, line_of(form, "grunn"), "ingen" in form
    return _acted(
        visit, collection, lambda: visit.library.answer_collection(collection, where, has_none=has_none, reason=reason, by=visit.by)
    )  # fmt: skip


@router.post(WHERE + "/{collection}/purr")
def remind(visit: Somebody, collection: str) -> Response:
    """Remind those from whom nothing has come."""
    return _acted(visit, collection, lambda: visit.library.remind_collection(collection, by=visit.by))


@router.post(WHERE + "/{collection}/lukk")
def close(visit: Somebody, collection: str) -> Response:
    """Ask nobody any more."""
    return _acted(visit, collection, lambda: visit.library.close_collection(collection, by=visit.by))


@router.get(WHERE + "/{collection}/flett")
def compare(visit: Somebody, collection: str) -> Response:
    """Show routines side by side, paragraph by paragraph, and choose what the shared draft is to say."""
    return _merge(visit, collection, visit.asked_all("dokument"))


@router.post(WHERE + "/{collection}/flett/triage")
def triage(visit: Somebody, collection: str, form: Form) -> Response:
    """Say what becomes of one of them."""
    documents, which = _documents(form), str(form.get("hvilken", ""))
    beside = [one for one in documents if one != which and not one.startswith("procedure:")]
    fault = fault_of(
        visit,
        lambda: visit.library.triage(
            which, str(form.get("utfall", "")), reason=line_of(form, "grunn"), beside=beside, by=visit.by
        ),
    )  # fmt: skip
    if fault:
        return _merge(visit, collection, documents, 422, fault, form)
    return visit.go_to(f"{WHERE}/{collection}/flett?{urlencode([('dokument', one) for one in documents])}")


@router.post(WHERE + "/{collection}/flett")
def draft(visit: Somebody, collection: str, form: Form) -> Response:
    """Make the shared draft of the paragraphs that were chosen, as they were read."""
    documents, made = _documents(form), list[str]()

    def act() -> None:
        proposed = visit.library.draft_from(
            [one for one in documents if not one.startswith("procedure:")], _choices(form), title=line_of(form, "tittel"),
            access=line_of(form, "tilgang"), responsible_role=line_of(form, "rolle"), doses_read="doser" in form,
            read=str(form.get("lest", "")), by=visit.by, decision_id=decision_of(form),
        )  # fmt: skip
        made.append(proposed.proposal)

    if fault := fault_of(visit, act):
        return _merge(visit, collection, documents, 422, fault, form)
    return visit.go_to(f"/forslag/{made[0]}/tilbud")


@router.get("/forslag/{proposal}/tilbud")
def offers(visit: Somebody, proposal: str) -> Response:
    """Show what a shared draft offers each municipality as something of its own."""
    return _offers(visit, proposal)


@router.post("/forslag/{proposal}/tilbud/{offer}")
def take(visit: Somebody, proposal: str, offer: str, form: Form) -> Response:
    """Take an offer, as local information or an addition."""
    fault = fault_of(
        visit,
        lambda: visit.library.take_offer(
            offer, kind=line_of(form, "slag"), reason=line_of(form, "grunn"), source=line_of(form, "kilde"), by=visit.by,
            decision_id=decision_of(form),
        ),
    )  # fmt: skip
    return _offers(visit, proposal, 422, fault) if fault else visit.go_to(f"/forslag/{proposal}/tilbud")


def _documents(form: Form) -> list[str]:
    return [str(one)[:80] for one in form.getlist("dokument")[:_MOST]]


def _choices(form: Form) -> dict[int, Choice]:
    """
    Give what was chosen of each row.

    Raises:
        InvalidRequest: A choice is none.
    """
    found: dict[int, Choice] = {}
    for name, value in form.items():
        row, given = name.removeprefix(_ROW), str(value)
        if not name.startswith(_ROW) or not _is_number(row):
            continue
        if not _is_number(given) and given not in set(Keep):
            raise InvalidRequest(what="choice", value=given[:20], expected=", ".join(Keep))
        found[int(row)] = int(given) if _is_number(given) else Keep(given)
    return found


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) < 6  # noqa: PLR2004 - more rows than a text has


def _acted(visit: Visit, collection: str, act: Callable[[], object]) -> Response:
    fault = fault_of(visit, act)
    return _page(visit, collection, 422, fault) if fault else visit.go_to(f"{WHERE}/{collection}")


def _given(form: Form | None) -> Mapping[str, str]:
    return {name: str(value) for name, value in form.items()} if form else {}


def _list(visit: Visit, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    networks = {id_: name for id_, name in visit.library.networks().items() if visit.may(Verb.HEAR, network_body(id_))}
    return visit.page(
        "collections.html", status, found=visit.library.collections(reader=visit.actor), fault=fault, networks=networks,
        given=_given(form), decision=new_decision(),
    )  # fmt: skip


def _page(visit: Visit, collection: str, status: int = 200, fault: str = "") -> Response:
    found = visit.library.collection(collection, reader=visit.actor)
    merges = visit.may(Verb.MERGE, network_body(found.network))
    return visit.page(
        "collection.html", status, one=found, fault=fault, leads=visit.may(Verb.HEAR, network_body(found.network)), merges=merges,
        alike=visit.library.alike(collection, reader=visit.actor) if merges else None, sends=_those(visit, found, Verb.TAKE_IN),
        answers=_those(visit, found, Verb.PREPARE),
        address=lambda members: urlencode([("dokument", each.id) for each in members]),
    )  # fmt: skip


def _those(visit: Visit, found: "Collection", verb: Verb) -> list[str]:
    return [one.municipality for one in found.senders if visit.may(verb, municipality_body(one.municipality))]


def _merge(
    visit: Visit,
    collection: str,
    documents: Sequence[str],
    status: int = 200,
    fault: str = "",
    form: Form | None = None,
) -> Response:
    from samrutine.collecting.model import names_of

    of = visit.library.collection(collection, reader=visit.actor)
    whole = visit.library.side_by_side(documents, reader=visit.actor)
    sent = {one.id: one.triage for one in whole.variants if one.procedure is None}
    is_ready = bool(sent) and not reasons_against_draft(sent)
    shown = visit.library.side_by_side(drafted_from(sent), reader=visit.actor) if is_ready else whole
    library, network = visit.say("collecting.library"), of.network_name
    return visit.page(
        "merging.html", status, of=of, members=whole.variants, documents=[one.id for one in whole.variants], found=shown,
        names=names_of(whole.variants, library=library, network=network), fault=fault, given=_given(form), ready=is_ready,
        merges=visit.may(Verb.MERGE, network_body(of.network)), outcomes=list(Triage), chosen=_chosen_beforehand(shown, form),
        needs=needs_choice, fields=can_have_fields, same=Compared.SAME, told=partial(_told, visit), decision=new_decision(),
        accesses=list(AccessClass),
    )  # fmt: skip


def _chosen_beforehand(found: "Comparison", form: Form | None) -> dict[int, str]:
    """Give what is chosen of each row as the page is shown: what somebody chose, else what is safe."""
    safe = {number: str(choice) for number, choice in suggested(SideBySide((), found.rows)).items()}
    given = {
        int(name.removeprefix(_ROW)): value
        for name, value in _given(form).items()
        if name.startswith(_ROW) and _is_number(name.removeprefix(_ROW))
    }
    return {**safe, **given}


def _offers(visit: Visit, proposal: str, status: int = 200, fault: str = "") -> Response:
    view = visit.library.look_at_proposal(proposal, reader=visit.actor)
    found = visit.library.offered(proposal, reader=visit.actor)
    places = {one.number: one.name for one in visit.library.municipalities()}
    mine = {number for number in places if visit.may(Verb.PREPARE, municipality_body(number))}
    return visit.page(
        "offers.html", status, one=view.proposal, found=found, named=places, mine=mine, fault=fault, new_decision=new_decision,
        kinds=list(ADDED_BY_PEOPLE),
    )  # fmt: skip


def _told(visit: Visit, key: str, **places: object) -> str:
    """Say what a comparison says, in the language that it has words in."""
    return told(key, visit.say.formal, **places)
