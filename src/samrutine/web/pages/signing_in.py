"""Sign in and out, and see where one is signed in."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.errors import InvalidRequest, NotAllowed, Refused
from samrutine.identity.model import CODE_AWAITED, LASTS, CodeAsked, SignedIn
from samrutine.networks.service import Person
from samrutine.web.visit import SESSION, Anybody, Form, Somebody, Visit, is_local

router = APIRouter()
HALF: Final = "samrutine-kode"
"""What a browser holds from the right password until the code."""
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@router.get("/logg-inn")
def show(visit: Anybody) -> Response:
    """Show where one signs in; in a demonstration with its invented people."""
    if visit.person is not None:
        return visit.go_to(visit.asked("neste") or "/")
    return show_sign_in(visit, fault=visit.say("sign_in.too_old") if visit.asked("for-sent") else "")


@router.post("/logg-inn")
def sign_in(visit: Anybody, form: Form) -> Response:
    """Sign in by name and password."""
    try:
        made = visit.library.sign_in(
            str(form.get("brukernavn", "")), str(form.get("passord", "")), device=device(visit)
        )
    except NotAllowed as error:
        return show_sign_in(
            visit, status=403, fault=error.text(visit.say.formal), name=str(form.get("brukernavn", ""))[:60]
        )
    return signed_on(visit, made, str(form.get("neste", "")))


@router.post("/logg-inn/demo")
def sign_in_as(visit: Anybody, form: Form) -> Response:
    """Sign in as an invented person."""
    return signed_on(
        visit,
        visit.library.sign_in_as(str(form.get("brukernavn", "")), device=device(visit)),
        str(form.get("neste", "")),
    )


@router.post("/logg-ut")
def sign_out(visit: Anybody) -> Response:
    """Sign out here."""
    if visit.token is not None:
        visit.library.sign_out(visit.token)
    visit.keep(SESSION, "")
    return visit.go_to("/logg-inn")


@router.get("/meg")
def me(visit: Somebody) -> Response:
    """Show who one is here, and where one is signed in."""
    return show_me(visit)


@router.post("/meg/avslutt")
def end(visit: Somebody, form: Form) -> Response:
    """End some of one's own sessions."""
    visit.library.end_sessions([str(one) for one in form.getlist("okt")], by=visit.by)
    return visit.go_to("/meg")


@router.post("/meg/passord")
def change_password(visit: Somebody, form: Form) -> Response:
    """Change one's own password. One signs in anew with it."""
    try:
        visit.library.set_password(
            visit.by, str(form.get("nytt", "")), current=str(form.get("gammelt", "")), by=visit.by
        )
    except (Refused, InvalidRequest) as error:
        return show_me(visit, 422, error.text(visit.say.formal))
    visit.keep(SESSION, "")
    return visit.go_to("/logg-inn")


def show_me(visit: Visit, status: int = 200, fault: str = "") -> Response:
    """Show who one is here, perhaps with what went wrong."""
    names = _names(visit)
    held = visit.person.roles if visit.person is not None else ()
    roles = [(visit.say.word("role", role), names.get(body, visit.say("the_library"))) for role, body in held]
    ways = visit.library.sign_in_ways()
    return visit.page(
        "me.html", status, sessions=visit.library.sessions(by=visit.by), fault=fault, roles=roles, ways=ways,
        connected=visit.library.connected_services(by=visit.by) if ways else (),
    )  # fmt: skip


def _names(visit: Visit) -> dict[str, str]:
    """Name each body as people do."""
    names = {f"municipality:{one.number}": one.name for one in visit.library.municipalities()}
    return names | {f"network:{one}": name for one, name in visit.library.networks().items()}


def device(visit: Visit) -> str:
    """Give in a few words what the browser says that it is."""
    agent = visit.request.headers.get("user-agent", "")
    names = [next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, names))


def show_sign_in(visit: Visit, status: int = 200, fault: str = "", name: str = "") -> Response:
    """Show where one signs in, perhaps with what went wrong."""
    next_ = visit.asked("neste", 1_000)
    people = visit.library.people() if visit.library.is_demo else []
    return visit.page(
        "sign_in.html",
        status,
        fault=fault,
        name=name,
        next=next_ if is_local(next_) else "",
        groups=_by_place(visit, people),
        ways=visit.library.sign_in_ways(),
    )


def _by_place(visit: Visit, people: Sequence[Person]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Group invented people by where they work: sign-in name, name and roles of each."""
    names = _names(visit)
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for one in people:
        if one.login is None:
            continue
        first = next((names[body] for _, body in one.roles if body.startswith("municipality:") and body in names), "")
        roles = ", ".join(
            dict.fromkeys(
                f"{visit.say.word('role', role)} ({names.get(body, visit.say('the_library'))})"
                for role, body in one.roles
            )
        )
        groups.setdefault(first or visit.say("the_library"), []).append((one.login, one.name or one.login, roles))
    return sorted(groups.items(), key=lambda group: (group[0] == visit.say("the_library"), group[0]))


def signed_on(visit: Visit, made: SignedIn | CodeAsked, next_: str = "") -> Response:
    """Let the browser be signed in from here on, and lead on; where a code is asked for, to where it is given."""
    if isinstance(made, CodeAsked):
        visit.keep(HALF, made.token, int(CODE_AWAITED.total_seconds()))
        return visit.go_to("/logg-inn/kode" + (f"?{urlencode({'neste': next_})}" if is_local(next_) else ""))
    visit.keep(SESSION, made.token, int(LASTS.total_seconds()))
    return visit.go_to(next_ or "/")
