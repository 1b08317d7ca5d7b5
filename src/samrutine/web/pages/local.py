"""What a municipality makes its own: what the routine asks it to fill in, and its additions, beside those of the others."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, municipality_body
from samrutine.adoptions.additions import ADDED_BY_PEOPLE
from samrutine.errors import AdditionNotFound, DocumentNotFound
from samrutine.procedures.sections import sections
from samrutine.web.forms import decision_of, fault_of, line_of, new_decision, text_of
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()
FILLED: Final = "felt-"


@router.get("/rutine/{procedure}/lokalt")
def show(visit: Somebody, procedure: str) -> Response:
    """Show what is the municipality's own in a routine, and what the others have added."""
    return _page(visit, procedure)


@router.post("/rutine/{procedure}/lokalt/opplysninger")
def fill_in(visit: Somebody, procedure: str, form: Form) -> Response:
    """Fill in what the routine asks for; it applies at once. Only what was changed is sent on."""
    where = visit.home
    known = {
        one.key: one.value or "" for one in visit.library.local_information(procedure, where.number, reader=visit.actor)
    }
    given = {
        name.removeprefix(FILLED): " ".join(str(value).split())
        for name, value in form.items()
        if name.startswith(FILLED)
    }
    changed = {key: value for key, value in given.items() if value != known.get(key)}

    def act() -> None:
        if changed:
            visit.library.set_local_information(
                procedure, where.number, changed, by=visit.by, decision_id=decision_of(form)
            )

    return _done(visit, procedure, form, act)


@router.post("/rutine/{procedure}/lokalt/tillegg")
def add(visit: Somebody, procedure: str, form: Form) -> Response:
    """Add something to a section, or to the whole."""

    def act() -> None:
        visit.library.add_addition(
            procedure, visit.home.number, str(form.get("del", "")), str(form.get("slag", "")), text_of(form, "tekst"),
            reason=line_of(form, "grunn"), source=line_of(form, "kilde"), departs="avviker" in form, by=visit.by,
            decision_id=decision_of(form),
        )  # fmt: skip

    return _done(visit, procedure, form, act)


@router.post("/rutine/{procedure}/lokalt/tillegg/{addition}")
def change(visit: Somebody, procedure: str, addition: str, form: Form) -> Response:
    """Give an addition other words, or take it away."""
    here = visit.library.additions(procedure, visit.home.number, reader=visit.actor)
    if addition not in {one.addition for one in here}:
        raise AdditionNotFound(addition=addition[:40])

    def act() -> None:
        if "bort" in form:
            visit.library.drop_addition(
                addition, reason=line_of(form, "grunn"), by=visit.by, decision_id=decision_of(form)
            )
        else:
            visit.library.change_addition(
                addition, text_of(form, "tekst"), reason=line_of(form, "grunn"), source=line_of(form, "kilde"), departs="avviker" in form,
                by=visit.by, decision_id=decision_of(form),
            )  # fmt: skip

    return _done(visit, procedure, form, act, addition)


def _done(visit: Visit, procedure: str, form: Form, act: Callable[[], None], addition: str = "") -> Response:
    if fault := fault_of(visit, act):
        return _page(visit, procedure, 422, fault, form, addition)
    return visit.go_to(f"/rutine/{procedure}/lokalt")


def _page(
    visit: Visit, procedure: str, status: int = 200, fault: str = "", form: Form | None = None, addition: str = ""
) -> Response:
    where = visit.home
    try:
        found = visit.library.document(procedure, where.number, reader=visit.actor)
    except DocumentNotFound:
        found = visit.library.document(procedure, reader=visit.actor)
    every = visit.library.additions(procedure, reader=visit.actor)
    given = {name: str(value) for name, value in form.items()} if form is not None else {}
    return visit.page(
        "local.html", status, procedure=procedure, where=where, title=found.header.title, fault=fault, given=given, at=addition,
        fields=visit.library.local_information(procedure, where.number, reader=visit.actor),
        own=[one for one in every if one.municipality.number == where.number],
        others=[one for one in every if one.municipality.number != where.number],
        sections=[(one.key, one.heading) for one in sections(found.text.body)],
        kinds=ADDED_BY_PEOPLE, may=visit.may(Verb.PREPARE, municipality_body(where.number)), new_decision=new_decision,
    )  # fmt: skip
