"""What a municipality decides: use, local information, additions; and the account of what applied."""

import hashlib
from dataclasses import replace
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.adoptions.account import Account
from samrutine.adoptions.adding import AdditionDecided
from samrutine.adoptions.additions import AnswerTo
from samrutine.adoptions.answers import ListRow
from samrutine.adoptions.filling_in import LocalInformationSet, LocalInformationValue
from samrutine.adoptions.lists import ListDecided, RowLook
from samrutine.adoptions.model import AdoptionState
from samrutine.adoptions.service import Answered
from samrutine.adoptions.side_by_side import AdditionShown, LocalEffect, LocalInformationChange
from samrutine.inbox.model import Waiting
from samrutine.plain import plain, plain_error
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.web.api import WHERE
from samrutine.web.api.answers import After, Limit, answer, gives, gives_file, gives_page, page, tagged
from samrutine.web.api.atom import MEDIA_TYPE, feed
from samrutine.web.api.caller import Caller, Calling
from samrutine.web.api.given import (
    AnswerList,
    ChangedAddition,
    Deferral,
    Ending,
    Id,
    ListedAnswer,
    LocalValues,
    MaybeReason,
    MaybeVersion,
    NewAddition,
    OnDay,
    OwnRoutine,
    Reason,
    Taking,
    Where,
    day,
)

router = APIRouter(default_response_class=Response)
_HERE = "/municipalities/{municipality}/procedures/{procedure}"


@router.get("/municipalities/{municipality}/inbox", responses=gives_page(Waiting), tags=["municipalities"])
def inbox(caller: Calling, municipality: Where, after: After = None, limit: Limit = 50) -> Response:
    """List what waits for a municipality: routines that are new or changed, and what else asks for an answer."""
    found = caller.library.waiting(f"municipality:{municipality}", reader=caller.actor)
    return page(caller, found, lambda one: f"{one.what} {one.subject}", after, limit)


@router.get("/municipalities/{municipality}/atom.xml", responses=gives_file(MEDIA_TYPE), tags=["municipalities"])
def news(caller: Calling, municipality: Where) -> Response:
    """Give what applies in a municipality as an Atom feed, what came into force last first."""
    where = caller.library.get_municipality(municipality)
    found = caller.library.in_force(municipality=where.number, reader=caller.actor)
    reached = str(caller.request.app.state.address or caller.request.base_url).rstrip("/")
    data = feed(where, found, f"{reached}{WHERE}", caller.language)
    return tagged(caller, data.tag, lambda: data.xml, MEDIA_TYPE)


@router.post(_HERE + "/adopt", responses=gives(Answered), tags=["use"])
def adopt(caller: Calling, municipality: Where, procedure: Id, given: Taking) -> Response:
    """Take a version into use, by a decider with registered delegation on the level that the routine asks for."""
    return answer(caller, caller.library.adopt(
        procedure, municipality, by=caller.actor, version=given.version, from_on=day(given.from_on), case=given.case,
        reason=given.reason, additions=dict(given.additions), decision_id=caller.act,
    ))  # fmt: skip


@router.post(_HERE + "/defer", responses=gives(Answered), tags=["use"])
def defer(caller: Calling, municipality: Where, procedure: Id, given: Deferral) -> Response:
    """Put the answer off until a day; what is in force goes on."""
    return answer(caller, caller.library.defer(
        procedure, municipality, until=date.fromisoformat(given.until), reason=given.reason, by=caller.actor,
        decision_id=caller.act,
    ))  # fmt: skip


@router.post(_HERE + "/decline", responses=gives(Answered), tags=["use"])
def decline(caller: Calling, municipality: Where, procedure: Id, given: Reason) -> Response:
    """Answer that a routine is not taken into use."""
    return answer(caller, caller.library.decline(
        procedure, municipality, reason=given.reason, by=caller.actor, decision_id=caller.act
    ))  # fmt: skip


@router.post(_HERE + "/not-relevant", responses=gives(Answered), tags=["use"])
def not_relevant(caller: Calling, municipality: Where, procedure: Id, given: Reason) -> Response:
    """Answer that a routine concerns nothing the municipality does."""
    return answer(caller, caller.library.mark_not_relevant(
        procedure, municipality, reason=given.reason, by=caller.actor, decision_id=caller.act
    ))  # fmt: skip


@router.post(_HERE + "/own-routine", responses=gives(Answered), tags=["use"])
def own_routine(caller: Calling, municipality: Where, procedure: Id, given: OwnRoutine) -> Response:
    """Answer that the municipality follows a routine of its own."""
    return answer(caller, caller.library.use_own_routine(
        procedure, municipality, link=given.link, reason=given.reason, by=caller.actor, decision_id=caller.act
    ))  # fmt: skip


@router.post(_HERE + "/end", responses=gives(Answered), tags=["use"])
def end(caller: Calling, municipality: Where, procedure: Id, given: Ending) -> Response:
    """End the use of a routine."""
    return answer(caller, caller.library.end_use(
        procedure, municipality, reason=given.reason, last_day=day(given.last_day), by=caller.actor,
        decision_id=caller.act,
    ))  # fmt: skip


@router.post("/municipalities/{municipality}/answers", responses=gives(ListDecided), tags=["use"])
def decide_list(caller: Calling, municipality: Where, given: AnswerList) -> Response:
    """Answer about many routines at once: all or none."""
    rows = [_row(one) for one in given.rows]
    return answer(caller, caller.library.decide_list(municipality, rows, by=caller.actor, decision_id=caller.act))


