"""What is printed beside a routine, and the files that belong to it: pocket card, checklist, changes, handbook, attachments."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.adoptions.effective import ControlHeader
from samrutine.web.pages.reading import found_document
from samrutine.web.sending import file_answer
from samrutine.web.visit import Reader, Somebody, Visit

if TYPE_CHECKING:
    from samrutine.adoptions.paper import Paper

router = APIRouter()


@router.get("/rutine/{procedure}/vedlegg/{name}")
def attachment(visit: Reader, procedure: str, name: str) -> Response:
    """Give a file that belongs to the version that is shown. It is kept, not opened here: somebody else made it."""
    header = found_document(visit, procedure).header
    found = visit.library.attachment(procedure, name, version=header.version, reader=visit.actor)
    return file_answer(found.data, found.name, found.media_type)


@router.get("/rutine/{procedure}/lommekort.pdf")
def card(visit: Reader, procedure: str) -> Response:
    """Give the pocket card of a routine, as it applies where one works."""
    header = found_document(visit, procedure).header
    place = header.municipality.number if header.municipality else None
    made = visit.library.card(
        procedure, place, section=visit.asked("del", 120) or None, version=header.version, reader=visit.actor
    )
    return _printed(visit, made, header, "card")


@router.get("/rutine/{procedure}/sjekkliste.pdf")
def checklist(visit: Reader, procedure: str) -> Response:
    """Give the points to tick off of a routine, empty, as it applies where one works."""
    header = found_document(visit, procedure).header
    place = header.municipality.number if header.municipality else None
    made = visit.library.checklist(procedure, place, version=header.version, reader=visit.actor)
    return _printed(visit, made, header, "checklist")


@router.get("/rutine/{procedure}/endret.pdf")
def redline(visit: Reader, procedure: str) -> Response:
    """Say on paper what changed from one version to another."""
    made = visit.library.redline(procedure, visit.asked("fra"), visit.asked("til") or None, reader=visit.actor)
    return _printed(visit, made, made.document.header, "redline")


@router.get("/handbok.{suffix}")
def handbook(visit: Somebody, suffix: str) -> Response:
    """Give all that applies where one works in one file, or all of a subject."""
    made = visit.library.handbook(visit.home.number, subject=visit.asked("tema", 60) or None, reader=visit.actor)
    name = f"{visit.say('papers.handbook_file')}-{visit.home.slug}-{made.day.isoformat()}.{suffix}"
    return file_answer(visit.library.render(made, suffix, copy=True), name)


def _printed(visit: Visit, paper: "Paper", header: ControlHeader, kind: str) -> Response:
    procedure, version = header.procedure_id, header.version
    where = f"-{header.municipality.slug}" if header.municipality else ""
    name = f"{procedure}-{version}{where}-{visit.say(f'papers.{kind}_file')}.pdf"
    return file_answer(visit.library.render(paper, "pdf", copy=True), name)
