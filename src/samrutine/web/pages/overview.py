"""Hvem bruker hva: who uses which version of what, on a page and as a table for a spreadsheet."""

import csv
import io

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.adoptions.coverage import Age, Standing
from samrutine.adoptions.overview import Matrix
from samrutine.errors import NetworkNotFound
from samrutine.procedures.model import ProcedureId
from samrutine.procedures.review import by_month
from samrutine.web.sending import file_answer
from samrutine.web.visit import Somebody, Visit

router = APIRouter()


@router.get("/hvem-bruker-hva")
def who_uses_what(visit: Somebody) -> Response:
    """Show every routine and every municipality."""
    matrix = visit.library.matrix(reader=visit.actor)
    return visit.page(
        "matrix.html", matrix=matrix, said=lambda procedure, number: _said(visit, matrix, procedure, number)
    )


@router.get("/hvem-bruker-hva.csv")
def as_table(visit: Somebody) -> Response:
    """Give it as a file that a spreadsheet opens: a row each routine, a column each municipality."""
    matrix = visit.library.matrix(reader=visit.actor)
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";")
    rows.writerow(
        [visit.say("matrix.routine"), visit.say("matrix.newest"), *(one.name for one in matrix.municipalities)]
    )
    for procedure, title, newest in matrix.procedures:
        said = (_said(visit, matrix, procedure, one.number)[0] for one in matrix.municipalities)
        rows.writerow([_harmless(title), f"v{newest}", *said])
    return file_answer(written.getvalue().encode("utf-8-sig"), "hvem-bruker-hva.csv")


@router.get("/oversikt")
def overview(visit: Somebody) -> Response:
    """Show how far each municipality has come, and when the routines are to be looked through; of one network when asked."""
    networks, network = visit.library.networks(), visit.asked("nettverk", 60) or None
    if network is not None and network not in networks:
        raise NetworkNotFound(network=network, networks=", ".join(networks))
    due = visit.library.due_for_review(network=network, notice_days=366, reader=visit.actor)
    return visit.page(
        "overview.html", networks=networks, network=network, standings=list(Standing), ages=list(Age),
        found=visit.library.coverage(network=network, reader=visit.actor), months=by_month(due, visit.library.today),
    )  # fmt: skip


def _said(visit: Visit, matrix: Matrix, procedure: str, number: str) -> tuple[str, str]:
    """Say what a municipality has answered, and in which tone: green for what is the newest, yellow for behind, none else."""
    cell = matrix.cells.get((ProcedureId(procedure), number))
    if cell is None:
        return "–", ""
    if cell.version is not None:
        return f"{cell.version}{' +' * bool(cell.additions)}", "draft" if cell.behind else "in-force"
    return visit.say.word("adoption", cell.state), ""


def _harmless(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
