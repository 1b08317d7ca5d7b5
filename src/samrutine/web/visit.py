"""A visit: one request, with the library, who asks, in which language, and where they work today."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from samrutine.actors import ANYBODY, Actor, ActorId, Verb, roles_for
from samrutine.errors import MunicipalityNotFound, NotFound, SamrutineError
from samrutine.library import Library
from samrutine.networks.model import Municipality
from samrutine.networks.service import Person
from samrutine.web.guarding import UNSAFE, form_token, is_form_token
from samrutine.web.phrases import Phrases, asked_for, known, without_commands
from samrutine.web.rendering import render
from samrutine.web.serving import NotAnswered, Turn

SESSION: Final = "samrutine"
LANGUAGE: Final = "sprak"
PLACE: Final = "kommune"
_A_YEAR: Final = 365 * 24 * 3600
_MOST_VALUES: Final = 20


class NotSignedIn(NotAnswered):
    """The page is for those who are signed in; whoever asks is led to where one signs in, and back."""


class NoPlace(NotAnswered):
    """The page is about where one works, and nobody has said where that is."""


class FormIsOld(NotAnswered):
    """A form came without what belongs to the session: it was open since before somebody signed in, or is not ours."""


@dataclass
class Visit:
    """
    One request.

    Attributes:
        token: What the browser holds of its session; None for nobody.
        person: Who is signed in.
        place: Where they work today: what they chose, else where they have a role.
    """

    request: Request
    library: Library
    say: Phrases
    token: str | None
    person: Person | None
    place: Municipality | None
    cookies: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def actor(self) -> ActorId:
        """Whose eyes: who is signed in, or anybody."""
        return self.person.actor if self.person is not None else ANYBODY

    @property
    def by(self) -> ActorId:
        """
        Who acts.

        Raises:
            NotSignedIn: Nobody is signed in.
        """
        if self.person is None:
            raise NotSignedIn
        return self.person.actor

    @property
    def home(self) -> Municipality:
        """
        Where they work today.

        Raises:
            NoPlace: Nobody has said.
        """
        if self.place is None:
            raise NoPlace
        return self.place

    def may(self, verb: Verb, *bodies: str) -> bool:
        """Tell whether a form is worth showing: who is signed in has a role for it. The verb itself says no, and why."""
        if self.person is None:
            return False
        somebody, today = Actor(self.person.actor, self.person.grants), self.library.today
        return any(roles_for(somebody, verb, body, today) for body in bodies)

    def why(self, error: SamrutineError) -> str:
        """Say why something was refused, without what one would type in a shell."""
        return without_commands(error.text(self.say.formal))

    @property
    def is_open(self) -> bool:
        """Whether one may read without being signed in."""
        return self.library.is_read_by_anybody

    @property
    def is_partial(self) -> bool:
        """Whether a script asks for a part of the page that is shown already."""
        return self.request.headers.get("hx-request") == "true"

    def asked(self, name: str, longest: int = 400) -> str:
        """Give what the address asks for under a name, without space around it; nothing when it does not."""
        return self.request.query_params.get(name, "").strip()[:longest]

    def asked_all(self, name: str) -> list[str]:
        """Give each value that the address asks for under a name."""
        return [one[:80] for one in self.request.query_params.getlist(name)[:_MOST_VALUES] if one.strip()]

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        return self._sent(
            Response(render(template, self._values(values)), status, media_type="text/html; charset=utf-8")
        )

    def go_to(self, address: str) -> Response:
        """Answer a form by leading on to a page of ours: what is loaded again is then not done again."""
        return self._sent(RedirectResponse(address if is_local(address) else "/", 303))

    def go_away_to(self, address: str) -> Response:
        """Lead on to another service: an address that our own settings know, never one that somebody sent."""
        return self._sent(RedirectResponse(address, 303))

    def keep(self, name: str, value: str, seconds: int = _A_YEAR) -> None:
        """Let the browser keep something, or forget it when it is empty."""
        self.cookies[name] = (value, seconds if value else 0)

    def _sent(self, response: Response) -> Response:
        is_secure = self.request.app.state.is_secure
        for name, (value, seconds) in self.cookies.items():
            response.set_cookie(
                cookie_name(name, is_secure=is_secure), value, max_age=seconds, path="/", secure=is_secure, httponly=True,
                samesite="lax",
            )  # fmt: skip
        return response

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "visit": self,
            "say": self.say,
            "place": self.place,
            "person": self.person,
            "places": self.library.municipalities(),
            "here": self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else ""),
            "form_token": form_token(self.token) if self.token else "",
            "is_demo": self.library.is_demo,
            "kept_for": kept_for(self),
            "writer": writer(self),
            **values,
        }


def kept_for(visit: Visit) -> str:
    """Name whom a browser keeps routines for: the person, where they work and their language. Empty where nothing is kept."""
    if visit.person is None or visit.place is None:
        return ""
    whom = f"{visit.person.actor} {visit.place.number} {visit.say.language}"
    return hashlib.sha256(whom.encode()).hexdigest()[:32]


def writer(visit: Visit) -> str:
    """Name whose drafts a browser keeps, wherever they work and in whichever language. Empty for nobody."""
    return hashlib.sha256(f"draft {visit.person.actor}".encode()).hexdigest()[:32] if visit.person else ""


def cookie_name(name: str, *, is_secure: bool) -> str:
    """Name a cookie so that only this host, by HTTPS, can have set it, where there is HTTPS."""
    return f"__Host-{name}" if is_secure else name


def is_local(address: str) -> bool:
    """Tell whether an address is of a page of ours, and no way to lead anybody elsewhere."""
    parts = urlsplit(address)
    is_path = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return is_path and not parts.scheme and not parts.netloc and address.isprintable()


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """Give what a form sends, until it is answered; nothing for what is no form."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if request.method not in UNSAFE or kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        yield FormData()
        return
    async with request.form(max_files=100, max_fields=1_000) as form:
        yield form


