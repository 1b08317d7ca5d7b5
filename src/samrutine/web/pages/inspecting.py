"""«Tilsyn»: what applied in a municipality on a day, about a subject, with the account of each routine, and all of it as files."""

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.adoptions.inspecting import Inspection
from samrutine.adoptions.paper_errors import NothingToPrint
from samrutine.errors import InvalidRequest
from samrutine.web.forms import day_of
from samrutine.web.sending import file_answer
from samrutine.web.visit import Somebody, Visit

router = APIRouter()
SUFFIXES = ("pdf", "zip")


@router.get("/tilsyn")
def show(visit: Somebody) -> Response:
    """Show the account of each routine that applied; a form where nobody has asked yet."""
    from samrutine.exchange.inspection import parts_of

    fault = ""
    found: Inspection | None = None
    if "dag" in visit.request.query_params:
        try:
            found = _found(visit)
        except (NothingToPrint, InvalidRequest) as error:
            fault = visit.why(error)
    subjects = sorted((one.name(visit.say.language), str(one.id)) for one in visit.library.subjects())
    return visit.page(
        "inspection.html", 404 if fault else 200, where=visit.home, found=found, fault=fault, subjects=subjects, parts_of=parts_of,
        subject=visit.asked("tema", 60), day=visit.asked("dag", 20) or visit.library.today.isoformat(),
        query=visit.request.url.query,
    )  # fmt: skip


@router.get("/tilsyn/pakke.{suffix}")
def package(visit: Somebody, suffix: str) -> Response:
    """Give the accounts as a PDF, or with every document in a ZIP."""
    if suffix not in SUFFIXES:
        raise InvalidRequest(what="format", value=suffix[:20], expected=", ".join(SUFFIXES))
    found = _found(visit)
    data = visit.library.render(found, suffix, copy=True)
    return file_answer(
        data, f"{visit.say('inspection.file')}-{found.municipality.slug}-{found.on.isoformat()}.{suffix}"
    )


def _found(visit: Visit) -> Inspection:
    day: date | None = day_of(visit.request.query_params, "dag")
    return visit.library.inspection(visit.home.number, day, subject=visit.asked("tema", 60) or None, reader=visit.actor)
