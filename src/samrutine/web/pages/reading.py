"""Read a routine: what applies where I work, its versions, what changed, and whether a paper still applies."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.adoptions.effective import DocumentStatus, EffectiveDocument, effective_digest, short_digest
from samrutine.adoptions.urgent import has_card
from samrutine.errors import DocumentNotFound, InvalidRequest, NotFound
from samrutine.exchange.formats import FORMATS
from samrutine.exchange.html import Fragments, fragments
from samrutine.networks.model import Municipality
from samrutine.procedures.model import VersionNumber
from samrutine.web.sending import file_answer
from samrutine.web.visit import Anybody, Reader, Visit, asked_by

router = APIRouter()
_MOST_WRITTEN: Final = 300
"""Documents whose page is remembered: as many as a municipality has."""


def address_of(procedure: str) -> str:
    """Give where a routine is read."""
    return f"/rutine/{procedure}"


@router.get("/rutiner")
def procedures(visit: Reader) -> Response:
    """Show all routines, with those that apply where one works told apart."""
    here = visit.place
    used = (
        {one.procedure: one for one in visit.library.in_force(municipality=here.number, reader=visit.actor)}
        if here
        else {}
    )
    every = visit.library.procedures(reader=visit.actor)
    names = {str(one.id): one.name(visit.say.language) for one in visit.library.subjects()}
    subjects = sorted({one.subject for one in every}, key=lambda one: names.get(one, one))
    groups = [(names.get(one, one), [each for each in every if each.subject == one]) for one in subjects]
    return visit.page("procedures.html", groups=groups, used=used)


@router.get("/rutine/{procedure}")
def read(visit: Reader, procedure: str) -> Response:
    """Show what applies where one works; the shared text where nothing does, or another version when one asks for it."""
    found = _found(visit, procedure)
    written, effective, card, points = _written(found.document)
    versions = visit.library.versions(procedure, reader=visit.actor)
    return visit.page(
        "reading.html", found=found, printed=written.page, header=found.document.header, versions=versions,
        procedure=procedure, effective=effective, contents=written.contents, text=written.text,
        notes=written.notes, after=written.after, has_card=card, has_points=points,
    )  # fmt: skip


@lru_cache(maxsize=_MOST_WRITTEN)
def _written(document: EffectiveDocument) -> tuple[Fragments, str, bool, bool]:
    """
    Write a document as its page shows it; and whether it has a card, and anything to tick off.

    Whoever asks has been let see it already, and equal documents are written alike, so it is done once for all of them.
    """
    written = fragments(document, address_of=address_of)
    return written, short_digest(effective_digest(document)), has_card(document.text), _has_points(document)


@router.get("/rutine/{procedure}/versjoner")
def versions(visit: Reader, procedure: str) -> Response:
    """Show every version, and what each means."""
    found = visit.library.versions(procedure, reader=visit.actor)
    title = visit.library.document(procedure, version=found[-1].version, reader=visit.actor).header.title
    return visit.page("versions.html", procedure=procedure, title=title, versions=list(reversed(found)))


@router.get("/rutine/{procedure}/endret")
def changed(visit: Reader, procedure: str) -> Response:
    """Show what changed from one version to another, as people read it."""
    from samrutine.proposals.prose_html import html_of

    diff = visit.library.compare(procedure, visit.asked("fra"), visit.asked("til") or None, reader=visit.actor)
    heading = visit.say(
        "changed.heading", old=visit.asked("fra", 20), new=visit.asked("til", 20) or visit.say("changed.newest")
    )
    return visit.page(
        "changed.html", procedure=procedure, heading=heading, body=html_of(diff, visit.say.formal, deepest=2)
    )


@router.get("/rutine/{procedure}/fil.{suffix}")
def file(visit: Reader, procedure: str, suffix: str) -> Response:
    """Give the document as a file, to print or to keep."""
    if suffix not in FORMATS:
        raise InvalidRequest(what="format", value=suffix[:20], expected=", ".join(FORMATS))
    found = _found(visit, procedure).document
    where = f"-{found.header.municipality.slug}" if found.header.municipality else ""
    name = f"{procedure}-{found.header.version}{where}.{suffix}"
    return file_answer(visit.library.render(found, suffix, copy=True), name)


def found_document(visit: Visit, procedure: str) -> EffectiveDocument:
    """Give the document that the reading page of the same address shows."""
    return _found(visit, procedure).document


@router.get("/v/{procedure}/{version}")
def still_applies(visit: Anybody, procedure: str, version: str) -> Response:
    """
    Answer the square on a paper at once: whether that version applies there, or what has taken its place.

    Anybody who holds the paper may ask. To somebody who is not signed in nothing is told but of open routines: of all else
    they are led to where one signs in.
    """
    number = VersionNumber.parse(version)
    slug = visit.asked("kommune", 60)
    where = visit.library.get_municipality(slug) if slug else None
    with asked_by(visit):
        document = visit.library.document(
            procedure, where.number if where else None, version=number, reader=visit.actor
        )
    applies = _applying(visit, procedure, where)
    tone, verdict, more = _verdict(visit, document, applies, where)
    return visit.page(
        "still_applies.html", header=document.header, where=where, applies=applies, tone=tone, verdict=verdict, more=more,
    )  # fmt: skip


def _verdict(
    visit: Visit, asked: EffectiveDocument, applies: EffectiveDocument | None, where: Municipality | None
) -> tuple[str, str, str]:
    """Say whether what somebody holds applies: its colour, the sentence, and what to do."""
    say, version = visit.say, asked.header.version
    named, place = ("", {"place": where.name}) if where is not None else ("_shared", {})
    if applies is None:
        return (
            DocumentStatus.ENDED.value,
            say("still.nothing", place=where.name if where else say("the_library")),
            say("still.throw_away"),
        )
    if applies.header.withdrawn and where is None:
        return DocumentStatus.ENDED.value, say("still.withdrawn"), say("still.throw_away")
    if applies.header.version == version:
        return DocumentStatus.IN_FORCE.value, say(f"still.applies{named}", version=version, **place), ""
    new = applies.header.version
    return (
        DocumentStatus.ENDED.value,
        say(f"still.replaced{named}", version=version, new=new, **place),
        say("still.throw_away"),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A document, and how it was come by: `not_here` when the municipality does not use the routine."""

    document: EffectiveDocument
    where: Municipality | None
    not_here: bool
    is_older: bool


