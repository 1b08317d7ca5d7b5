"""Checklists that are followed for somebody: open one, tick off, say who helps, hand it on, print it, end it."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, municipality_body
from samrutine.errors import NotFound
from samrutine.reading.checklist_model import LONGEST_WHOM, PointState, RunState, parts_of
from samrutine.web.forms import day_of, decision_of, fault_of, line_of, new_decision, text_of
from samrutine.web.sending import file_answer
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()

_DONE, _OPEN, _NOT_RELEVANT = (one.value for one in (PointState.DONE, PointState.OPEN, PointState.NOT_RELEVANT))
_HELPS: Final = "hjelp."
"""A field for each part of the text: `hjelp.0` is who does the first one's points."""


@router.get("/sjekklister")
def show_all(visit: Somebody) -> Response:
    """Show the lists that one takes part in or looks after."""
    return _all(visit)


@router.get("/rutine/{procedure}/sjekkliste")
def begin(visit: Somebody, procedure: str) -> Response:
    """Show what is needed to open a list."""
    return _opening(visit, procedure)


@router.post("/rutine/{procedure}/sjekkliste")
def open_one(visit: Somebody, procedure: str, form: Form) -> Response:
    """Open a list from what applies where one works."""
    opened = ""

    def act() -> None:
        nonlocal opened
        parts = parts_of(visit.library.checklist_points(procedure, visit.home.number, reader=visit.actor))
        given = _helpers(form, parts)
        opened = visit.library.open_checklist(
            procedure, visit.home.number, text_of(form, "hvem"), helpers={part: who for part, who in given.items() if who},
            by=visit.by, decision_id=decision_of(form),
        ).run  # fmt: skip

    fault = fault_of(visit, act)
    return _opening(visit, procedure, 422, fault, form) if fault else visit.go_to(f"/sjekklister/{opened}")


@router.get("/sjekklister/{checklist}")
def show(visit: Somebody, checklist: str) -> Response:
    """Show a list."""
    return _one(visit, checklist)


@router.post("/sjekklister/{checklist}")
def mark(visit: Somebody, checklist: str, form: Form) -> Response:
    """
    Write down what was ticked off since the page was shown.

    What others ticked off meanwhile stands: only what differs from what was shown is changed.
    """

    def act() -> None:
        visit.library.mark_points(checklist, _changed(form), on=day_of(form, "dag"), by=visit.by)

    fault = fault_of(visit, act)
    left = {str(one) for one in form.getlist("gjort")}
    return _one(visit, checklist, 422, fault, left) if fault else visit.go_to(f"/sjekklister/{checklist}")


@router.post("/sjekklister/{checklist}/punkt/{point}")
def mark_one(visit: Somebody, checklist: str, point: str, form: Form) -> Response:
    """Write down one point at once, for a page with scripts; the answer is how far the list has come."""
    state = _DONE if point in form.getlist("gjort") else _OPEN
    fault = fault_of(visit, lambda: visit.library.mark_points(checklist, {point: state}, by=visit.by))
    run = visit.library.followed_checklist(checklist, by=visit.by)
    return visit.page("checklist_progress.html", run=run, fault=fault)


@router.post("/sjekklister/{checklist}/hjelp")
def helped(visit: Somebody, checklist: str, form: Form) -> Response:
    """Say who helps."""

    def act() -> None:
        parts = visit.library.followed_checklist(checklist, by=visit.by).parts
        given = _helpers(form, [one.label for one in parts])
        visit.library.help_with_checklist(checklist, given, by=visit.by)

    fault = fault_of(visit, act)
    return _one(visit, checklist, 422, fault) if fault else visit.go_to(f"/sjekklister/{checklist}")


@router.post("/sjekklister/{checklist}/videre")
def hand_on(visit: Somebody, checklist: str, form: Form) -> Response:
    """Let somebody else keep the list."""
    fault = fault_of(visit, lambda: visit.library.hand_on_checklist(checklist, str(form.get("til", "")), by=visit.by))
    return _all(visit, 422, fault) if fault else visit.go_to("/sjekklister")


@router.post("/sjekklister/{checklist}/avslutt")
def end(visit: Somebody, checklist: str, form: Form) -> Response:
    """Finish the list, or stop it."""
    is_finished = form.get("hvordan") == "ferdig"
    fault = fault_of(visit, lambda: visit.library.end_checklist(checklist, finished=is_finished, by=visit.by))
    return _one(visit, checklist, 422, fault) if fault else visit.go_to(f"/sjekklister/{checklist}")


