"""Documents that somebody sends in: send them, see what became of them, look at what is held back, and decide of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from samrutine.actors import Verb, municipality_body, network_body
from samrutine.errors import InvalidRequest
from samrutine.exchange.incoming.model import Limits
from samrutine.messages import say as told
from samrutine.procedures.model import AccessClass, DecisionLevel, Kind
from samrutine.proposals.model import Significance
from samrutine.web.forms import decision_of, fault_of, line_of, new_decision, text_of
from samrutine.web.phrases import without_commands
from samrutine.web.visit import Form, Somebody, Visit

if TYPE_CHECKING:
    from samrutine.intake.quarantine import HeldBack
    from samrutine.intake.report import Reported
    from samrutine.intake.rows import Detail
    from samrutine.intake.service import TakenIn

router = APIRouter()
WHERE: Final = "/dokumenter"
_MIB: Final = 1024 * 1024
MOST_TOGETHER: Final = 60
"""MiB that are sent at once; what is larger is sent in several turns."""
MOST_BYTES: Final = 100 * _MIB
"""Of a form with files: somewhat more than may be sent, so that it is a page that says that it is too much."""
_TONES: Final = {"danger": "ended", "lost": "draft", "changed": "approved", "noted": "in-force"}


@router.get(WHERE)
def listed(visit: Somebody) -> Response:
    """Show the documents that one may see, those that wait first, and where one sends more."""
    return _list(visit)


@router.post(WHERE)
def send(visit: Somebody, form: Form) -> Response:
    """Take files in, one or many, and tell at once what became of each."""
    files = [one for one in form.getlist("filer") if isinstance(one, UploadFile) and one.filename]
    if not files:
        return _list(visit, 422, visit.say("sent_in.no_file"), form=form)
    if sum(one.size or 0 for one in files) > MOST_TOGETHER * _MIB:
        return _list(visit, 413, visit.say("sent_in.too_much", most=MOST_TOGETHER), form=form)
    made: list[TakenIn] = []

    def act() -> None:
        given = [(_name_of(one), one.file.read()) for one in files]
        network, municipality = line_of(form, "nettverk") or "", line_of(form, "kommune")
        made.append(
            visit.library.take_in(
                given, network=network, municipality=municipality, collection=line_of(form, "innsamling"), by=visit.by
            )
        )

    fault = fault_of(visit, act)
    return _list(visit, 422 if fault else 200, fault, made[0] if made else None, form)


@router.get(WHERE + "/{document}")
def show(visit: Somebody, document: str) -> Response:
    """Show a document: what somebody must look at, what is held back where it stands, the text, and what it can become."""
    return _page(visit, document)


@router.get(WHERE + "/{document}/side/{number}")
def page(visit: Somebody, document: str, number: int) -> Response:
    """Give a page of a file as a picture, to hold the text against."""
    return Response(visit.library.incoming_page(document, number, reader=visit.actor), media_type="image/png")


@router.post(WHERE + "/{document}/sett")
def look_at(visit: Somebody, document: str, form: Form) -> Response:
    """Say of findings that one has looked at them, in the text that was shown."""
    keys, read = _chosen(form, "punkt"), str(form.get("kontrollsum", ""))
    return _acted(
        visit, document, lambda: visit.library.look_at_incoming(document, keys, read_digest=read, by=visit.by)
    )


@router.post(WHERE + "/{document}/fjern")
def mask(visit: Somebody, document: str, form: Form) -> Response:
    """Take what is held back out of the text."""
    keys = _chosen(form, "holdt")
    return _acted(visit, document, lambda: visit.library.mask_incoming(document, keys, by=visit.by))


@router.post(WHERE + "/{document}/slipp")
def let_through(visit: Somebody, document: str, form: Form) -> Response:
    """Say that what is held back may stand, and why."""
    keys, reason = _chosen(form, "holdt"), text_of(form, "grunn")
    return _acted(visit, document, lambda: visit.library.let_through(document, keys, reason, by=visit.by), form)


@router.post(WHERE + "/{document}/tekst")
def edit(visit: Somebody, document: str, form: Form) -> Response:
    """Mend title and text. What is refused comes back with all that was written."""

    def act() -> None:
        visit.library.edit_incoming(
            document, text_of(form, "tekst").removeprefix("\n"), title=line_of(form, "tittel"), read_digest=str(form.get("kontrollsum", "")),
            by=visit.by,
        )  # fmt: skip

    return _acted(visit, document, act, form)


@router.post(WHERE + "/{document}/avvis")
def reject(visit: Somebody, document: str, form: Form) -> Response:
    """Say that the library does not want a document, and why."""
    reason = text_of(form, "grunn")
    return _acted(visit, document, lambda: visit.library.reject_incoming(document, reason, by=visit.by), form)


@router.post(WHERE + "/{document}/godta")
def accept(visit: Somebody, document: str, form: Form) -> Response:
    """Make a proposal of a document: of a new routine, or of another text of one there is."""
    made: list[str] = []

    def act() -> None:
        accepted = visit.library.accept_incoming(
            document, read_digest=str(form.get("kontrollsum", "")), looked_at=_chosen(form, "punkt"), procedure=line_of(form, "navn"),
            changes=line_of(form, "endrer"), title=line_of(form, "tittel"), front=_front(form), meaning=line_of(form, "betyr"),
            significance=line_of(form, "endring") or Significance.MAJOR, old_number=line_of(form, "nummer"), old_address=line_of(form, "adresse"),
            by=visit.by, decision_id=decision_of(form),
        )  # fmt: skip
        made.append(accepted.proposal)

    if fault := fault_of(visit, act):
        return _page(visit, document, 422, fault, form)
    return visit.go_to(f"/forslag/{made[0]}")


@dataclass(frozen=True, slots=True)
class _Finding:
    """A finding in words. `must` when somebody must look at it first and nobody has."""

    key: str
    weight: str
    tone: str
    fact: str
    remedy: str
    place: str
    quoted: str
    is_seen: bool
    must: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a text; `held` is what is held back there, None for the rest."""

    text: str
    held: "HeldBack | None" = None


