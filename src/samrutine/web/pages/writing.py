"""Write a change of a routine: what is in the field is checked and shown while one writes, and kept when one says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from samrutine.errors import DocumentNotFound, InvalidRequest, InvalidText, Refused
from samrutine.exchange.html import fragments
from samrutine.procedures.canonical import reads_alike
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.model import AccessClass, ProcedureText
from samrutine.procedures.text import LARGEST, located, read, unformatted, write
from samrutine.web.forms import decision_of, new_decision, text_of
from samrutine.web.pages.reading import address_of
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Remark:
    """What the checks say of one place. `line` is that of the field where one writes; None for what is not written there."""

    line: int | None
    fact: str
    remedy: str
    must: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form, and the text that it makes of the version it was begun from."""

    version: str
    title: str
    significance: str
    meaning: str
    text: ProcedureText


@router.get("/rutine/{procedure}/foresla")
def edit(visit: Somebody, procedure: str) -> Response:
    """Show the newest text to change it."""
    newest = visit.library.version_text(procedure, reader=visit.actor)
    text = read(newest.text, procedure)
    return _edit(visit, Written(str(newest.version), text.front.title, "minor", "", text))


@router.post("/rutine/{procedure}/foresla/kontroll")
def check(visit: Somebody, procedure: str, form: Form) -> Response:
    """Say what the checks say of what stands in the form, and show it as it will be read. Nothing is kept."""
    written = _written(visit, procedure, form)
    remarks, preview = _remarks(visit, written.text), _preview(visit, written.text)
    if visit.is_partial:
        return visit.page("checked.html", remarks=remarks, preview=preview)
    return _edit(visit, written, remarks=remarks, preview=preview)


@router.post("/rutine/{procedure}/foresla/likt")
def alike(visit: Somebody, procedure: str, form: Form) -> Response:
    """Say whether a text as an editor would write it reads the same as it stands: only then may the editor have it."""
    visit.library.version_text(procedure, reader=visit.actor)
    one, other = text_of(form, "tekst"), text_of(form, "gjengitt")
    return JSONResponse({"likt": max(len(one), len(other)) <= LARGEST and reads_alike(one, other)})


@router.post("/rutine/{procedure}/foresla")
def propose(visit: Somebody, procedure: str, form: Form) -> Response:
    """Keep a change as a draft. Nothing is sent. What is refused comes back with all that was written."""
    written = _written(visit, procedure, form)
    decision = decision_of(form)
    try:
        made = visit.library.propose(
            write(written.text), changes=procedure, from_version=written.version, significance=written.significance,
            meaning=written.meaning.strip() or None, by=visit.by, decision_id=decision,
        )  # fmt: skip
    except InvalidText:
        return _edit(visit, written, 422, fault=visit.say("editor.not_kept"), remarks=_remarks(visit, written.text))
    except (Refused, InvalidRequest) as error:
        return _edit(visit, written, 422, fault=visit.why(error))
    where = f"/forslag/{made.proposal}" if made.version is None else f"/rutine/{procedure}"
    # The browser throws away what it kept of the draft when it is told that this very form was taken.
    return visit.go_to(f"{where}?lagret={decision}")


def _written(visit: Visit, procedure: str, form: Form) -> Written:
    version = str(form.get("versjon", ""))
    base = read(visit.library.version_text(procedure, version, reader=visit.actor).text, procedure)
    title = " ".join(str(form.get("tittel", "")).split()) or base.front.title
    body = text_of(form, "tekst")
    text = ProcedureText(replace(base.front, title=title), body if body.endswith("\n") else f"{body}\n")
    return Written(version, title, str(form.get("endring", "")) or "minor", text_of(form, "betyr"), text)


def _remarks(visit: Visit, text: ProcedureText) -> list[Remark]:
    data, name = unformatted(text), f"{text.front.id}.md"
    found = visit.library.check_text(data, name=name, reader=visit.actor)
    first = _line_of_field(data, name)
    return [_remark(one, first, visit.say.formal) for one in sorted(found, key=lambda one: one.severity)]


def _remark(finding: Finding, first: int, language: str) -> Remark:
    line = finding.line - first + 1
    return Remark(
        line if line > 0 else None, finding.fact(language), finding.remedy(language), finding.severity is Severity.ERROR
    )


def _line_of_field(data: bytes, name: str) -> int:
    """Give the line that the field's first is in the file; of a text that cannot be read none is in the field."""
    try:
        return located(data, name)[1].body_line
    except InvalidText:
        return data.count(b"\n") + 2


def _preview(visit: Visit, text: ProcedureText) -> str:
    """
    Show a text as it would be read where one works, with what is local there; as the shared text where it is not used.

    Of a text that cannot be read nothing is shown: the remarks say why.
    """
    procedure = text.front.id
    try:
        text = read(unformatted(text), procedure)
    except InvalidText:
        return ""
    try:
        found = visit.library.document(procedure, visit.place.number if visit.place else None, reader=visit.actor)
    except DocumentNotFound:
        found = visit.library.document(procedure, reader=visit.actor)
    shown = fragments(replace(found, text=text), address_of=address_of)
    return shown.text + shown.notes


def _edit(
    visit: Visit, written: Written, status: int = 200, *, fault: str = "", remarks: Sequence[Remark] | None = None,
    preview: str = "",
) -> Response:  # fmt: skip
    front = written.text.front
    return visit.page(
        "proposing.html", status, procedure=front.id, written=written, body=written.text.body, decision=new_decision(),
        is_exempt=front.access is AccessClass.EXEMPT, fault=fault, remarks=remarks, preview=preview,
    )  # fmt: skip