@router.get("/sjekklister/{checklist}/utskrift.pdf")
def printed(visit: Somebody, checklist: str) -> Response:
    """Give the list as it stands, to print and file where the municipality files it."""
    paper = visit.library.checklist_paper(checklist, by=visit.by)
    name = f"{paper.document.header.procedure_id}-{visit.say('papers.checklist_file')}-{visit.library.today}.pdf"
    return file_answer(visit.library.render(paper, "pdf"), name)


def _helpers(form: Form, parts: "list[str] | tuple[str, ...]") -> dict[str, str | None]:
    """Give who was chosen for each part that the form asks about."""
    return {part: line_of(form, f"{_HELPS}{n}") for n, part in enumerate(parts) if f"{_HELPS}{n}" in form}


def _changed(form: Form) -> Mapping[str, str]:
    """Give what was changed on a page: each point as it is left there, where it differs from what was shown."""
    done = {str(one) for one in form.getlist("gjort")}
    changed = {}
    for shown in form.getlist("sett"):
        point, _, state = str(shown).partition(":")
        left = _DONE if point in done else _NOT_RELEVANT if state == _NOT_RELEVANT else _OPEN
        if left != state:
            changed[point] = left
    for name, state in (("ikke-aktuelt", _NOT_RELEVANT), ("likevel", _OPEN)):
        changed |= {str(one): state for one in form.getlist(name)}
    return changed


def _all(visit: Visit, status: int = 200, fault: str = "") -> Response:
    found = visit.library.followed_checklists(by=visit.by)
    towns = sorted({one.municipality for one in found if one.state is RunState.OPEN})
    colleagues = {}
    for town in towns:
        number = visit.library.get_municipality(town).number
        if visit.may(Verb.TICK_OFF, municipality_body(number)):
            colleagues[town] = visit.library.checklist_colleagues(town, by=visit.by)
    own = [] if visit.place is None else _with_points(visit)
    return visit.page(
        "checklists.html", status, found=found, fault=fault, colleagues=colleagues, own=own,
    )  # fmt: skip


def _with_points(visit: Visit) -> "list[tuple[str, str]]":
    """Give the checklists that apply where one works, by title."""
    if not visit.may(Verb.TICK_OFF, municipality_body(visit.home.number)):
        return []
    in_force = visit.library.in_force(municipality=visit.home.number, reader=visit.actor)
    kinds = {str(one.id): one.kind for one in visit.library.procedures(reader=visit.actor)}
    return [(str(one.procedure), one.title) for one in in_force if kinds.get(str(one.procedure)) == "checklist"]


def _opening(visit: Visit, procedure: str, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    where = visit.home
    points = visit.library.checklist_points(procedure, where.number, reader=visit.actor)
    if not points:
        raise NotFound
    document = visit.library.document(procedure, where.number, reader=visit.actor)
    may = visit.may(Verb.TICK_OFF, municipality_body(where.number))
    return visit.page(
        "checklist_opening.html", status, header=document.header, procedure=procedure, where=where, fault=fault,
        given=form or {}, parts_named=parts_of(points), count=len(points), may=may, longest=LONGEST_WHOM,
        colleagues=visit.library.checklist_colleagues(where.number, by=visit.by) if may else [], decision=new_decision(),
    )  # fmt: skip


def _one(visit: Visit, checklist: str, status: int = 200, fault: str = "", left: set[str] | None = None) -> Response:
    run = visit.library.followed_checklist(checklist, by=visit.by)
    is_kept = run.summary.is_mine and run.summary.state is RunState.OPEN
    colleagues = visit.library.checklist_colleagues(run.summary.municipality, by=visit.by) if is_kept else []
    groups: list[tuple[str, list[tuple[str, list[object]]]]] = []
    for one in run.points:
        heading, part = one.point.heading, one.point.part
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        if not groups[-1][1] or groups[-1][1][-1][0] != part:
            groups[-1][1].append((part, []))
        groups[-1][1][-1][1].append(one)
    return visit.page(
        "checklist.html", status, run=run, left=left, groups=groups, fault=fault, is_kept=is_kept, colleagues=colleagues,
        may_mark=any(one.may_mark for one in run.points), today=visit.library.today, helper_of={one.label: one for one in run.parts},
    )  # fmt: skip