@dataclass(frozen=True, slots=True)
class _Written:
    """What somebody had written in a form that was refused, by the names of its fields."""

    fields: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, otherwise: str = "") -> str:
        """Give what was written, or what stands there otherwise."""
        return self.fields.get(name, otherwise)


def _acted(visit: Visit, document: str, act: Callable[[], object], form: Form | None = None) -> Response:
    fault = fault_of(visit, act)
    return _page(visit, document, 422, fault, form) if fault else visit.go_to(f"{WHERE}/{document}")


def _chosen(form: Form, name: str) -> list[str]:
    return [str(one)[:20] for one in form.getlist(name)]


def _name_of(file: UploadFile) -> str:
    """Give what a file is called, without the folders that some browsers tell."""
    return (file.filename or "").replace("\\", "/").rpartition("/")[2]


def _front(form: Form) -> dict[str, object]:
    """
    Give what the form says of a new routine; what is not said is left to what the library takes when nobody says.

    Raises:
        InvalidRequest: The months are no number.
    """
    months = line_of(form, "maneder")
    if months is not None and not (months.isascii() and months.isdecimal() and len(months) < 4):  # noqa: PLR2004 - years enough
        raise InvalidRequest(what="months", value=months[:20], expected="1–120")
    subjects = [one.strip() for one in (line_of(form, "tema") or "").split(",") if one.strip()]
    given: dict[str, object] = {
        "kind": line_of(form, "type"), "subjects": subjects or None, "responsible_role": line_of(form, "rolle"),
        "decision_level": line_of(form, "niva"), "access": line_of(form, "tilgang"),
        "review_interval_months": int(months) if months else None,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def _written(form: Form | None) -> _Written:
    return _Written({name: str(value) for name, value in form.items() if isinstance(value, str)} if form else {})


def _list(
    visit: Visit, status: int = 200, fault: str = "", taken: "TakenIn | None" = None, form: Form | None = None
) -> Response:
    library, networks = visit.library, visit.library.networks()
    writes = [one for one in networks if visit.may(Verb.TAKE_IN, network_body(one))]
    places = [
        one
        for one in library.municipalities()
        if writes or visit.may(Verb.TAKE_IN, municipality_body(one.number))
    ]  # fmt: skip
    return visit.page(
        "documents.html", status, documents=library.incoming(reader=visit.actor), fault=fault, networks=networks, writes=writes,
        whose=places, taken=taken.gravest_first if taken else (), told=partial(_told, visit), most=Limits().file_mib,
        together=MOST_TOGETHER, given=_written(form) if form else _Written(dict(visit.request.query_params)), state=lambda one: one.state.label(visit.say.formal),
    )  # fmt: skip


def _page(visit: Visit, document: str, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    from samrutine.intake.report import counted, lists_of
    from samrutine.proposals.prose_html import html_of

    found = visit.library.incoming_document(document, reader=visit.actor)
    diff = visit.library.incoming_changes(document, reader=visit.actor)
    one, report, language = found.document, found.report, visit.say.formal
    decides = visit.may(Verb.TAKE_IN, network_body(one.network))
    procedures = visit.library.procedures(network=one.network, reader=visit.actor) if decides else []
    suggested = {each.field: each.value for each in report.suggested}
    return visit.page(
        "incoming.html", status, one=one, report=report, digest=found.digest, text=found.text, fault=fault, decides=decides,
        may_stand=any(not each.what.never_let_through for each in report.open_held), waits=one.state == "waiting", state=one.state.label(language), given=_written(form), told=partial(_told, visit),
        network=visit.library.networks().get(one.network, one.network), findings=[_in_words(each, language) for each in report.findings],
        shown=list(_parts(found)), counts=counted(report), lists=lists_of(report, language, received=one.received_at),
        procedures=procedures, suggested=suggested, decision=new_decision(), kinds=list(Kind), levels=list(DecisionLevel),
        accesses=list(AccessClass), changes=html_of(diff, language, heading_level=3) if diff is not None else "", pages=report.drawn_pages if one.state == "waiting" else 0,
    )  # fmt: skip


def _told(visit: Visit, key: str, **places: object) -> str:
    """Say what the report says of a document, in the language that it has words in."""
    return told(key, visit.say.formal, **places)


def _in_words(one: "Reported", language: str) -> _Finding:
    from samrutine.intake.report import GRAVE

    finding, is_seen = one.finding, one.looked_at_by is not None
    return _Finding(
        one.key, told(f"intake.weight.{finding.weight}", language), _TONES[finding.weight], finding.fact(language),
        without_commands(finding.remedy(language)),
        finding.place(language) or "", finding.quoted(language) or "", is_seen, finding.weight in GRAVE and not is_seen,
    )  # fmt: skip


def _parts(found: "Detail") -> Iterator[_Part]:
    """Give title and text in parts, so that what is held back is seen where it stands."""
    from samrutine.intake.quarantine import standing

    whole, at = f"{found.document.title}\n{found.text}", 0
    for held, place in standing(whole, found.report.held):
        yield _Part(whole[at : place.start])
        yield _Part(whole[place.start : place.end], held)
        at = place.end
    yield _Part(whole[at:])