def _found(visit: Visit, procedure: str) -> _Found:
    asked = visit.asked("versjon", 20)
    version = VersionNumber.parse(asked) if asked else None
    slug = visit.asked("kommune", 60)
    where = visit.library.get_municipality(slug) if slug else visit.place
    day = _day(visit.asked("dag", 20))
    if where is not None:
        try:
            found = visit.library.document(procedure, where.number, version=version, day=day, reader=visit.actor)
            return _Found(found, where, not_here=False, is_older=found.header.status is not DocumentStatus.IN_FORCE)
        except DocumentNotFound:
            if day is not None:
                raise
    found = visit.library.document(procedure, version=version, reader=visit.actor)
    return _Found(found, where, not_here=where is not None, is_older=version is not None)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise InvalidRequest(what="day", value=given, expected="2026-11-23") from error


def _has_points(document: EffectiveDocument) -> bool:
    """Tell whether there is anything to tick off."""
    # Imported here: what a point is, is known by those who print it.
    from samrutine.exchange.check_points import groups_of

    return any(group.points for group in groups_of(document))


def _applying(visit: Visit, procedure: str, where: Municipality | None) -> EffectiveDocument | None:
    """Give what applies now; None where nothing does."""
    try:
        return visit.library.document(procedure, where.number if where else None, reader=visit.actor)
    except NotFound:
        return None
