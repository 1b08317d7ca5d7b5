"""Write a change of a routine or of a draft: it is checked and shown while one writes, and kept when one says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from samrutine.adoptions.effective import EffectiveDocument, as_draft
from samrutine.errors import Conflict, InvalidRequest, InvalidText, NotFound, Refused
from samrutine.exchange.html import fragments
from samrutine.procedures.canonical import reads_alike
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.model import AccessClass, ProcedureText
from samrutine.procedures.text import LARGEST, digest, located, read, unformatted, write
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
    """
    What stands in the form, and the text that it makes of the one it was begun from.

    Attributes:
        address: Where the form is.
        begun_from: The version, or of a draft the digest, that was read when it was begun.
    """

    address: str
    begun_from: str
    title: str
    significance: str
    meaning: str
    text: ProcedureText


@router.get("/rutine/{procedure}/foresla")
def edit(visit: Somebody, procedure: str) -> Response:
    """Show the newest text to change it."""
    newest = visit.library.version_text(procedure, reader=visit.actor)
    text = read(newest.text, procedure)
    return _edit(visit, Written(_address(procedure), str(newest.version), text.front.title, "minor", "", text))


@router.get("/forslag/{proposal}/endre")
def edit_draft(visit: Somebody, proposal: str) -> Response:
    """Show the text of a draft to change it."""
    one, data = visit.library.get_proposal(proposal, reader=visit.actor)
    text = read(data, one.procedure_id)
    written = Written(
        _address_of_draft(proposal), one.digest, text.front.title, one.significance, one.meaning or "", text
    )
    return _edit(visit, written)


@router.post("/rutine/{procedure}/foresla/kontroll")
def check(visit: Somebody, procedure: str, form: Form) -> Response:
    """Say what the checks say of what stands in the form, and show it as it will be read. Nothing is kept."""
    return _check(visit, _written(visit, procedure, form))


@router.post("/forslag/{proposal}/endre/kontroll")
def check_draft(visit: Somebody, proposal: str, form: Form) -> Response:
    """Say what the checks say of a draft that is being changed, as of a change."""
    return _check(visit, _written_draft(visit, proposal, form))


@router.post("/likt")
def alike(_visit: Somebody, form: Form) -> Response:
    """Say whether a text as an editor would write it reads the same as it stands: only then may the editor have it."""
    one, other = text_of(form, "tekst"), text_of(form, "gjengitt")
    return JSONResponse({"likt": max(len(one), len(other)) <= LARGEST and reads_alike(one, other)})


@router.post("/rutine/{procedure}/foresla")
def propose(visit: Somebody, procedure: str, form: Form) -> Response:
    """Keep a change as a draft. Nothing is sent. What is refused comes back with all that was written."""
    written = _written(visit, procedure, form)
    decision = decision_of(form)
    try:
        made = visit.library.propose(
            write(written.text), changes=procedure, from_version=written.begun_from, significance=written.significance,
            meaning=written.meaning.strip() or None, by=visit.by, decision_id=decision,
        )  # fmt: skip
    except InvalidText:
        return _edit(visit, written, 422, fault=visit.say("editor.not_kept"), remarks=_remarks(visit, written.text))
    except (Refused, InvalidRequest, Conflict) as error:
        return _edit(visit, written, 422, fault=visit.why(error))
    where = f"/forslag/{made.proposal}" if made.version is None else f"/rutine/{procedure}"
    # The browser throws away what it kept of the draft when it is told that this very form was taken.
    return visit.go_to(f"{where}?lagret={decision}")


@router.post("/forslag/{proposal}/endre")
def revise(visit: Somebody, proposal: str, form: Form) -> Response:
    """Keep a draft as it was changed. What members agreed to before is void, and nothing is sent."""
    written = _written_draft(visit, proposal, form)
    decision = decision_of(form)
    try:
        visit.library.revise(
            proposal, write(written.text), read_digest=written.begun_from, meaning=written.meaning.strip() or None,
            by=visit.by, decision_id=decision,
        )  # fmt: skip
    except InvalidText:
        return _edit(visit, written, 422, fault=visit.say("editor.not_kept"), remarks=_remarks(visit, written.text))
    except (Refused, InvalidRequest, Conflict) as error:
        return _edit(visit, written, 422, fault=visit.why(error))
    return visit.go_to(f"/forslag/{proposal}?lagret={decision}")


def _address(procedure: str) -> str:
    return f"/rutine/{procedure}/foresla"


def _address_of_draft(proposal: str) -> str:
    return f"/forslag/{proposal}/endre"


def _written(visit: Visit, procedure: str, form: Form) -> Written:
    version = str(form.get("versjon", ""))
    base = read(visit.library.version_text(procedure, version, reader=visit.actor).text, procedure)
    return _filled(form, base, _address(procedure), version, str(form.get("endring", "")) or "minor")


def _written_draft(visit: Visit, proposal: str, form: Form) -> Written:
    one, data = visit.library.get_proposal(proposal, reader=visit.actor)
    base = read(data, one.procedure_id)
    return _filled(form, base, _address_of_draft(proposal), str(form.get("versjon", "")), one.significance)


def _filled(form: Form, base: ProcedureText, address: str, begun_from: str, significance: str) -> Written:
    title = " ".join(str(form.get("tittel", "")).split()) or base.front.title
    body = text_of(form, "tekst")
    text = ProcedureText(replace(base.front, title=title), body if body.endswith("\n") else f"{body}\n")
    return Written(address, begun_from, title, significance, text_of(form, "betyr"), text)


def _check(visit: Visit, written: Written) -> Response:
    remarks, preview = _remarks(visit, written.text), _preview(visit, written.text)
    if visit.is_partial:
        return visit.page("checked.html", remarks=remarks, preview=preview)
    return _edit(visit, written, remarks=remarks, preview=preview)


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
    try:
        text = read(unformatted(text), text.front.id)
    except InvalidText:
        return ""
    shown = fragments(replace(_document(visit, text), text=text), address_of=address_of)
    return shown.text + shown.notes


def _document(visit: Visit, text: ProcedureText) -> EffectiveDocument:
    """Give what applies where one works, else the shared text; a draft of itself where nothing was approved yet."""
    for where in dict.fromkeys((visit.place.number if visit.place else None, None)):
        try:
            return visit.library.document(text.front.id, where, reader=visit.actor)
        except NotFound:
            continue
    made_at = datetime.combine(visit.library.today, time(), UTC)
    return as_draft(text, digest(unformatted(text)), made_at=made_at, demo=visit.library.is_demo)


def _edit(
    visit: Visit, written: Written, status: int = 200, *, fault: str = "", remarks: Sequence[Remark] | None = None,
    preview: str = "",
) -> Response:  # fmt: skip
    front = written.text.front
    return visit.page(
        "proposing.html", status, procedure=front.id, written=written, body=written.text.body, decision=new_decision(),
        is_exempt=front.access is AccessClass.EXEMPT, fault=fault, remarks=remarks, preview=preview,
    )  # fmt: skip
