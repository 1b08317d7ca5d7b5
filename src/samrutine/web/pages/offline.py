"""
What can be read without coverage: what applies where one works, kept by the browser for whoever is signed in.

The browser is told what there is, each with its tag, and fetches what it does not have. What it keeps is for one person,
one municipality and one language; `kept_for` names them, and what was asked for on behalf of another is refused.
"""

import hashlib
import json
from functools import cache
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from samrutine.adoptions.effective import DocumentStatus, EffectiveDocument, effective_digest, short_digest
from samrutine.adoptions.urgent import is_urgent
from samrutine.errors import DocumentNotFound
from samrutine.exchange.html import fragments
from samrutine.messages import catalogue
from samrutine.procedures.model import AccessClass
from samrutine.web.pages.reading import address_of
from samrutine.web.static_files import FOLDER, static_files
from samrutine.web.static_files import address_of as static
from samrutine.web.visit import Anybody, Somebody, Visit, kept_for

router = APIRouter()
FORM: Final = "1"
"""The form of what is kept. Raise it when the template of it changes: browsers then fetch all anew."""
DAYS: Final = 7
"""How long a browser that has not met us shows what it keeps: a lost telephone must not go on for ever."""
_FILES: Final = (
    "vendor/designsystemet/theme.css", "vendor/designsystemet/index.css", "app.css", "icon.svg",
    "vendor/htmx/htmx.min.js", "app.js", "kept.js",
)  # fmt: skip
_SCRIPTS: Final = ("search.js", "pages.js", "worker.js")
_LOCALES: Final = {"nb": ["nb-NO", "nb"], "nn": ["nn-NO", "nb-NO", "nb"], "en": ["en-GB"]}
_WORDS: Final = "worker."


@router.get("/uten-nett")
def show(visit: Somebody) -> Response:
    """Say what is kept. A browser that keeps something answers by itself, with what it has."""
    found = _kept(visit)
    return visit.page("offline.html", where=visit.home, found=[(one, is_urgent(one.text)) for one in found])


@router.get("/uten-nett/innhold")
def contents(visit: Somebody) -> Response:
    """Tell what there is to keep, with the tag of each. Emergencies first: they are fetched first."""
    subjects = {str(one.id): one.name(visit.say.language) for one in visit.library.subjects()}
    found = _kept(visit) if visit.place is not None else []
    said: dict[str, Any] = {
        "owner": kept_for(visit),
        "place": visit.place.name if visit.place else "",
        "slug": visit.place.slug if visit.place else "",
        "language": visit.say.language,
        "locales": _LOCALES[visit.say.language],
        "days": DAYS,
        "frame": _tag(render_frame(visit)),
        "words": _words(visit.say.language),
        "documents": [_told(one, subjects) for one in found],
    }
    tag = _tag(json.dumps(said, sort_keys=True))
    if _has(visit, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(said, headers={"ETag": tag})


@router.get("/uten-nett/rutine/{procedure}")
def document(visit: Somebody, procedure: str) -> Response:
    """Give a document as it is kept: what stands on the reading page, without what belongs to who reads it."""
    if visit.asked("for") != kept_for(visit):
        return Response(status_code=409)
    found = visit.library.document(procedure, visit.home.number, reader=visit.actor)
    if not _may_be_kept(found) or found.header.status is not DocumentStatus.IN_FORCE:
        raise DocumentNotFound(procedure=procedure, municipality=visit.home.name, day=visit.library.today)
    tag = _tag_of(found)
    if _has(visit, tag):
        return Response(status_code=304, headers={"ETag": tag})
    written = fragments(found, address_of=address_of)
    answer = visit.page(
        "kept.html", printed=written.page, header=found.header, effective=short_digest(effective_digest(found)),
        contents=written.contents, text=written.text, notes=written.notes, after=written.after, not_here="",
    )  # fmt: skip
    answer.headers["ETag"] = tag
    return answer


@router.get("/uten-nett/ramme")
def frame(visit: Somebody) -> Response:
    """Give the frame that the browser puts around what it keeps."""
    return Response(render_frame(visit), media_type="text/html; charset=utf-8")


@router.get("/uten-nett/ingenting")
def nothing(visit: Anybody) -> Response:
    """Give the page of a browser that has neither network nor anything kept."""
    return visit.page("offline_nothing.html")


@router.get("/uten-nett.js")
def worker() -> Response:
    """Give the script that keeps, for all of our addresses."""
    headers = {"Cache-Control": "no-cache", "ETag": f'"{_worker()[1]}"'}
    return Response(_worker()[0], media_type="text/javascript; charset=utf-8", headers=headers)


def render_frame(visit: Visit) -> str:
    """Fill the frame, with marks where the browser puts in the rest."""
    from samrutine.web.rendering import render

    return render("kept_frame.html", {"say": visit.say, "is_demo": visit.library.is_demo})


@cache
def _worker() -> tuple[bytes, str]:
    """Put the worker together: the files that it needs, then its parts."""
    files = [static(name) for name in _FILES]
    parts = [static_files()[f"offline/{name}"].data.decode() for name in _SCRIPTS]
    body = "".join(parts)
    digest = hashlib.sha256((body + "".join(files)).encode()).hexdigest()[:16]
    head = f"// {FOLDER.name}/offline\nconst FILES = {json.dumps(files)};\nconst MADE = {json.dumps(digest)};\n"
    return (head + body).encode(), digest


def _words(language: str) -> dict[str, str]:
    every = catalogue(language, "offline")
    return {key.removeprefix(_WORDS): text for key, text in every.items() if key.startswith(_WORDS)}


def _kept(visit: Visit) -> list[EffectiveDocument]:
    """Give what is kept where one works, emergencies first, and else by title."""
    every = visit.library.documents(visit.home.number, reader=visit.actor)
    return sorted(filter(_may_be_kept, every), key=lambda one: not is_urgent(one.text))


def _may_be_kept(document: EffectiveDocument) -> bool:
    """Tell whether a text may lie on a device that somebody loses: what is exempt may not."""
    return document.text.front.access is not AccessClass.EXEMPT


def _told(document: EffectiveDocument, subjects: dict[str, str]) -> dict[str, Any]:
    header, front = document.header, document.text.front
    last_day = header.last_day
    return {
        "id": header.procedure_id,
        "title": header.title,
        "version": str(header.version),
        "also": list(front.also_called),
        "subject": subjects.get(front.subjects[0], front.subjects[0]) if front.subjects else "",
        "urgent": is_urgent(document.text),
        "ends": last_day.isoformat() if last_day else None,
        "tag": _tag_of(document),
    }


def _tag_of(document: EffectiveDocument) -> str:
    return _tag(f"{FORM} {effective_digest(document)}")


def _tag(text: str) -> str:
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def _has(visit: Visit, tag: str) -> bool:
    return tag in visit.request.headers.get("if-none-match", "")
