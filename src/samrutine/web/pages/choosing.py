"""What one chooses for oneself: the language, and where one works today."""

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.web.phrases import known
from samrutine.web.visit import LANGUAGE, PLACE, Anybody, Form

router = APIRouter()


@router.post("/valg")
def choose(visit: Anybody, form: Form) -> Response:
    """Keep the choice in the browser, and go back."""
    if language := str(form.get("sprak", "")):
        visit.keep(LANGUAGE, known(language))
    if "kommune" in form:
        chosen = str(form["kommune"])[:60]
        visit.keep(PLACE, visit.library.get_municipality(chosen).slug if chosen else "")
    return visit.go_to(str(form.get("tilbake", "")) or "/")
