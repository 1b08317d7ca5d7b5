"""Routines, their versions and documents, search, and who uses what."""

from functools import cache
from importlib import metadata
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from samrutine.adoptions.effective import EffectiveDocument, effective_digest
from samrutine.adoptions.overview import InForce, MatrixCell
from samrutine.adoptions.side_by_side import AdditionShown
from samrutine.errors import ProcedureNotFound
from samrutine.inbox.model import Waiting
from samrutine.networks.model import Municipality
from samrutine.networks.service import Person
from samrutine.procedures.service import Event, ProcedureSummary, VersionSummary
from samrutine.proposals.prose_diff import ProseDiff
from samrutine.search.service import SearchAnswer
from samrutine.web.api.answers import After, Limit, answer, gives, gives_file, gives_page, page, tagged
from samrutine.web.api.caller import Calling
from samrutine.web.api.given import Id, MaybeDay, MaybeNetwork, MaybeVersion, MaybeWhere, day

router = APIRouter(default_response_class=Response)
MEDIA: Final = {
    "md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8", "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
"""Of a document that is shown by itself: it has a style of its own, and nothing that runs."""


@router.get("/me", responses=gives(Person), tags=["people"])
def me(caller: Calling) -> Response:
    """Tell as whom the program acts, with their roles and delegations."""
    return answer(caller, caller.library.person(caller.actor))


@router.get("/inbox", responses=gives_page(Waiting), tags=["people"])
def inbox(caller: Calling, after: After = None, limit: Limit = 50) -> Response:
    """List what waits for whoever made the token, the most urgent first."""
    return page(caller, caller.library.inbox(caller.actor), _waits, after, limit)


@router.get("/municipalities", responses=gives_page(Municipality), tags=["municipalities"])
def municipalities(caller: Calling, after: After = None, limit: Limit = 50) -> Response:
    """List the municipalities of the library, by number."""
    return page(caller, caller.library.municipalities(), lambda one: one.number, after, limit)


@router.get("/networks", responses=gives(dict[str, str]), tags=["networks"])
def networks(caller: Calling) -> Response:
    """Give the names of the networks, by id."""
    return answer(caller, caller.library.networks())


@router.get("/networks/{network}/inbox", responses=gives_page(Waiting), tags=["networks"])
def of_network(caller: Calling, network: Id, after: After = None, limit: Limit = 50) -> Response:
    """List what waits for a network, the most urgent first."""
    return page(caller, caller.library.waiting(f"network:{network}", reader=caller.actor), _waits, after, limit)


@router.get("/procedures", responses=gives_page(ProcedureSummary), tags=["procedures"])
def procedures(caller: Calling, network: MaybeNetwork = None, after: After = None, limit: Limit = 50) -> Response:
    """List the routines that are *faglig godkjent*, by title, perhaps of one network alone."""
    found = caller.library.procedures(network=network, reader=caller.actor)
    return page(caller, found, lambda one: one.id, after, limit)


@router.get("/procedures/{procedure}", responses=gives(ProcedureSummary), tags=["procedures"])
def procedure_(caller: Calling, procedure: Id) -> Response:
    """Give one routine: its newest version, whose it is, and when it is to be looked through."""
    found = next((one for one in caller.library.procedures(reader=caller.actor) if one.id == procedure), None)
    if found is None:
        raise ProcedureNotFound(procedure=procedure)
    return answer(caller, found)


@router.get("/procedures/{procedure}/versions", responses=gives_page(VersionSummary), tags=["procedures"])
def versions(caller: Calling, procedure: Id, after: After = None, limit: Limit = 50) -> Response:
    """List a routine's versions, the oldest first, and what each means for those who follow it."""
    return page(caller, caller.library.versions(procedure, reader=caller.actor), lambda one: one.version, after, limit)


@router.get("/procedures/{procedure}/history", responses=gives_page(Event), tags=["procedures"])
def history(
    caller: Calling, procedure: Id, municipality: MaybeWhere = None, after: After = None, limit: Limit = 50
) -> Response:
    """List every decision about a routine, each with its place in the chain and its hash there."""
    found = caller.library.history(procedure, municipality=municipality, reader=caller.actor)
    return page(caller, found, lambda one: one.number, after, limit)


@router.get("/procedures/{procedure}/differences", responses=gives(ProseDiff), tags=["procedures"])
def differences(
    caller: Calling,
    procedure: Id,
    old: Annotated[str, Query(alias="from", pattern=r"^[0-9]{1,4}\.[0-9]{1,4}$", description="The earlier version.")],
    to: MaybeVersion = None,
) -> Response:
    """Tell what changed from one version to another, the newest when no other is named, as people read it."""
    return answer(caller, caller.library.compare(procedure, old, to, reader=caller.actor))


@router.get("/procedures/{procedure}/document", responses=gives(EffectiveDocument), tags=["documents"])
def document(
    caller: Calling, procedure: Id, municipality: MaybeWhere = None, version: MaybeVersion = None, day_: MaybeDay = None
) -> Response:
    """
    Give the document as values: the control header, the shared text, local information and additions.

    With a municipality it is what applies there; without one it is the shared text.
    """
    found = caller.library.document(procedure, municipality, day=day(day_), version=version, reader=caller.actor)
    return answer(caller, found)


@router.get("/procedures/{procedure}/document.{form}", responses=gives_file(*MEDIA.values()), tags=["documents"])
def document_file(
    caller: Calling,
    procedure: Id,
    form: Annotated[Literal["md", "html", "pdf", "docx"], Path(description="In which form.")],
    municipality: MaybeWhere = None,
    version: MaybeVersion = None,
    day_: MaybeDay = None,
) -> Response:
    """
    Give the document as Markdown, HTML, PDF or Word, as a copy.

    Its `ETag` is that of the effective document: the same tag is the same words in force.
    """
    found = caller.library.document(procedure, municipality, day=day(day_), version=version, reader=caller.actor)
    where = f"-{found.header.municipality.slug}" if found.header.municipality else ""
    named = {
        "Content-Disposition": f'attachment; filename="{procedure}-{found.header.version}{where}.{form}"',
        "Content-Security-Policy": _POLICY,
    }
    tag = f"{effective_digest(found)}.{form}.{_release()}"
    return tagged(caller, tag, lambda: caller.library.render(found, form, copy=True), MEDIA[form], headers=named)


@router.get(
    "/procedures/{procedure}/attachments/{name}", responses=gives_file("application/octet-stream"), tags=["documents"]
)
def attachment(
    caller: Calling,
    procedure: Id,
    name: Annotated[str, Path(pattern=r"^[^\x00-\x1f/]+$", max_length=200, description="What the text calls it.")],
    version: MaybeVersion = None,
) -> Response:
    """Give a file that belongs to a version, the newest when none is named, as it was approved with it."""
    found = caller.library.attachment(procedure, name, version=version, reader=caller.actor)
    # Never shown as what it says that it is: an attachment is somebody's file.
    return tagged(
        caller, found.digest, lambda: found.data, "application/octet-stream",
        headers={"Content-Disposition": "attachment", "Content-Security-Policy": _POLICY},
    )  # fmt: skip


@router.get("/procedures/{procedure}/use", responses=gives_page(MatrixCell), tags=["use"])
def used_by(caller: Calling, procedure: Id, day_: MaybeDay = None, after: After = None, limit: Limit = 50) -> Response:
    """List which municipalities use a routine, or have decided to: in which version, since when, with how many additions."""
    found = caller.library.holders(procedure, day(day_), reader=caller.actor)
    return page(caller, found, lambda one: one.municipality, after, limit)


@router.get("/procedures/{procedure}/additions", responses=gives_page(AdditionShown), tags=["use"])
def additions(caller: Calling, procedure: Id, after: After = None, limit: Limit = 50) -> Response:
    """List the municipalities' additions to a routine, side by side."""
    found = caller.library.additions(procedure, reader=caller.actor)
    return page(caller, found, lambda one: one.addition, after, limit)


@router.get("/use", responses=gives_page(MatrixCell), tags=["use"])
def matrix(caller: Calling, day_: MaybeDay = None, after: After = None, limit: Limit = 50) -> Response:
    """List who uses what on a day: a cell for each routine and municipality with an answer."""
    found = caller.library.matrix(day(day_), reader=caller.actor)
    return page(caller, list(found.cells.values()), lambda one: f"{one.procedure}:{one.municipality}", after, limit)


@router.get("/in-force", responses=gives_page(InForce), tags=["use"])
def in_force(
    caller: Calling, municipality: MaybeWhere = None, day_: MaybeDay = None, after: After = None, limit: Limit = 50
) -> Response:
    """List what was, is or will be in force on a day, perhaps in one municipality alone."""
    found = caller.library.in_force(day(day_), municipality=municipality, reader=caller.actor)
    return page(caller, found, lambda one: f"{one.municipality}:{one.procedure}", after, limit)


@router.get("/search", responses=gives(SearchAnswer), tags=["search"])
def search(
    caller: Calling,
    q: Annotated[str, Query(max_length=400, description="Words, as people write them.")],
    municipality: MaybeWhere = None,
    limit: Limit = 20,
) -> Response:
    """Find routines by words; with a municipality, what applies there."""
    return answer(caller, caller.library.search(q, municipality=municipality, limit=limit, reader=caller.actor))


@cache
def _release() -> str:
    """Name the program that made a document: another may set it otherwise."""
    return metadata.version("samrutine")


def _waits(one: Waiting) -> str:
    return f"{one.body} {one.what} {one.subject}"