@router.post("/municipalities/{municipality}/answers/look", responses=gives(list[RowLook]), tags=["use"])
def look_at_list(caller: Calling, municipality: Where, given: AnswerList) -> Response:
    """Tell what each row of a list would do, and decide nothing."""
    found = caller.library.look_at_list(municipality, [_row(one) for one in given.rows], by=caller.actor)
    return answer(caller, [_look(caller, one) for one in found])


@router.get(_HERE + "/effect", responses=gives(LocalEffect), tags=["use"])
def effect(caller: Calling, municipality: Where, procedure: Id, version: MaybeVersion = None) -> Response:
    """Tell what a version, the newest when none is named, means for the municipality's local layer."""
    return answer(caller, caller.library.effect_on_local(procedure, municipality, version, reader=caller.actor))


@router.get(_HERE + "/local-values", responses=gives(list[LocalInformationValue]), tags=["local"])
def local_values(caller: Calling, municipality: Where, procedure: Id) -> Response:
    """Give what a routine asks the municipality to fill in, and what stands there."""
    return answer(caller, caller.library.local_information(procedure, municipality, reader=caller.actor))


@router.put(_HERE + "/local-values", responses=gives(LocalInformationSet), tags=["local"])
def set_local_values(caller: Calling, municipality: Where, procedure: Id, given: LocalValues) -> Response:
    """Fill in local information. It applies at once, with history; what is not named is left as it is."""
    return answer(caller, caller.library.set_local_information(
        procedure, municipality, dict(given.values), by=caller.actor, decision_id=caller.act
    ))  # fmt: skip


@router.get(_HERE + "/local-values/history", responses=gives_page(LocalInformationChange), tags=["local"])
def local_history(
    caller: Calling, municipality: Where, procedure: Id, after: After = None, limit: Limit = 50
) -> Response:
    """List every change of a municipality's local information."""
    found = caller.library.local_information_history(procedure, municipality, reader=caller.actor)
    return page(caller, found, lambda one: f"{one.decided_number}:{one.key}", after, limit)


@router.get(_HERE + "/additions", responses=gives_page(AdditionShown), tags=["local"])
def additions(caller: Calling, municipality: Where, procedure: Id, after: After = None, limit: Limit = 50) -> Response:
    """List a municipality's additions to a routine."""
    found = caller.library.additions(procedure, municipality, reader=caller.actor)
    return page(caller, found, lambda one: one.addition, after, limit)


@router.post(_HERE + "/additions", status_code=201, responses=gives(AdditionDecided, 201), tags=["local"])
def add(caller: Calling, municipality: Where, procedure: Id, given: NewAddition) -> Response:
    """Add something of the municipality's own to a section: open to all who may read the routine."""
    made = caller.library.add_addition(
        procedure, municipality, given.section_key, given.kind, given.text, by=caller.actor, reason=given.reason,
        source=given.source, departs=given.departs, decision_id=caller.act,
    )  # fmt: skip
    return answer(caller, made, 201)


@router.put("/additions/{addition}", responses=gives(AdditionDecided), tags=["local"])
def change(caller: Calling, addition: Id, given: ChangedAddition) -> Response:
    """Replace an addition's words."""
    return answer(caller, caller.library.change_addition(
        addition, given.text, by=caller.actor, reason=given.reason, source=given.source, departs=given.departs,
        decision_id=caller.act,
    ))  # fmt: skip


@router.post("/additions/{addition}/drop", responses=gives(AdditionDecided), tags=["local"])
def drop(caller: Calling, addition: Id, given: MaybeReason) -> Response:
    """Take an addition away; that it was there stays in the history."""
    made = caller.library.drop_addition(addition, by=caller.actor, reason=given.reason, decision_id=caller.act)
    return answer(caller, made)


@router.get(_HERE + "/account", responses=gives(Account), tags=["accounts"])
def account(caller: Calling, municipality: Where, procedure: Id, on: OnDay) -> Response:
    """Account for what applied in a municipality on a day, who decided it, and on whose authority."""
    found = caller.library.account(procedure, municipality, date.fromisoformat(on), reader=caller.actor)
    return answer(caller, found)


@router.get(_HERE + "/proof.zip", responses=gives_file("application/zip"), tags=["accounts"])
def proof(caller: Calling, municipality: Where, procedure: Id, on: OnDay) -> Response:
    """Attest what applied in a municipality on a day, or that nothing did: files that are checked without us."""
    found = caller.library.prove(procedure, municipality, on=date.fromisoformat(on), reader=caller.actor)
    data = found.zipped()
    return tagged(caller, hashlib.sha256(data).hexdigest()[:32], lambda: data, "application/zip")


def _row(given: ListedAnswer) -> ListRow:
    return ListRow(
        ProcedureId(given.procedure), AdoptionState(given.answer),
        version=VersionNumber.parse(given.version) if given.version else None, from_on=day(given.from_on),
        until=day(given.until), reason=given.reason, link=given.link, case=given.case,
        additions=tuple((one, AnswerTo(said)) for one, said in given.additions.items()),
    )  # fmt: skip


def _look(caller: Caller, one: RowLook) -> object:
    """Give what a row would do, with why it is refused as any refusal is told."""
    found = plain(replace(one, refusal=None))
    refusal = plain_error(one.refusal, caller.language) if one.refusal is not None else None
    return {**found, "refusal": refusal} if isinstance(found, dict) else found