Form = Annotated[FormData, Depends(read_form)]


def visiting(request: Request, form: Form, _turn: Turn) -> Iterator[Visit]:
    """
    Begin a visit, of anybody.

    Raises:
        FormIsOld: A form of somebody who is signed in has not what belongs to the session.
    """
    is_secure = request.app.state.is_secure
    kept = {
        name: request.cookies.get(cookie_name(name, is_secure=is_secure), "") for name in (SESSION, LANGUAGE, PLACE)
    }
    with request.app.state.libraries.lent() as library:
        session = library.signed_in(kept[SESSION]) if kept[SESSION] else None
        person = library.person(session.actor) if session is not None else None
        token = kept[SESSION] if session is not None else None
        if request.method in UNSAFE and token is not None:
            given = request.headers.get("x-form-token") or form.get("_token", "")
            if not is_form_token(str(given), token):
                raise FormIsOld
        language = known(kept[LANGUAGE] or asked_for(request.headers.get("accept-language", "")))
        yield Visit(request, library, Phrases(language), token, person, _place(library, person, kept[PLACE]))


def signed_in(visit: Annotated["Visit", Depends(visiting)]) -> Visit:
    """
    Begin a visit of somebody who is signed in.

    Raises:
        NotSignedIn: Nobody is.
    """
    if visit.person is None:
        raise NotSignedIn
    return visit


def reading(visit: Annotated["Visit", Depends(visiting)]) -> Iterator[Visit]:
    """
    Begin a visit of somebody who reads: anybody where the editor allows it, else those who are signed in.

    Raises:
        NotSignedIn: Nobody is signed in, and one must be; also where what is asked for is not there for anybody: to
            those who are signed in it may be, and nothing is told of whether it is.
    """
    if visit.person is None and not visit.is_open:
        raise NotSignedIn
    with asked_by(visit):
        yield visit


@contextmanager
def asked_by(visit: Visit) -> Iterator[None]:
    """
    Let somebody ask for what they perhaps may not read.

    Raises:
        NotSignedIn: It is not there for whoever is not signed in.
        NotFound: It is not there for whoever is.
    """
    try:
        yield
    except NotFound:
        if visit.person is None:
            raise NotSignedIn from None
        raise


Anybody = Annotated[Visit, Depends(visiting)]
Reader = Annotated[Visit, Depends(reading)]
Somebody = Annotated[Visit, Depends(signed_in)]


def _place(library: Library, person: Person | None, chosen: str) -> Municipality | None:
    own = next(
        (body.partition(":")[2] for _, body in (person.roles if person else ()) if body.startswith("municipality:")), ""
    )
    for one in (chosen, own):
        if one:
            try:
                return library.get_municipality(one)
            except MunicipalityNotFound:
                continue
    return None
