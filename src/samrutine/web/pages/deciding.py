"""What a municipality does about routines: see what waits, what it means here, and answer in a minute, one or many at once."""

from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, municipality_body
from samrutine.adoptions.additions import Edit
from samrutine.adoptions.answers import ListRow
from samrutine.adoptions.model import AdoptionState
from samrutine.errors import InvalidRequest
from samrutine.networks.model import Municipality
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.web.forms import day_of, decision_of, fault_of, new_decision
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()
ANSWERS: Final = (
    AdoptionState.IN_USE, AdoptionState.DEFERRED, AdoptionState.DECLINED, AdoptionState.NOT_RELEVANT,
    AdoptionState.OWN_ROUTINE, AdoptionState.ENDED,
)  # fmt: skip
CONSIDER: Final = "consider-version"


@router.get("/kommune")
def municipality(visit: Somebody) -> Response:
    """Show what waits in the municipality, and what it has answered about each routine."""
    return _municipality(visit)


@router.post("/kommune/ta-i-bruk")
def adopt_many(visit: Somebody, form: Form) -> Response:
    """Take many versions into use at once, all or none: each as it was listed."""
    where = visit.home
    chosen = [str(one).rpartition(" ") for one in form.getlist("rutine")]
    rows = [
        ListRow(ProcedureId(procedure), AdoptionState.IN_USE, VersionNumber.parse(version))
        for procedure, _, version in chosen
    ]
    if not rows:
        return _municipality(visit, 422, visit.say("municipality.none_chosen"))
    fault = fault_of(
        visit, lambda: visit.library.decide_list(where.number, rows, by=visit.by, decision_id=decision_of(form))
    )
    return _municipality(visit, 422, fault) if fault else visit.go_to("/kommune")


@router.get("/rutine/{procedure}/beslutning")
def show(visit: Somebody, procedure: str) -> Response:
    """Show what the newest version means where one works, and what can be answered."""
    return _page(visit, procedure)


@router.post("/rutine/{procedure}/beslutning")
def answer(visit: Somebody, procedure: str, form: Form) -> Response:
    """Answer for the municipality. What is refused comes back with all that was written."""
    where, decision = visit.home, decision_of(form)
    given = _Given({name: str(value) for name, value in form.items() if not name.startswith("_")})

    def act() -> None:
        values = given.under("felt-")
        if given.answer is AdoptionState.IN_USE and values:
            visit.library.set_local_information(
                procedure, where.number, values, by=visit.by, decision_id=f"{decision}-felt"
            )
        _answer(visit, procedure, where, given, decision)

    if fault := fault_of(visit, act):
        return _page(visit, procedure, 422, fault, given, decision)
    return visit.go_to(f"/rutine/{procedure}?kommune={where.slug}")


@dataclass(frozen=True, slots=True)
class _Given:
    """What somebody wrote in the form, by the names of its fields."""

    fields: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    def under(self, start: str) -> dict[str, str]:
        """Give those whose names begin so and that are filled in, by the rest of their names."""
        return {
            name.removeprefix(start): value.strip()
            for name, value in self.fields.items()
            if name.startswith(start) and value.strip()
        }

    @property
    def answer(self) -> AdoptionState | None:
        """What was answered."""
        return next((one for one in ANSWERS if one.value == self["svar"]), None)

    def additions(self) -> dict[str, str | Edit]:
        """Give the answers to additions: "keep", "drop", or the new words."""
        words = self.under("ord-")
        return {
            one: Edit(words.get(one, "").replace("\r\n", "\n")) if answer == "edit" else answer
            for one, answer in self.under("tillegg-").items()
        }


def _answer(visit: Visit, procedure: str, where: Municipality, given: _Given, decision: str) -> None:
    library, by, reason = visit.library, visit.by, given["grunn"]
    match given.answer:
        case AdoptionState.IN_USE:
            library.adopt(
                procedure, where.number, version=given["versjon"] or None, from_on=day_of(given.fields, "fra"), case=given["sak"] or None,
                reason=reason or None, additions=given.additions(), by=by, decision_id=decision,
            )  # fmt: skip
        case AdoptionState.DEFERRED:
            until = day_of(given.fields, "til")
            if until is None:
                raise InvalidRequest(what="day", value="", expected="2026-11-23")
            library.defer(procedure, where.number, until=until, reason=reason, by=by, decision_id=decision)
        case AdoptionState.DECLINED:
            library.decline(procedure, where.number, reason=reason, by=by, decision_id=decision)
        case AdoptionState.NOT_RELEVANT:
            library.mark_not_relevant(procedure, where.number, reason=reason, by=by, decision_id=decision)
        case AdoptionState.OWN_ROUTINE:
            library.use_own_routine(
                procedure, where.number, link=given["lenke"], reason=reason or None, by=by, decision_id=decision
            )
        case AdoptionState.ENDED:
            library.end_use(
                procedure,
                where.number,
                reason=reason,
                last_day=day_of(given.fields, "siste"),
                by=by,
                decision_id=decision,
            )
        case _:
            raise InvalidRequest(what="answer", value=given["svar"][:20], expected=", ".join(ANSWERS))


def _page(
    visit: Visit, procedure: str, status: int = 200, fault: str = "", given: _Given | None = None, decision: str = ""
) -> Response:
    from samrutine.proposals.prose_html import html_of

    where = visit.home
    effect = visit.library.effect_on_local(procedure, where.number, reader=visit.actor)
    document = visit.library.document(procedure, version=effect.version, reader=visit.actor)
    newest = next(one for one in visit.library.versions(procedure, reader=visit.actor) if one.version == effect.version)
    changes = ""
    if effect.was is not None and effect.was != effect.version:
        diff = visit.library.compare(procedure, effect.was, effect.version, reader=visit.actor)
        changes = html_of(diff, visit.say.formal, heading_level=3, deepest=3)
    shown = given or _Given({"svar": AdoptionState.IN_USE.value})
    return visit.page(
        "deciding.html", status, procedure=procedure, where=where, effect=effect, header=document.header, changes=changes,
        meaning=newest.meaning, fault=fault, given=shown, decision=decision or new_decision(),
        answers=[(one.value, visit.say(f"deciding.{one.value}")) for one in ANSWERS if one is not AdoptionState.ENDED or effect.was],
    )  # fmt: skip


def _municipality(visit: Visit, status: int = 200, fault: str = "") -> Response:
    where = visit.home
    waiting = visit.library.waiting(municipality_body(where.number), reader=visit.actor)
    matrix = visit.library.matrix(reader=visit.actor)
    cells = {cell.procedure: cell for cell in matrix.cells.values() if cell.municipality == where.number}
    return visit.page(
        "municipality.html", status, where=where, fault=fault, decision=new_decision(),
        looks_after_people=visit.may(Verb.MANAGE_PEOPLE, municipality_body(where.number)),
        consider=[one for one in waiting if one.what == CONSIDER and one.procedure],
        others=[one for one in waiting if one.what != CONSIDER or not one.procedure],
        rows=[(*one, cells.get(one[0])) for one in matrix.procedures],
    )  # fmt: skip
